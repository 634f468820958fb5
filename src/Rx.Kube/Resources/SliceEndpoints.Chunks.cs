namespace Rx.Kube.Models;

/// <content>
/// The endpoints are stored in chunks, which successive values share: a change copies one chunk and the list of chunks. In a slice of 1,000
/// endpoints, a change of one of them allocates 1.1 KB instead of 8 KB. <c>KnownSliceTests</c> compare with endpoints that were read at
/// once.
/// </content>
public sealed partial class SliceEndpoints
{
    /// <summary>
    /// The size of a chunk of new endpoints. With 16, an event of W1 takes a tenth longer, because the text of the chunk that changed is
    /// hashed three times, and an endpoint keeps 3 bytes less.
    /// </summary>
    internal const int ChunkSize = 8;

    /// <summary>The size above which a chunk is split.</summary>
    internal const int LargestChunk = 2 * ChunkSize;

    // No chunk is empty, and none is ever changed.
    private readonly Endpoint[][] _chunks;
    private readonly int[] _starts;

    private SliceEndpoints(Endpoint[][] chunks, int[] starts)
    {
        (_chunks, _starts) = (chunks, starts);
        Count = chunks.Length == 0 ? 0 : starts[^1] + chunks[^1].Length;
    }

    /// <summary>Gets the number of chunks.</summary>
    internal int Chunks => _chunks.Length;

    /// <summary>
    /// Gets what the decoder remembers about the text of the slice that has these endpoints; null when it remembers it for later ones.
    /// </summary>
    internal KnownSlice? Known { get; set; }

    /// <summary>Gets the position of the first endpoint of a chunk; for the chunk after the last one, the number of endpoints.</summary>
    internal int StartOf(int chunk) => chunk < _starts.Length ? _starts[chunk] : Count;

    /// <summary>Gets the endpoints of a chunk.</summary>
    internal ReadOnlySpan<Endpoint> Chunk(int chunk) => _chunks[chunk];

    /// <summary>Replaces chunks by endpoints, which become one chunk, or several of <see cref="ChunkSize"/>.</summary>
    /// <param name="first">The first chunk to replace.</param>
    /// <param name="end">The chunk after the last one to replace.</param>
    /// <param name="items">The endpoints. The array becomes a part of the value where it is one chunk.</param>
    internal SliceEndpoints Replace(int first, int end, Endpoint[] items)
    {
        var added = ChunksFor(items.Length);
        var chunks = new Endpoint[_chunks.Length - (end - first) + added][];
        if (chunks.Length == 0)
        {
            return Empty;
        }

        _chunks.AsSpan(0, first).CopyTo(chunks);
        _chunks.AsSpan(end).CopyTo(chunks.AsSpan(first + added));
        for (var i = 0; i < added; i++)
        {
            chunks[first + i] = added == 1 ? items : items[PartOf(items.Length, i)];
        }

        return new(chunks, HasSameSizes(chunks) ? _starts : StartsOf(chunks));
    }

    /// <summary>Gets how many chunks a number of endpoints becomes.</summary>
    internal static int ChunksFor(int count) =>
        count == 0 ? 0 : count <= LargestChunk ? 1 : (count + ChunkSize - 1) / ChunkSize;

    /// <summary>Gets the endpoints of one of the chunks that a number of endpoints becomes.</summary>
    internal static Range PartOf(int count, int chunk) =>
        count <= LargestChunk ? ..count : (chunk * ChunkSize)..Math.Min((chunk + 1) * ChunkSize, count);

    /// <summary>Counts the endpoints from the first one that are equal to those of another value.</summary>
    internal int EqualAtHead(SliceEndpoints other)
    {
        var chunk = 0;
        while (chunk < _chunks.Length && chunk < other._chunks.Length && ReferenceEquals(_chunks[chunk], other._chunks[chunk]))
        {
            chunk++;
        }

        var equal = StartOf(chunk);
        for (var most = Math.Min(Count, other.Count); equal < most && AreEqual(this[equal], other[equal]);)
        {
            equal++;
        }

        return equal;
    }

    /// <summary>Counts the endpoints back from the last one that are equal to those of another value.</summary>
    /// <param name="other">The other value.</param>
    /// <param name="most">The largest result.</param>
    internal int EqualAtTail(SliceEndpoints other, int most)
    {
        var chunk = 1;
        while (chunk <= _chunks.Length && chunk <= other._chunks.Length && ReferenceEquals(_chunks[^chunk], other._chunks[^chunk]))
        {
            chunk++;
        }

        var equal = Math.Min(Count - StartOf(_chunks.Length - chunk + 1), most);
        while (equal < most && AreEqual(this[Count - 1 - equal], other[other.Count - 1 - equal]))
        {
            equal++;
        }

        return equal;
    }

    // Decoders reuse endpoints, and the content may be far away in memory.
    private static bool AreEqual(Endpoint x, Endpoint y) => ReferenceEquals(x, y) || x.Equals(y);

    private int ChunkOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var found = _starts.AsSpan().BinarySearch(index);
        return found >= 0 ? found : ~found - 1;
    }

    private bool HasSameSizes(Endpoint[][] chunks)
    {
        var isSame = chunks.Length == _chunks.Length;
        for (var i = 0; isSame && i < chunks.Length; i++)
        {
            isSame = chunks[i].Length == _chunks[i].Length;
        }

        return isSame;
    }

    private static int[] StartsOf(Endpoint[][] chunks)
    {
        var starts = new int[chunks.Length];
        for (var i = 1; i < chunks.Length; i++)
        {
            starts[i] = starts[i - 1] + chunks[i - 1].Length;
        }

        return starts;
    }
}
