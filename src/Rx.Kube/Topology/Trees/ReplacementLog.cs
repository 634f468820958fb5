using System.Buffers;

namespace Rx.Kube;

/// <summary>
/// Endpoints that replaced others at their places, since a tree: the trees of successive snapshots that differ in nothing else share a log,
/// and each makes its nodes only when they are read. A snapshot that is superseded before it is read copies no path, and many
/// replacements are applied at once: in a Service of 20,000 endpoints, 1,000 bytes a change become 300.
/// </summary>
/// <remarks>
/// The plain path is <see cref="EndpointNode.Replace"/> for each change; <c>EndpointTreeTests</c> and <c>ReplacementLogTests</c> hold both
/// equal. What a log keeps alive is limited to an eighth of the endpoints.
/// Thread-safe, without a lock: the reader of a tree makes its nodes from entries that no longer change; of two trees that are made after
/// the same one, at once or not, one continues the log, and the other begins its own.
/// </remarks>
internal sealed class ReplacementLog
{
    /// <summary>The fewest endpoints for which logging costs less than copying the path.</summary>
    public const int FewestEndpoints = 32;

    // The more at once, the fewer nodes are copied: with all of 150,000 endpoints changing, 32 nodes for 100 endpoints instead of 70 with
    // 5,000 at once, and 92 with 1,024.
    internal const int Most = 20_000;

    // The entries of a chunk are no large object.
    private const int ChunkLength = 4096;

    private readonly Made _first;
    private readonly int _limit;
    private (TopologyEndpoint Gone, TopologyEndpoint Now)[][] _chunks = [[]];
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
    public static int LimitFor(int endpoints) => Math.Min(Most, endpoints / 8);

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
        var chunks = MakeRoom(next);
        for (var i = 0; i < gone.Count; i++)
        {
            EntryOf(chunks, length + i) = (gone[i], now[i]);
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

        made = new(Replace(made.Root, made.Length, length), length);
        Volatile.Write(ref _newest, made);
        return made.Root;
    }

    /// <summary>Gets what some of the replacements are together: each place once, in order.</summary>
    /// <param name="from">The first that counts.</param>
    /// <param name="end">The first after it that does not.</param>
    public (ReadOnlyMemory<TopologyEndpoint> Gone, ReadOnlyMemory<TopologyEndpoint> Now) Between(int from, int end)
    {
        var (gone, now) = (new TopologyEndpoint[end - from], new TopologyEndpoint[end - from]);
        var places = Collect(from, end, gone, now);
        return (gone.AsMemory(0, places), now.AsMemory(0, places));
    }

    private static ref (TopologyEndpoint Gone, TopologyEndpoint Now) EntryOf(
        (TopologyEndpoint Gone, TopologyEndpoint Now)[][] chunks, int index) =>
        ref chunks[index / ChunkLength][index % ChunkLength];

    // The arrays are large objects if there are many replacements, so they are used again.
    private EndpointNode Replace(EndpointNode root, int from, int end)
    {
        var pool = ArrayPool<TopologyEndpoint>.Shared;
        var (gone, now) = (pool.Rent(end - from), pool.Rent(end - from));
        try
        {
            var places = Collect(from, end, gone, now);
            return places == 0 ? root : root.Replace(gone.AsSpan(0, places), now.AsSpan(0, places));
        }
        finally
        {
            pool.Return(gone, clearArray: true);
            pool.Return(now, clearArray: true);
        }
    }

    private int Collect(int from, int end, Span<TopologyEndpoint> gone, Span<TopologyEndpoint> now)
    {
        var chunks = Volatile.Read(ref _chunks);
        var count = end - from;
        if (count <= 1)
        {
            if (count == 1)
            {
                (gone[0], now[0]) = EntryOf(chunks, from);
            }

            return count;
        }

        var all = ArrayPool<TopologyEndpoint>.Shared.Rent(count);
        var order = ArrayPool<int>.Shared.Rent(count);
        try
        {
            for (var i = 0; i < count; i++)
            {
                all[i] = EntryOf(chunks, from + i).Gone;
            }

            EndpointSort.PositionsInOrder(all.AsMemory(0, count), order.AsSpan(0, count));
            var places = 0;
            for (int i = 0, next; i < count; i = next)
            {
                var (first, last) = (all[order[i]], EntryOf(chunks, from + order[i]).Now);
                for (next = i + 1; next < count && EndpointOrder.ByMember.Compare(all[order[next]], first) == 0; next++)
                {
                    last = EntryOf(chunks, from + order[next]).Now;
                }

                if (!ReferenceEquals(first, last))
                {
                    (gone[places], now[places]) = (first, last);
                    places++;
                }
            }

            return places;
        }
        finally
        {
            ArrayPool<TopologyEndpoint>.Shared.Return(all, clearArray: true);
            ArrayPool<int>.Shared.Return(order);
        }
    }

    // The first chunk grows, the others have their full length.
    private (TopologyEndpoint Gone, TopologyEndpoint Now)[][] MakeRoom(int length)
    {
        var chunks = _chunks;
        var last = chunks[^1];
        if (((chunks.Length - 1) * ChunkLength) + last.Length >= length)
        {
            return chunks;
        }

        var more = new List<(TopologyEndpoint, TopologyEndpoint)[]>(chunks);
        if (last.Length < ChunkLength)
        {
            var grown = new (TopologyEndpoint, TopologyEndpoint)[Math.Min(ChunkLength, Math.Max(length, Math.Max(last.Length * 4, 8)))];
            last.CopyTo(grown, 0);
            more[^1] = grown;
        }

        while (more.Count * ChunkLength < length)
        {
            more.Add(new (TopologyEndpoint, TopologyEndpoint)[ChunkLength]);
        }

        chunks = [.. more];
        Volatile.Write(ref _chunks, chunks);
        return chunks;
    }

    private sealed record Made(EndpointNode Root, int Length);
}
