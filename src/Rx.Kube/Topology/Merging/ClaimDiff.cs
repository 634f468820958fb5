namespace Rx.Kube;

/// <summary>
/// What an object claims now, and how that differs from what it claimed before. A value: nothing is applied by making one.
/// </summary>
/// <param name="Now">All claims of the object; null entries claim nothing.</param>
/// <param name="Withdrawn">The claims to take back, a part of those before; null entries claim nothing.</param>
/// <param name="Added">The claims to make, a part of those now; null entries claim nothing.</param>
internal readonly record struct ClaimDiff(
    TopologyEndpoint?[] Now, ReadOnlyMemory<TopologyEndpoint?> Withdrawn, ReadOnlyMemory<TopologyEndpoint?> Added)
{
    /// <summary>
    /// Compares the items of an object with those before. Items that are equal at the head and at the tail keep their claims, as the same
    /// objects; the claims of the items between are withdrawn and made again. Has no side effects. Allocates only the array of the
    /// claims and the new claims; nothing when no item changed.
    /// </summary>
    /// <typeparam name="TItem">What claims are made from.</typeparam>
    /// <typeparam name="TShared">What all items of the object share.</typeparam>
    /// <param name="claimed">The claims before; null if the object is new.</param>
    /// <param name="old">
    /// The items before, one for each claim; empty if their claims cannot be kept, because what they share changed.
    /// </param>
    /// <param name="items">The items now.</param>
    /// <param name="shared">What the items share now.</param>
    /// <param name="claimOf">Makes the claim of an item; null if the item claims nothing.</param>
    public static ClaimDiff Between<TItem, TShared>(
        TopologyEndpoint?[]? claimed, ReadOnlySpan<TItem> old, ReadOnlySpan<TItem> items, TShared shared,
        Func<TItem, TShared, TopologyEndpoint?> claimOf)
        where TItem : class?
    {
        claimed ??= [];
        var head = EqualAtHead(old, items);
        if (head == claimed.Length && head == items.Length)
        {
            return new(claimed, default, default);
        }

        var tail = EqualAtTail(old[head..], items[head..]);
        var now = new TopologyEndpoint?[items.Length];
        claimed.AsSpan(0, head).CopyTo(now);
        claimed.AsSpan(claimed.Length - tail).CopyTo(now.AsSpan(now.Length - tail));
        for (var i = head; i < now.Length - tail; i++)
        {
            now[i] = claimOf(items[i], shared);
        }

        return new(now, claimed.AsMemory(head, claimed.Length - tail - head), now.AsMemory(head, now.Length - tail - head));
    }

    private static int EqualAtHead(ReadOnlySpan<object?> x, ReadOnlySpan<object?> y)
    {
        var length = 0;
        while (length < x.Length && length < y.Length && IsEqual(x[length], y[length]))
        {
            length++;
        }

        return length;
    }

    private static int EqualAtTail(ReadOnlySpan<object?> x, ReadOnlySpan<object?> y)
    {
        var length = 0;
        while (length < x.Length && length < y.Length && IsEqual(x[^(length + 1)], y[^(length + 1)]))
        {
            length++;
        }

        return length;
    }

    // Without a look at the content when both are the same object: decoders reuse unchanged endpoints, and these may be far away in memory.
    private static bool IsEqual(object? x, object? y) => ReferenceEquals(x, y) || (x is not null && x.Equals(y));
}
