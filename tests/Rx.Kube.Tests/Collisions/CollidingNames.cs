using System.Numerics;

namespace Rx.Kube.Tests.Collisions;

/// <summary>
/// Different names with one value of the hash without a key that .NET has for strings (<c>String.GetNonRandomizedHashCode</c>): the first
/// choice of its dictionaries, and known to everyone.
/// </summary>
internal static class CollidingNames
{
    /// <summary>Gets names of eight characters.</summary>
    /// <param name="count">How many.</param>
    /// <param name="after">What will stand in front of them; its length is a multiple of four.</param>
    public static IReadOnlyList<string> Of(int count, string after = "") => [.. All(HashesOf(after).First).Take(count)];

    /// <summary>Gets names that do not collide, of the same length.</summary>
    public static IReadOnlyList<string> Ordinary(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i:x8}")];

    /// <summary>Computes the hash of a name whose length is a multiple of four.</summary>
    public static int UnkeyedHash(string name)
    {
        var (first, second) = HashesOf(name);
        return (int)(first + (second * 1566083941));
    }

    private static (uint First, uint Second) HashesOf(string name)
    {
        const uint Start = (5381 << 16) + 5381;
        var (first, second) = (Start, Start);
        for (var i = 0; i < name.Length; i += 4)
        {
            first = Mixed(first) ^ Pair(name, i);
            second = Mixed(second) ^ Pair(name, i + 2);
        }

        return (first, second);
    }

    // Of each four characters, two change the first half of the hash. Two more can then be chosen that lead back to a fixed value.
    private static IEnumerable<string> All(uint start)
    {
        for (var chosen = 0x0061_0061u; ; chosen++)
        {
            var back = Mixed(Mixed(start) ^ chosen) ^ 0x12345678u;
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
