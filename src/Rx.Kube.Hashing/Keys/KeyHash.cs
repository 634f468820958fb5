using System.Buffers.Binary;
using System.Globalization;

namespace Rx.Kube;

/// <summary>
/// Where a key stands: its 64-bit hash. Strings, UTF-8, Guids and longs become one by themselves; a hash that you already have is
/// <c>new KeyHash(value)</c>. A key is its bytes: <c>"7"</c> and <c>7L</c> stand apart.
/// </summary>
/// <remarks>
/// What becomes one by itself is hashed with XXH64, which is right for every ring but one of <see cref="RingLayout.Ketama"/>: there such a key
/// has an owner too, but another than all other clients find. Ask that ring with <see cref="RingLayout.HashOf(string)"/>, which is right for every layout.
/// </remarks>
/// <param name="Value">The hash, from 0 to 2^64 − 1; it should be spread evenly over all of them.</param>
public readonly record struct KeyHash(ulong Value)
{
    /// <summary>XXH64, seed 0, of the bytes.</summary>
    public static KeyHash Of(ReadOnlySpan<byte> key) => new(XxHash64.Hash(key));

    /// <summary>That of the text's UTF-8: equal to <see cref="Of(ReadOnlySpan{byte})"/> of those bytes. Half a surrogate pair counts as U+FFFD.</summary>
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

    /// <summary>That of the 16 bytes in the order in which they are written (RFC 9562), whatever the machine.</summary>
    public static KeyHash Of(Guid key)
    {
        Span<byte> bytes = stackalloc byte[16];
        key.TryWriteBytes(bytes, bigEndian: true, out _);
        return Of(bytes);
    }

    /// <summary>That of the 8 bytes, the least significant first, whatever the machine.</summary>
    public static KeyHash Of(long key)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, key);
        return Of(bytes);
    }

    /// <inheritdoc cref="Of(string)"/>
    /// <remarks>Not for a ring of <see cref="RingLayout.Ketama"/>, whose keys are hashed with <see cref="RingLayout.HashOf(string)"/>.</remarks>
    public static implicit operator KeyHash(string key) => Of(key);

    /// <inheritdoc cref="Of(ReadOnlySpan{byte})"/>
    /// <remarks>Not for a ring of <see cref="RingLayout.Ketama"/>, whose keys are hashed with <see cref="RingLayout.HashOf(string)"/>.</remarks>
    public static implicit operator KeyHash(ReadOnlySpan<byte> key) => Of(key);

    /// <inheritdoc cref="Of(Guid)"/>
    /// <remarks>Not for a ring of <see cref="RingLayout.Ketama"/>, whose keys are hashed with <see cref="RingLayout.HashOf(string)"/>.</remarks>
    public static implicit operator KeyHash(Guid key) => Of(key);

    /// <inheritdoc cref="Of(long)"/>
    /// <remarks>Not for a ring of <see cref="RingLayout.Ketama"/>, whose keys are hashed with <see cref="RingLayout.HashOf(string)"/>.</remarks>
    public static implicit operator KeyHash(long key) => Of(key);

    /// <summary>Sixteen hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
