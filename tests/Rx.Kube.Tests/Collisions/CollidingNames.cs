using System.Numerics;

namespace Rx.Kube.Tests.Collisions;

/// <summary>
/// Different names with one value of the hash without a key that .NET has for strings (<c>String.GetNonRandomizedHashCode</c>): the first
/// choice of its dictionaries, and known to everyone.
/// </summary>
internal static class CollidingNames
{
    /// <summary>Gets names of eight characters.</summary>
    public static IReadOnlyList<string> Of(int count) => [.. All().Take(count)];

    /// <summary>Gets names that do not collide, of the same length.</summary>
    public static IReadOnlyList<string> Ordinary(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i:x8}")];

    /// <summary>Computes the hash.</summary>
    public static int UnkeyedHash(string name)
    {
        var (hash1, hash2) = (Start, Start);
        for (var i = 0; i + 3 < name.Length; i += 4)
        {
            hash1 = Mixed(hash1) ^ Pair(name, i);
            hash2 = Mixed(hash2) ^ Pair(name, i + 2);
        }

        return (int)(hash1 + (hash2 * 1566083941));
    }

    private const uint Start = (5381 << 16) + 5381;

    // Of each four characters, two change the first half of the hash. Two more can then be chosen that lead back to a fixed value.
    private static IEnumerable<string> All()
    {
        for (var chosen = 0x0061_0061u; ; chosen++)
        {
            var back = Mixed(Mixed(Start) ^ chosen) ^ 0x12345678u;
            if (Text(chosen) is { } first && Text(back) is { } second)
            {
                yield return $"{first}zz{second}zz";
            }
        }
    }

    private static uint Mixed(uint hash) => BitOperations.RotateLeft(hash, 5) + hash;

    private static uint Pair(string name, int at) => name[at] | ((uint)name[at + 1] << 16);

    private static string? Text(uint pair)
    {
        var (low, high) = ((char)pair, (char)(pair >> 16));
        return IsUsable(low) && IsUsable(high) ? $"{low}{high}" : null;
    }

    private static bool IsUsable(char c) => c > ' ' && c != '"' && c != '\\' && !char.IsSurrogate(c);
}
