using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// The hashes from <see cref="First"/> to <see cref="Last"/>, both included. A range never wraps around and is never empty: the hashes
/// beyond the largest token, which the ring's first token owns, form a separate range.
/// </summary>
public readonly record struct KeyRange
{
    /// <summary>Creates the range from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    /// <param name="first">The smallest hash.</param>
    /// <param name="last">The largest hash.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="last"/> is less than <paramref name="first"/>.</exception>
    public KeyRange(ulong first, ulong last)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        (First, Last) = (first, last);
    }

    /// <summary>Gets the range of all hashes.</summary>
    public static KeyRange All => new(0, ulong.MaxValue);

    /// <summary>Gets the smallest hash in the range.</summary>
    public ulong First { get; }

    /// <summary>Gets the largest hash in the range.</summary>
    public ulong Last { get; }

    /// <summary>Gets the number of hashes in the range, from 1 to 2^64.</summary>
    public UInt128 Length => (UInt128)(Last - First) + 1;

    /// <summary>Converts a number of hashes into a share of all hashes, from 0 to 1.</summary>
    internal static double Fraction(UInt128 hashes) => (double)hashes / 18446744073709551616.0;

    /// <summary>Gets whether a key is in the range.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether its hash is in the range.</returns>
    public bool Contains(KeyHash key) => key.Value >= First && key.Value <= Last;

    /// <summary>Gets the hashes that are in both ranges.</summary>
    /// <param name="other">The other range.</param>
    /// <returns>The common range; null if there is none.</returns>
    public KeyRange? Intersect(KeyRange other)
    {
        var (first, last) = (Math.Max(First, other.First), Math.Min(Last, other.Last));
        return first <= last ? new KeyRange(first, last) : null;
    }

    /// <summary>Gets the hashes that are in this range and not in another one.</summary>
    /// <param name="other">The other range.</param>
    /// <returns>Zero, one or two ranges, in ascending order.</returns>
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

    /// <summary>Gets the bounds in hexadecimal.</summary>
    /// <returns>The text, such as <c>[0000000000000000, 00000000000000ff]</c>.</returns>
    public override string ToString() => $"[{new KeyHash(First)}, {new KeyHash(Last)}]";
}
