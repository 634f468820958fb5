using System.Collections.Immutable;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Reads the array of endpoints, and takes each endpoint whose bytes are those of the last time from there: in the usual event one of
/// a hundred changed, and parsing the others again would be nearly all of the cost.
/// </summary>
internal sealed class EndpointArrayReader(EndpointReader endpoints)
{
    // Two levels less than the whole: the slice and the array.
    private static readonly JsonReaderOptions ElementOptions =
        EndpointSliceDecoder.ReaderOptions with { MaxDepth = EndpointSliceDecoder.ReaderOptions.MaxDepth - 2 };

    /// <summary>Reads the elements.</summary>
    /// <param name="json">The text after the opening bracket.</param>
    /// <param name="before">The last time; null if there was none.</param>
    /// <param name="consumed">How many bytes there are before the closing bracket.</param>
    /// <exception cref="JsonException">The text is not such an array.</exception>
    public DecodedEndpoints Read(ReadOnlySpan<byte> json, DecodedEndpoints? before, out int consumed)
    {
        var expected = before?.Endpoints.Length ?? 0;
        var all = ImmutableArray.CreateBuilder<Endpoint>(expected);
        var hashes = new ulong[expected];
        var lengths = new int[expected];
        var isSame = before is not null;
        var next = 0; // which endpoint of before should come now
        var at = SkipWhitespace(json, 0);
        while (At(json, at) != (byte)']')
        {
            if (all.Count > 0)
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
                endpoint = known >= 0 ? before!.Endpoints[known] : endpoint;
            }

            isSame &= known == all.Count;
            if (all.Count == hashes.Length)
            {
                Array.Resize(ref hashes, Math.Max(16, hashes.Length * 2));
                Array.Resize(ref lengths, hashes.Length);
            }

            (hashes[all.Count], lengths[all.Count]) = (hash, length);
            all.Add(endpoint);
            next = known >= 0 ? known + 1 : next + 1;
            at = SkipWhitespace(json, at + length);
        }

        consumed = at;
        if (isSame && all.Count == expected)
        {
            return before!;
        }

        Array.Resize(ref hashes, all.Count);
        Array.Resize(ref lengths, all.Count);
        return new DecodedEndpoints(all.DrainToImmutable(), hashes, lengths);
    }

    // The one that should come, or the one after it when that one was removed.
    private static int Known(DecodedEndpoints before, int next, ReadOnlySpan<byte> text) =>
        before.BeginsWith(next, text) ? next : before.BeginsWith(next + 1, text) ? next + 1 : -1;

    private static int SkipWhitespace(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    private static byte At(ReadOnlySpan<byte> json, int at) => at < json.Length ? json[at] : throw new JsonException("the array does not end");

    private static void Require(ReadOnlySpan<byte> json, int at, byte expected)
    {
        if (At(json, at) != expected)
        {
            throw new JsonException("expected a comma or the end of the array");
        }
    }
}
