using System.Runtime.InteropServices;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>An endpoint that was read, and its text.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Start">The position of its text.</param>
/// <param name="Length">The length of its text.</param>
/// <param name="Print">The fingerprint of its text.</param>
internal readonly record struct ReadEndpoint(Endpoint Endpoint, int Start, int Length, EndpointPrint Print);

/// <summary>A change of a slice's endpoints: some chunks are replaced by endpoints that were read.</summary>
/// <param name="FirstChunk">The first chunk that is replaced.</param>
/// <param name="EndChunk">The chunk after the last one that is replaced.</param>
/// <param name="From">The position of the first new endpoint in <see cref="ReadEndpoints"/>.</param>
/// <param name="To">The position after the last one.</param>
internal readonly record struct EndpointEdit(int FirstChunk, int EndChunk, int From, int To);

/// <summary>
/// What was read of an array of endpoints: how it differs from the last time, or, the first time, all of it. Nothing that the decoder
/// remembers has changed yet, so that a text that is broken further on changes nothing. Reused by one text after the other.
/// </summary>
internal sealed class ReadEndpoints
{
    // What a long slice needs is not kept.
    private const int MostKept = 1024;
    private readonly List<ReadEndpoint> _read = [];
    private readonly List<EndpointEdit> _edits = [];

    /// <summary>Gets the number of endpoints that were read, because they or their neighbours changed.</summary>
    public int Count => _read.Count;

    /// <summary>Gets what changed since the last time, in order.</summary>
    public ReadOnlySpan<EndpointEdit> Edits => CollectionsMarshal.AsSpan(_edits);

    /// <summary>Gets an endpoint that was read.</summary>
    public ref readonly ReadEndpoint this[int index] => ref CollectionsMarshal.AsSpan(_read)[index];

    /// <summary>Adds an endpoint.</summary>
    public void Add(ReadEndpoint endpoint) => _read.Add(endpoint);

    /// <summary>Adds a change.</summary>
    public void Add(EndpointEdit edit) => _edits.Add(edit);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _read.Clear();
        _edits.Clear();
        if (_read.Capacity > MostKept)
        {
            _read.Capacity = 0;
        }
    }

    /// <summary>Gets the endpoints after the changes. Chunks whose endpoints are the same objects stay.</summary>
    /// <param name="before">The endpoints of the last time.</param>
    public SliceEndpoints ApplyTo(SliceEndpoints before)
    {
        var after = before;
        for (var i = _edits.Count - 1; i >= 0; i--) // from the end, so that the positions of the others stay
        {
            var edit = _edits[i];
            var items = ItemsOf(edit);
            after = IsSame(before, edit, items) ? after : after.Replace(edit.FirstChunk, edit.EndChunk, items);
        }

        return after;
    }

    private Endpoint[] ItemsOf(EndpointEdit edit)
    {
        var items = new Endpoint[edit.To - edit.From];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = _read[edit.From + i].Endpoint;
        }

        return items;
    }

    // Chunks with other sizes are other chunks: fingerprints have the same ones.
    private static bool IsSame(SliceEndpoints before, EndpointEdit edit, ReadOnlySpan<Endpoint> items)
    {
        if (edit.EndChunk - edit.FirstChunk != 1 || before.Chunk(edit.FirstChunk).Length != items.Length)
        {
            return false;
        }

        for (var i = 0; i < items.Length; i++)
        {
            if (!ReferenceEquals(items[i], before.Chunk(edit.FirstChunk)[i]))
            {
                return false;
            }
        }

        return true;
    }
}
