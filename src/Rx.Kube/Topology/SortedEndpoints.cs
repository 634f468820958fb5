using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Rx.Kube.Topology;

/// <summary>
/// The ordered endpoints of a snapshot, in chunks that successive snapshots share: a change copies the chunks it touches and
/// the list of chunks, not all endpoints. Immutable; the flat array is made when somebody first asks for it. Safe on any thread.
/// </summary>
internal sealed class SortedEndpoints
{
    // Near the square root of a large Service: chunk and list of chunks are then about equally small.
    private const int LargestChunk = 256;
    private const int NewChunk = LargestChunk / 2;

    private readonly ImmutableArray<ServiceEndpoint>[] _chunks;
    private ImmutableArray<ServiceEndpoint> _all;

    private SortedEndpoints(ImmutableArray<ServiceEndpoint>[] chunks, int count) => (_chunks, Count) = (chunks, count);

    /// <summary>No endpoints.</summary>
    public static SortedEndpoints Empty { get; } = new([], 0);

    /// <summary>How many endpoints.</summary>
    public int Count { get; }

    /// <summary>All endpoints, ordered by <see cref="EndpointOrder.ByMember"/>; always the same array.</summary>
    public ImmutableArray<ServiceEndpoint> All
    {
        get
        {
            if (_all.IsDefault)
            {
                ImmutableInterlocked.InterlockedInitialize(ref _all, Flatten(_chunks));
            }

            return _all;
        }
    }

    /// <summary>Whether the endpoints are the same.</summary>
    public bool SameAs(SortedEndpoints other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        var (mine, others) = DifferingFrom(other);
        return Count == other.Count && mine.AsSpan().SequenceEqual(others.AsSpan());
    }

    /// <summary>
    /// The endpoints without those at either end which both share. A member is never cut in two.
    /// </summary>
    public (ImmutableArray<ServiceEndpoint> Mine, ImmutableArray<ServiceEndpoint> Others) DifferingFrom(SortedEndpoints other)
    {
        var shorter = Math.Min(_chunks.Length, other._chunks.Length);
        var (head, tail) = (0, 0);
        while (head < shorter && _chunks[head] == other._chunks[head])
        {
            head++;
        }

        while (tail < shorter - head && _chunks[^(tail + 1)] == other._chunks[^(tail + 1)])
        {
            tail++;
        }

        while (head > 0 && (CutsAt(head) || other.CutsAt(head)))
        {
            head--;
        }

        while (tail > 0 && (CutsAt(_chunks.Length - tail) || other.CutsAt(other._chunks.Length - tail)))
        {
            tail--;
        }

        return (Flatten(_chunks.AsSpan()[head..^tail]), Flatten(other._chunks.AsSpan()[head..^tail]));
    }

    /// <summary>The endpoints without those that are gone and with the new ones.</summary>
    /// <param name="gone">All of them are here. Sorted by this call.</param>
    /// <param name="added">None of them is here. Sorted by this call.</param>
    public SortedEndpoints Apply(List<ServiceEndpoint> gone, List<ServiceEndpoint> added)
    {
        gone.Sort(EndpointOrder.ByMember);
        added.Sort(EndpointOrder.ByMember);
        ReadOnlySpan<ServiceEndpoint> goneLeft = CollectionsMarshal.AsSpan(gone);
        ReadOnlySpan<ServiceEndpoint> addedLeft = CollectionsMarshal.AsSpan(added);
        var next = new List<ImmutableArray<ServiceEndpoint>>(_chunks.Length + (added.Count / NewChunk) + 1);
        var done = 0;
        while (!goneLeft.IsEmpty || !addedLeft.IsEmpty)
        {
            var touched = Math.Max(done, Math.Min(ChunkOf(First(goneLeft, addedLeft)), _chunks.Length - 1));
            next.AddRange(_chunks.AsSpan()[done..touched]);
            var chunk = touched < _chunks.Length ? _chunks[touched] : [];
            var isLast = touched >= _chunks.Length - 1;
            var goneHere = isLast ? goneLeft.Length : UpTo(goneLeft, chunk[^1]);
            var addedHere = isLast ? addedLeft.Length : UpTo(addedLeft, chunk[^1]);
            Append(next, Merge(chunk.AsSpan(), goneLeft[..goneHere], addedLeft[..addedHere]));
            goneLeft = goneLeft[goneHere..];
            addedLeft = addedLeft[addedHere..];
            done = touched + 1;
        }

        next.AddRange(_chunks.AsSpan()[Math.Min(done, _chunks.Length)..]);
        return new SortedEndpoints([.. next], Count - gone.Count + added.Count);
    }

    private static ServiceEndpoint First(ReadOnlySpan<ServiceEndpoint> x, ReadOnlySpan<ServiceEndpoint> y) =>
        y.IsEmpty || (!x.IsEmpty && EndpointOrder.ByMember.Compare(x[0], y[0]) <= 0) ? x[0] : y[0];

    private static ImmutableArray<ServiceEndpoint> Flatten(ReadOnlySpan<ImmutableArray<ServiceEndpoint>> chunks)
    {
        if (chunks.Length <= 1)
        {
            return chunks.IsEmpty ? [] : chunks[0];
        }

        var count = 0;
        foreach (var chunk in chunks)
        {
            count += chunk.Length;
        }

        var all = ImmutableArray.CreateBuilder<ServiceEndpoint>(count);
        foreach (var chunk in chunks)
        {
            all.AddRange(chunk);
        }

        return all.MoveToImmutable();
    }

    private static ServiceEndpoint[] Merge(
        ReadOnlySpan<ServiceEndpoint> chunk, ReadOnlySpan<ServiceEndpoint> gone, ReadOnlySpan<ServiceEndpoint> added)
    {
        var next = new ServiceEndpoint[chunk.Length - gone.Length + added.Length];
        var to = 0;
        while (!gone.IsEmpty || !added.IsEmpty)
        {
            // At equal places the old one goes before the new one comes.
            var change = First(gone, added);
            var place = chunk.BinarySearch(change, EndpointOrder.ByMember);
            var before = chunk[..(place < 0 ? ~place : place)];
            before.CopyTo(next.AsSpan(to));
            chunk = chunk[before.Length..];
            to += before.Length;
            if (!gone.IsEmpty && ReferenceEquals(change, gone[0]))
            {
                chunk = chunk[1..];
                gone = gone[1..];
            }
            else
            {
                next[to++] = change;
                added = added[1..];
            }
        }

        chunk.CopyTo(next.AsSpan(to));
        return next;
    }

    private static void Append(List<ImmutableArray<ServiceEndpoint>> chunks, ServiceEndpoint[] endpoints)
    {
        if (chunks.Count > 0 && chunks[^1].Length + endpoints.Length <= NewChunk)
        {
            chunks[^1] = [.. chunks[^1], .. endpoints];
        }
        else if (endpoints.Length is > 0 and <= LargestChunk)
        {
            chunks.Add(ImmutableCollectionsMarshal.AsImmutableArray(endpoints));
        }
        else
        {
            chunks.AddRange(endpoints.Chunk(NewChunk).Select(ImmutableCollectionsMarshal.AsImmutableArray));
        }
    }

    private static int UpTo(ReadOnlySpan<ServiceEndpoint> changes, ServiceEndpoint last)
    {
        var place = changes.BinarySearch(last, EndpointOrder.ByMember);
        if (place < 0)
        {
            return ~place;
        }

        while (place < changes.Length && EndpointOrder.ByMember.Compare(changes[place], last) == 0)
        {
            place++;
        }

        return place;
    }

    // Whether one member stands on both sides of a chunk's start.
    private bool CutsAt(int chunk) =>
        chunk > 0 && chunk < _chunks.Length && _chunks[chunk - 1][^1].Member == _chunks[chunk][0].Member;

    // The first chunk that ends at or after an endpoint.
    private int ChunkOf(ServiceEndpoint endpoint)
    {
        var (low, high) = (0, _chunks.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (EndpointOrder.ByMember.Compare(_chunks[middle][^1], endpoint) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
