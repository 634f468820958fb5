using System.Buffers.Binary;
using System.Globalization;

namespace Rx.Kube;

/// <summary>
/// The 64-bit hash of a key: its position on a ring. Strings, UTF-8, Guids and longs convert implicitly; a hash that you already have is
/// <c>new KeyHash(value)</c>. Only the bytes of a key count: <c>"7"</c> and <c>7L</c> have different positions.
/// </summary>
/// <remarks>
/// Implicit conversions hash with XXH64, which is correct for every ring except one with a <see cref="RingLayout.Ketama"/> layout: there,
/// the owner of such a key differs from the owner that other clients find. For such a ring, use <see cref="RingLayout.HashOf(string)"/>,
/// which is correct for every layout.
/// </remarks>
/// <param name="Value">The hash, from 0 to 2^64 − 1. Hashes should be spread evenly over that range.</param>
public readonly record struct KeyHash(ulong Value)
{
    /// <summary>Hashes bytes with XXH64, seed 0. Allocates nothing.</summary>
    /// <param name="key">The bytes; may be empty.</param>
    /// <returns>The hash.</returns>
    public static KeyHash Of(ReadOnlySpan<byte> key) => new(XxHash64.Hash(key));

    /// <summary>
    /// Hashes the UTF-8 of a text with XXH64, seed 0: equal to <see cref="Of(ReadOnlySpan{byte})"/> of those bytes. An unpaired
    /// surrogate counts as U+FFFD.
    /// </summary>
    /// <param name="key">The text; it may be empty.</param>
    /// <returns>The hash.</returns>
    public static KeyHash Of(ReadOnlySpan<char> key)
    {
        var utf8 = new Utf8Text(key, stackalloc byte[Utf8Text.OnStack]);
        var hash = Of(utf8.Bytes);
        utf8.Return();
        return hash;
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{char})"/>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public static KeyHash Of(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Of(key.AsSpan());
    }

    /// <summary>
    /// Hashes the 16 bytes of a Guid in the order in which they are written (RFC 9562), on every machine, with XXH64, seed 0.
    /// </summary>
    /// <param name="key">The Guid.</param>
    /// <returns>The hash.</returns>
    public static KeyHash Of(Guid key)
    {
        Span<byte> bytes = stackalloc byte[16];
        key.TryWriteBytes(bytes, bigEndian: true, out _);
        return Of(bytes);
    }

    /// <summary>Hashes the 8 bytes of a number, the least significant first, on every machine, with XXH64, seed 0.</summary>
    /// <param name="key">The number.</param>
    /// <returns>The hash.</returns>
    public static KeyHash Of(long key)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, key);
        return Of(bytes);
    }

    /// <inheritdoc cref="Of(string)"/>
    /// <remarks>Not for a ring of <see cref="RingLayout.Ketama"/>: hash its keys with <see cref="RingLayout.HashOf(string)"/>.</remarks>
    public static implicit operator KeyHash(string key) => Of(key);

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    /// <remarks>
    /// Not for a ring of <see cref="RingLayout.Ketama"/>: hash its keys with <see cref="RingLayout.HashOf(ReadOnlySpan{byte})"/>.
    /// </remarks>
    public static implicit operator KeyHash(ReadOnlySpan<byte> key) => Of(key);

    /// <inheritdoc cref="Of(Guid)"/>
    /// <remarks>
    /// Not for a ring of <see cref="RingLayout.Ketama"/>: hash the text or bytes that the other clients use, with
    /// <see cref="RingLayout.HashOf(string)"/>.
    /// </remarks>
    public static implicit operator KeyHash(Guid key) => Of(key);

    /// <inheritdoc cref="Of(long)"/>
    /// <remarks>
    /// Not for a ring of <see cref="RingLayout.Ketama"/>: hash the text or bytes that the other clients use, with
    /// <see cref="RingLayout.HashOf(string)"/>.
    /// </remarks>
    public static implicit operator KeyHash(long key) => Of(key);

    /// <summary>Gets the hash as sixteen hexadecimal digits.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
