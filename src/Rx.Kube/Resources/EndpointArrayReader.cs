using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Reads the array of endpoints, and reuses each endpoint whose bytes did not change since the last time: in the usual event one of
/// a hundred changed, and parsing the others again would be nearly all of the cost.
/// </summary>
internal sealed class EndpointArrayReader(EndpointReader endpoints)
{
    // The slice and the array around an endpoint take two levels of the depth.
    private static readonly JsonReaderOptions ElementOptions =
        EndpointSliceDecoder.ReaderOptions with { MaxDepth = EndpointSliceDecoder.ReaderOptions.MaxDepth - 2 };

    /// <summary>Reads the elements.</summary>
    /// <param name="json">The text after the opening bracket.</param>
    /// <param name="before">The endpoints of the last time; null if there are none.</param>
    /// <param name="consumed">The number of bytes before the closing bracket.</param>
    /// <exception cref="JsonException">The text is not such an array.</exception>
    public SliceEndpoints Read(ReadOnlySpan<byte> json, SliceEndpoints? before, out int consumed)
    {
        var expected = before?.Count ?? 0;
        var count = 0;
        var all = new Endpoint[expected];
        var hashes = new ulong[expected];
        var lengths = new int[expected];
        var isSame = before is not null;
        var next = 0; // the endpoint of before that should come now
        var at = SkipWhitespace(json, 0);
        while (At(json, at) != (byte)']')
        {
            if (count > 0)
            {
                Require(json, at, (byte)',');
                at = SkipWhitespace(json, at + 1);
            }

            var text = json[at..];
            var known = before is null ? -1 : Known(before, next, text);
            Endpoint endpoint;
            int length;
            ulong hash;
            if (known >= 0)
            {
                (endpoint, hash, length) = before!.At(known);
            }
            else
            {
                var reader = new Utf8JsonReader(text, ElementOptions);
                reader.Read();
                endpoint = endpoints.ReadEndpoint(ref reader);
                length = (int)reader.BytesConsumed;
                hash = KeyedHash.Of(text[..length]);
                known = before?.IndexOf(hash, length) ?? -1;
                endpoint = known >= 0 ? before![known] : endpoint;
            }

            isSame &= known == count;
            if (count == all.Length)
            {
                Resize(Math.Max(16, count * 2));
            }

            (all[count], hashes[count], lengths[count]) = (endpoint, hash, length);
            count++;
            next = known >= 0 ? known + 1 : next + 1;
            at = SkipWhitespace(json, at + length);
        }

        consumed = at;
        if (isSame && count == expected)
        {
            return before!;
        }

        Resize(count);
        return new SliceEndpoints(all, hashes, lengths);

        void Resize(int size)
        {
            Array.Resize(ref all, size);
            Array.Resize(ref hashes, size);
            Array.Resize(ref lengths, size);
        }
    }

    // The expected endpoint, or the one after it when the expected one was removed.
    private static int Known(SliceEndpoints before, int next, ReadOnlySpan<byte> text) =>
        before.BeginsWith(next, text) ? next : before.BeginsWith(next + 1, text) ? next + 1 : -1;

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
}
