using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Reads the array of endpoints. In the usual event one of a hundred changed, and parsing all would be nearly all of the cost: whole chunks
/// of 8 endpoints whose text did not change are recognized by one fingerprint, at the speed of the memory; in a chunk that changed, each
/// endpoint by its own, whatever its conditions are; and only what is left is parsed. On 100 endpoints this takes 3 µs, and parsing them
/// 60 µs. <c>KnownSliceTests</c> hold both equal.
/// </summary>
/// <param name="endpoints">Reads an element.</param>
/// <param name="options">How the slice around the array is read.</param>
internal sealed class EndpointArrayReader(EndpointReader endpoints, JsonReaderOptions options)
{
    // A changed chunk with fewer endpoints takes its neighbour in, so that removals do not leave ever smaller chunks.
    private const int SmallestChunk = SliceEndpoints.ChunkSize / 2;

    // The slice and the array around an endpoint take two levels of the depth.
    private readonly JsonReaderOptions _elementOptions = options with { MaxDepth = options.MaxDepth - 2 };

    /// <summary>Reads the elements.</summary>
    /// <param name="json">The text.</param>
    /// <param name="at">The position after the opening bracket.</param>
    /// <param name="before">The endpoints of the last time, with <paramref name="prints"/>.</param>
    /// <param name="prints">The fingerprints of their texts; null if there are none.</param>
    /// <param name="read">Takes what was read.</param>
    /// <returns>The position of the closing bracket.</returns>
    /// <exception cref="JsonException">The text is not such an array.</exception>
    public int Read(ReadOnlySpan<byte> json, int at, SliceEndpoints before, EndpointPrints? prints, ReadEndpoints read)
    {
        var position = new Position(before);
        at = SkipWhitespace(json, at);
        for (var isFirst = true; At(json, at) != (byte)']'; isFirst = false)
        {
            if (!isFirst)
            {
                Require(json, at, (byte)',');
                at = SkipWhitespace(json, at + 1);
            }

            var text = json[at..];
            if (prints is not null && position.IsAtChunk && !position.IsSmall(read) &&
                prints.BeginsWithChunk(position.Chunk, text, out var length))
            {
                position.PassChunk(read);
            }
            else
            {
                var next = ReadOne(text, at, before, prints, ref position);
                position.Pass(next, read);
                length = next.Read.Length;
            }

            at = SkipWhitespace(json, at + length);
        }

        position.End(read);
        return at;
    }

    private (ReadEndpoint Read, int Known) ReadOne(
        ReadOnlySpan<byte> text, int at, SliceEndpoints before, EndpointPrints? prints, ref Position position)
    {
        if (prints is not null)
        {
            // After changes, after the removal of one, after insertions.
            foreach (var candidate in (ReadOnlySpan<int>)[position.Expected, position.Expected + 1, position.Next])
            {
                var print = prints[candidate];
                if (print.Begins(text, out var knownLength, out var now))
                {
                    var same = before[candidate];
                    return (new(now is null ? same : same.With(now.Value), at, knownLength, print), candidate);
                }
            }
        }

        var reader = new Utf8JsonReader(text, _elementOptions);
        reader.Read();
        var endpoint = endpoints.ReadEndpoint(ref reader, out var conditions);
        var length = (int)reader.BytesConsumed;
        var read = EndpointPrint.Of(text[..length], conditions);
        var known = prints?.IndexOf(read) ?? -1;
        return (new(known >= 0 ? before[known].With(endpoint.Conditions) : endpoint, at, length, read), known);
    }

    private static int SkipWhitespace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    private static byte At(ReadOnlySpan<byte> json, int at) =>
        at < json.Length ? json[at] : throw new JsonException("the array does not end");

    private static void Require(ReadOnlySpan<byte> json, int at, byte expected)
    {
        if (At(json, at) != expected)
        {
            throw new JsonException("expected a comma or the end of the array");
        }
    }

    /// <summary>Where the text is in the endpoints of the last time, and which of their chunks are being replaced.</summary>
    private ref struct Position(SliceEndpoints before)
    {
        private int _next; // the endpoint after the last one that was recognized
        private int _unknown; // how many were not recognized since
        private int _from = -1; // the first endpoint of the current change in what was read; -1 if there is none
        private int _firstChunk;

        /// <summary>Gets the first chunk that has no endpoint that was recognized, or was passed over.</summary>
        public int Chunk { get; private set; }

        /// <summary>Gets whether the next endpoint should be the first one of <see cref="Chunk"/>.</summary>
        public readonly bool IsAtChunk => _unknown <= 1 && Chunk < before.Chunks && before.StartOf(Chunk) == Expected;

        /// <summary>Gets whether the current change would leave a small chunk.</summary>
        public readonly bool IsSmall(ReadEndpoints read) => _from >= 0 && read.Count - _from < SmallestChunk;

        /// <summary>Gets the endpoint after the last one that was recognized.</summary>
        public readonly int Next => _next;

        /// <summary>Gets the endpoint that comes now if those that were not recognized are changed ones.</summary>
        public readonly int Expected => _next + _unknown;

        /// <summary>Passes a chunk that did not change.</summary>
        public void PassChunk(ReadEndpoints read)
        {
            EndChange(read);
            (_next, _unknown) = (before.StartOf(++Chunk), 0);
        }

        /// <summary>Passes an endpoint.</summary>
        public void Pass((ReadEndpoint Read, int Known) next, ReadEndpoints read)
        {
            if (_from < 0)
            {
                (_from, _firstChunk) = (read.Count, Chunk);
            }

            read.Add(next.Read);
            if (next.Known < _next)
            {
                _unknown++; // new, or from another place
                return;
            }

            (_next, _unknown) = (next.Known + 1, 0);
            while (Chunk < before.Chunks && before.StartOf(Chunk) < _next)
            {
                Chunk++;
            }
        }

        /// <summary>Ends the array: what has not come was removed.</summary>
        public void End(ReadEndpoints read)
        {
            if (Chunk < before.Chunks)
            {
                if (_from < 0)
                {
                    (_from, _firstChunk) = (read.Count, Chunk);
                }

                Chunk = before.Chunks;
            }

            EndChange(read);
        }

        private void EndChange(ReadEndpoints read)
        {
            if (_from >= 0)
            {
                read.Add(new EndpointEdit(_firstChunk, Chunk, _from, read.Count));
                _from = -1;
            }
        }
    }
}
