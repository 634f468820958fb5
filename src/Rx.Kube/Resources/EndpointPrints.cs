using System.Runtime.InteropServices;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Fingerprints of the texts that the endpoints of a slice were last decoded from: of each endpoint without its conditions, and length and
/// keyed hash of each chunk of <see cref="SliceEndpoints"/>. They cost 14 bytes an endpoint; the texts would cost 280. Changed in place, by
/// one thread at a time. <c>KnownSliceTests</c> compare with a decoder that has none.
/// </summary>
internal sealed class EndpointPrints
{
    // The API server allows 1,000; beyond this a search per endpoint would add up.
    private const int MostSearched = 4096;

    private readonly List<ulong> _hashes = [];
    private readonly List<(ushort Head, ushort Tail)> _lengths = [];
    private readonly List<(ulong Hash, int Length)> _chunks = [];

    /// <summary>Gets whether a text begins with the endpoints of a chunk, and how long their text is.</summary>
    public bool BeginsWithChunk(int chunk, ReadOnlySpan<byte> text, out int length)
    {
        (var hash, length) = CollectionsMarshal.AsSpan(_chunks)[chunk];
        return length <= text.Length && text[length - 1] == (byte)'}' && KeyedHash.Of(text[..length]) == hash;
    }

    /// <summary>Gets the fingerprint of an endpoint; beyond the last one, a fingerprint that no text has.</summary>
    public EndpointPrint this[int endpoint] => endpoint < _hashes.Count
        ? new(_hashes[endpoint], _lengths[endpoint].Head, _lengths[endpoint].Tail)
        : default;

    /// <summary>Gets the position of the endpoint with such a text; -1 if there is none.</summary>
    public int IndexOf(EndpointPrint print)
    {
        var index = print.Head > 0 && _hashes.Count <= MostSearched ? CollectionsMarshal.AsSpan(_hashes).IndexOf(print.Hash) : -1;
        return index >= 0 && this[index] == print ? index : -1;
    }

    /// <summary>Takes over what was read.</summary>
    /// <param name="text">The text that the positions in <paramref name="read"/> are about.</param>
    /// <param name="before">The endpoints before.</param>
    /// <param name="read">What was read.</param>
    public void Apply(ReadOnlySpan<byte> text, SliceEndpoints before, ReadEndpoints read)
    {
        for (var i = read.Edits.Length - 1; i >= 0; i--) // from the end, so that the positions of the others stay
        {
            Apply(text, before, read.Edits[i], read);
        }
    }

    private void Apply(ReadOnlySpan<byte> text, SliceEndpoints before, EndpointEdit edit, ReadEndpoints read)
    {
        var (from, count) = (edit.From, edit.To - edit.From);
        var (start, end) = (before.StartOf(edit.FirstChunk), before.StartOf(edit.EndChunk));
        var hashes = Resized(_hashes, start, end - start, count);
        var lengths = Resized(_lengths, start, end - start, count);
        for (var i = 0; i < count; i++)
        {
            var print = read[from + i].Print;
            (hashes[i], lengths[i]) = (print.Hash, (print.Head, print.Tail));
        }

        var chunks = Resized(_chunks, edit.FirstChunk, edit.EndChunk - edit.FirstChunk, SliceEndpoints.ChunksFor(count));
        for (var i = 0; i < chunks.Length; i++)
        {
            var (first, inChunk) = SliceEndpoints.PartOf(count, i).GetOffsetAndLength(count);
            ref readonly var last = ref read[from + first + inChunk - 1];
            var begin = read[from + first].Start;
            var length = last.Start + last.Length - begin;
            chunks[i] = (KeyedHash.Of(text.Slice(begin, length)), length);
        }
    }

    private static Span<T> Resized<T>(List<T> list, int at, int before, int now)
    {
        if (now < before)
        {
            list.RemoveRange(at + now, before - now);
        }
        else if (now > before)
        {
            var (more, tail) = (now - before, list.Count - at - before);
            list.Capacity = list.Count == 0 ? more : list.Capacity; // the first time exactly what is needed
            CollectionsMarshal.SetCount(list, list.Count + more);
            var all = CollectionsMarshal.AsSpan(list);
            all.Slice(at + before, tail).CopyTo(all[(at + before + more)..]);
        }

        return CollectionsMarshal.AsSpan(list).Slice(at, now);
    }
}
