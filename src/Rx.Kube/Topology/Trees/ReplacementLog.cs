namespace Rx.Kube;

/// <summary>
/// Endpoints that replaced others at their places, since a tree: the trees of successive snapshots that differ in nothing else share a log,
/// and each makes its nodes only when they are read. A snapshot that is superseded before it is read copies no path, and many
/// replacements are applied at once: in a Service of 20,000 endpoints, 1,000 bytes a change become 300.
/// </summary>
/// <remarks>
/// The plain path is <see cref="EndpointNode.Replace"/> for each change. What a log keeps alive is limited to a sixteenth of the endpoints.
/// Thread-safe, without a lock: the reader of a tree makes its nodes from entries that no longer change; of two trees that are made after
/// the same one, at once or not, one continues the log, and the other begins its own.
/// </remarks>
internal sealed class ReplacementLog
{
    /// <summary>The fewest endpoints for which logging costs less than copying the path.</summary>
    public const int FewestEndpoints = 256;

    // The more at once, the fewer nodes are copied: with all of 150,000 endpoints changing, 70 nodes for 100 endpoints instead of 92 with
    // 1,024 at once. The entries are still no large object.
    private const int Most = 5000;

    private readonly Made _first;
    private readonly int _limit;
    private (TopologyEndpoint Gone, TopologyEndpoint Now)[] _entries = [];
    private int _length;

    // The newest nodes that were made: the next ones are made from them.
    private Made _newest;

    /// <param name="root">The nodes that the replacements apply to.</param>
    public ReplacementLog(EndpointNode root)
    {
        _first = _newest = new(root, 0);
        _limit = LimitFor(root.Count);
    }

    /// <summary>Gets how many replacements the log of a tree may have.</summary>
    public static int LimitFor(int endpoints) => Math.Min(Most, endpoints / 16);

    /// <summary>Appends replacements.</summary>
    /// <param name="length">The length that the log has if no other tree has appended to it.</param>
    /// <param name="gone">What is replaced, in any order; each once.</param>
    /// <param name="now">What replaces each, at the same place.</param>
    /// <returns>False if another tree has appended, or if the log would become too long.</returns>
    public bool TryAppend(int length, List<TopologyEndpoint> gone, List<TopologyEndpoint> now)
    {
        var next = length + gone.Count;
        if (next > _limit || Interlocked.CompareExchange(ref _length, next, length) != length)
        {
            return false;
        }

        // Only the tree with the newest length comes here, one thread at a time; readers look at what is before their own length.
        if (next > _entries.Length)
        {
            var entries = new (TopologyEndpoint, TopologyEndpoint)[Math.Max(next, Math.Clamp(_entries.Length * 4, 8, _limit))];
            _entries.AsSpan(0, length).CopyTo(entries);
            Volatile.Write(ref _entries, entries);
        }

        for (var i = 0; i < gone.Count; i++)
        {
            _entries[length + i] = (gone[i], now[i]);
        }

        return true;
    }

    /// <summary>Makes the nodes after the first replacements.</summary>
    /// <param name="length">How many count.</param>
    public EndpointNode RootAt(int length)
    {
        var made = Volatile.Read(ref _newest);
        made = made.Length <= length ? made : _first;
        if (made.Length == length)
        {
            return made.Root;
        }

        var (gone, now) = Between(made.Length, length);
        made = new(gone.IsEmpty ? made.Root : made.Root.Replace(gone.Span, now.Span), length);
        Volatile.Write(ref _newest, made);
        return made.Root;
    }

    /// <summary>Gets what some of the replacements are together: each place once, in order.</summary>
    /// <param name="from">The first that counts.</param>
    /// <param name="end">The first after it that does not.</param>
    public (ReadOnlyMemory<TopologyEndpoint> Gone, ReadOnlyMemory<TopologyEndpoint> Now) Between(int from, int end)
    {
        var entries = Volatile.Read(ref _entries);
        if (end - from == 1)
        {
            return (new[] { entries[from].Gone }, new[] { entries[from].Now });
        }

        if (end == from)
        {
            return default;
        }

        var all = new TopologyEndpoint[end - from];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = entries[from + i].Gone;
        }

        var order = EndpointSort.PositionsInOrder(all);
        var (gone, now) = (new TopologyEndpoint[order.Length], new TopologyEndpoint[order.Length]);
        var places = 0;
        for (int i = 0, next; i < order.Length; i = next)
        {
            var (first, last) = (all[order[i]], entries[from + order[i]].Now);
            for (next = i + 1; next < order.Length && EndpointOrder.ByMember.Compare(all[order[next]], first) == 0; next++)
            {
                last = entries[from + order[next]].Now;
            }

            if (!ReferenceEquals(first, last))
            {
                (gone[places], now[places]) = (first, last);
                places++;
            }
        }

        return (gone.AsMemory(0, places), now.AsMemory(0, places));
    }

    private sealed record Made(EndpointNode Root, int Length);
}
