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
    /// <param name="key">Eight words.</param>
    internal static ulong Of(ReadOnlySpan<byte> bytes, ulong[] key)
    {
        // Four independent lanes, which the processor multiplies in parallel: one alone waits for each product.
        var (k4, k5, k6, k7) = (key[4], key[5], key[6], key[7]);
        var (a, b, c, d) = (key[0] ^ (ulong)bytes.Length, key[1], key[2], key[3]);
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        while (words.Length >= 8)
        {
            a = Fold(a ^ words[0], k4 ^ words[1]);
            b = Fold(b ^ words[2], k5 ^ words[3]);
            c = Fold(c ^ words[4], k6 ^ words[5]);
            d = Fold(d ^ words[6], k7 ^ words[7]);
            words = words[8..];
        }

        if (words.Length >= 4)
        {
            a = Fold(a ^ words[0], k4 ^ words[1]);
            b = Fold(b ^ words[2], k5 ^ words[3]);
            words = words[4..];
        }

        if (words.Length >= 2)
        {
            c = Fold(c ^ words[0], k6 ^ words[1]);
        }

        // The last 16 bytes, some of them once more: the length is part of the hash.
        Span<byte> padded = stackalloc byte[16];
        scoped var last = bytes;
        if (bytes.Length < 16)
        {
            padded.Clear();
            bytes.CopyTo(padded);
            last = padded;
        }

        d = Fold(d ^ Word(last, last.Length - 16), k7 ^ Word(last, last.Length - 8));
        return Fold(Fold(a ^ k5, b ^ k4) ^ b, Fold(c ^ k7, d ^ k6) ^ d);
    }

    /// <summary>Draws a key.</summary>
    internal static ulong[] DrawKey()
    {
        var key = new ulong[8];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(key.AsSpan()));
        return key;
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => MemoryMarshal.Read<ulong>(bytes[at..]);

    // Uses the whole 128-bit product. Adding the first factor keeps it in the hash when the second one is zero.
    private static ulong Fold(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out var low);
        return (high ^ low) + x;
    }
}
