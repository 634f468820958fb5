using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// The hashes from <see cref="First"/> to <see cref="Last"/>, both included. It never wraps and is never empty: what a ring's first token
/// owns beyond the largest hash is a range of its own.
/// </summary>
public readonly record struct KeyRange
{
    /// <summary>The range from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="last"/> is less than <paramref name="first"/>.</exception>
    public KeyRange(ulong first, ulong last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        (First, Last) = (first, last);
    }

    /// <summary>All hashes.</summary>
    public static KeyRange All => new(0, ulong.MaxValue);

    /// <summary>The smallest hash in it.</summary>
    public ulong First { get; }

    /// <summary>The largest hash in it.</summary>
    public ulong Last { get; }

    /// <summary>How many hashes are in it, from 1 to 2^64.</summary>
    public UInt128 Length => (UInt128)(Last - First) + 1;

    /// <summary>So many hashes as a share of all, from 0 to 1.</summary>
    internal static double Fraction(UInt128 hashes) => (double)hashes / 18446744073709551616.0;

    /// <summary>Whether the key is in it.</summary>
    public bool Contains(KeyHash key) => key.Value >= First && key.Value <= Last;

    /// <summary>What is in both; null if nothing is.</summary>
    public KeyRange? Intersect(KeyRange other)
    {
        var (first, last) = (Math.Max(First, other.First), Math.Min(Last, other.Last));
        return first <= last ? new KeyRange(first, last) : null;
    }

    /// <summary>What is in this one and not in the other, in ascending order: none, one or two ranges.</summary>
    public ImmutableArray<KeyRange> Difference(KeyRange other)
    {
        if (Intersect(other) is not { } both)
        {
            return [this];
        }

        var rest = ImmutableArray.CreateBuilder<KeyRange>(2);
        if (both.First > First)
        {
            rest.Add(new KeyRange(First, both.First - 1));
        }

        if (both.Last < Last)
        {
            rest.Add(new KeyRange(both.Last + 1, Last));
        }

        return rest.DrainToImmutable();
    }

    /// <summary>Its bounds in hexadecimal, such as <c>[0000000000000000, 00000000000000ff]</c>.</summary>
    public override string ToString() => $"[{new KeyHash(First)}, {new KeyHash(Last)}]";
}
