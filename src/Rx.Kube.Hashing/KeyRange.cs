namespace Rx.Kube.Hashing;

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

    /// <summary>The smallest hash in it.</summary>
    public ulong First { get; }

    /// <summary>The largest hash in it.</summary>
    public ulong Last { get; }

    /// <summary>How many hashes are in it, from 1 to 2^64.</summary>
    public UInt128 Length => (UInt128)(Last - First) + 1;

    /// <summary>Whether the key is in it.</summary>
    public bool Contains(KeyHash key) => key.Value >= First && key.Value <= Last;

    /// <summary>Its bounds in hexadecimal, such as <c>[0000000000000000, 00000000000000ff]</c>.</summary>
    public override string ToString() => $"[{new KeyHash(First)}, {new KeyHash(Last)}]";
}
