using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Rx.Kube;

/// <summary>
/// XXH64, the 64-bit hash of the published xxHash specification: the same number for the same bytes in every process, on every machine and
/// in every language. It spreads keys. It is not cryptographic: an attacker who chooses the keys can make them collide.
/// </summary>
internal static class XxHash64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;
    private const int Stripe = 32;

    /// <summary>Hashes bytes of any length, zero included. Allocates nothing.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="seed">Selects one of 2^64 independent hashes; zero is the usual one.</param>
    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var rest = bytes;
        var hash = (bytes.Length >= Stripe ? Stripes(ref rest, seed) : seed + Prime5) + (ulong)bytes.Length;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * Prime1) + Prime4;
        }

        if (rest.Length >= sizeof(uint))
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1), 23) * Prime2) + Prime3;
            rest = rest[sizeof(uint)..];
        }

        foreach (var one in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (one * Prime5), 11) * Prime1;
        }

        return Mixed(hash);
    }

    /// <summary>Hashes the 8 bytes of a word, the least significant first.</summary>
    internal static ulong HashWord(ulong word, ulong seed) =>
        Mixed((BitOperations.RotateLeft((seed + Prime5 + sizeof(ulong)) ^ Round(0, word), 27) * Prime1) + Prime4);

    /// <summary>Hashes the 8 bytes of a word with four seeds at once.</summary>
    internal static Vector256<ulong> HashWord(ulong word, Vector256<ulong> seeds)
    {
        var hash = (seeds + Vector256.Create(Prime5 + sizeof(ulong))) ^ Vector256.Create(Round(0, word));
        hash = (((hash << 27) | (hash >>> (64 - 27))) * Vector256.Create(Prime1)) + Vector256.Create(Prime4);
        hash = (hash ^ (hash >>> 33)) * Vector256.Create(Prime2);
        hash = (hash ^ (hash >>> 29)) * Vector256.Create(Prime3);
        return hash ^ (hash >>> 32);
    }

    private static ulong Mixed(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong Stripes(ref ReadOnlySpan<byte> rest, ulong seed)
    {
        var (lane1, lane2, lane3, lane4) = (seed + Prime1 + Prime2, seed + Prime2, seed, seed - Prime1);
        for (; rest.Length >= Stripe; rest = rest[Stripe..])
        {
            lane1 = Round(lane1, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            lane2 = Round(lane2, BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]));
            lane3 = Round(lane3, BinaryPrimitives.ReadUInt64LittleEndian(rest[16..]));
            lane4 = Round(lane4, BinaryPrimitives.ReadUInt64LittleEndian(rest[24..]));
        }

        var hash = BitOperations.RotateLeft(lane1, 1) + BitOperations.RotateLeft(lane2, 7)
            + BitOperations.RotateLeft(lane3, 12) + BitOperations.RotateLeft(lane4, 18);
        return Merge(Merge(Merge(Merge(hash, lane1), lane2), lane3), lane4);
    }

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;
}
