using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Rx.Kube;

/// <summary>
/// A fast 64-bit hash of bytes. Its key is drawn at random once per process, so that a sender cannot construct collisions. The hash is
/// never stored, sent or compared across processes. <c>KeyedHashTests</c> test that it spreads; how many gigabytes a second it reads is the
/// row <c>fingerprint</c> of <c>compare wire</c>.
/// </summary>
internal static class KeyedHash
{
    private static readonly ulong[] Key = DrawKey();

    /// <summary>Hashes bytes and their length with the key of this process.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes) => Of(bytes, Key);

    /// <summary>Hashes two parts and their lengths with the key of this process.</summary>
    public static ulong Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Fold(Of(first) ^ Key[1], Of(second) ^ Key[0]);

    /// <summary>Hashes bytes and their length.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="key">Four words.</param>
    internal static ulong Of(ReadOnlySpan<byte> bytes, ulong[] key)
    {
        var (k0, k1, k2, k3) = (key[0], key[1], key[2], key[3]);
        var (a, b) = (k0 ^ (ulong)bytes.Length, k1);
        var rest = bytes;
        while (rest.Length >= 32)
        {
            // Two independent lanes, which the processor multiplies in parallel.
            a = Fold(a ^ Word(rest, 0), k2 ^ Word(rest, 8));
            b = Fold(b ^ Word(rest, 16), k3 ^ Word(rest, 24));
            rest = rest[32..];
        }

        if (rest.Length >= 16)
        {
            a = Fold(a ^ Word(rest, 0), k2 ^ Word(rest, 8));
            rest = rest[16..];
        }

        Span<byte> tail = stackalloc byte[16];
        tail.Clear();
        rest.CopyTo(tail);
        b = Fold(b ^ Word(tail, 0), k3 ^ Word(tail, 8));
        return Fold(a ^ k3, b ^ k2) ^ a ^ b;
    }

    /// <summary>Draws a key.</summary>
    internal static ulong[] DrawKey()
    {
        var key = new ulong[4];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(key.AsSpan()));
        return key;
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    // Uses the whole 128-bit product. Adding the first factor keeps it in the hash when the second one is zero.
    private static ulong Fold(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out var low);
        return (high ^ low) + x;
    }
}
