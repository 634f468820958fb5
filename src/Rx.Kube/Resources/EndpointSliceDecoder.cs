using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Decodes EndpointSlices straight from UTF-8: no document, no intermediate strings. One decoder serves one subscription: it remembers
/// strings that repeat and the endpoints of earlier slices, to share them. Thread-safe.
/// </summary>
/// <remarks>
/// Unknown fields are skipped, null is the zero value (as for Go's decoder), and the last of duplicate keys counts.
/// What is skipped must be JSON, but its text is not decoded.
/// </remarks>
internal sealed class EndpointSliceDecoder
{
    internal static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 64 };

    private readonly StringPool _strings = new();
    private readonly ObjectMetaReader _metadata;
    private readonly EndpointReader _endpoints;
    private readonly EndpointArrayReader _endpointArrays;
    private readonly DecodedSlices _decoded = new();

    public EndpointSliceDecoder()
    {
        (_metadata, _endpoints) = (new ObjectMetaReader(_strings), new EndpointReader(_strings));
        _endpointArrays = new EndpointArrayReader(_endpoints);
    }

    /// <summary>Decodes one EndpointSlice.</summary>
    /// <exception cref="JsonException">
    /// The text is not an EndpointSlice, or not JSON. The message has the path and the position in bytes.
    /// </exception>
    public EndpointSlice Decode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ReaderOptions);
        try
        {
            return Read(ref reader, json, isFast: true);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Read without the shortcuts below, to say exactly what is wrong and where.
        }

        reader = new Utf8JsonReader(json, ReaderOptions);
        try
        {
            return Read(ref reader, json, isFast: false);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw JsonErrors.At(json, reader.TokenStartIndex, e);
        }
    }

    private EndpointSlice Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, bool isFast)
    {
        if (!JsonFields.BeginObject(ref reader))
        {
            throw new JsonException("expected an object, found null");
        }

        ObjectMeta? metadata = null;
        var addressType = "";
        var endpoints = SliceEndpoints.Empty;
        EquatableArray<EndpointPort> ports = default;
        while (JsonFields.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = _metadata.Read(ref reader, json);
            }
            else if (reader.ValueTextEquals("endpoints"u8))
            {
                endpoints = isFast && metadata is not null && json[(int)reader.BytesConsumed..] is [(byte)'[', ..]
                    ? ReadKnownEndpoints(ref reader, ref json, metadata)
                    : ReadEndpoints(ref reader);
            }
            else if (reader.ValueTextEquals("ports"u8))
            {
                ports = _endpoints.ReadPorts(ref reader);
            }
            else if (reader.ValueTextEquals("addressType"u8))
            {
                addressType = JsonFields.ReadString(ref reader, _strings) ?? "";
            }
            else if (reader.ValueTextEquals("kind"u8))
            {
                JsonFields.RequireKind(ref reader, "EndpointSlice", _strings);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read(); // Anything after the object is an error.
        return new EndpointSlice
        {
            Metadata = metadata ?? throw new JsonException("metadata.name is missing"),
            AddressType = addressType,
            Endpoints = endpoints,
            Ports = ports,
        };
    }

    // Leaves the reader at the end of the array. A new reader continues there, as if the array were empty.
    private SliceEndpoints ReadKnownEndpoints(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, ObjectMeta metadata)
    {
        reader.Read();
        var rest = json[(int)reader.BytesConsumed..];
        var decoded = _endpointArrays.Read(rest, _decoded.Find(metadata), out var consumed);
        _decoded.Keep(metadata, decoded);
        json = rest[consumed..];
        reader = new Utf8JsonReader(json, isFinalBlock: true, reader.CurrentState);
        reader.Read();
        return decoded;
    }

    private SliceEndpoints ReadEndpoints(ref Utf8JsonReader reader)
    {
        if (!JsonFields.BeginArray(ref reader))
        {
            return SliceEndpoints.Empty;
        }

        var endpoints = new List<Endpoint>();
        while (JsonFields.NextElement(ref reader))
        {
            endpoints.Add(_endpoints.ReadEndpoint(ref reader));
        }

        return [.. endpoints];
    }
}
