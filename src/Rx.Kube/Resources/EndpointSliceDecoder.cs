using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Decodes EndpointSlices straight from UTF-8: no document, no intermediate strings. One decoder serves one subscription: it remembers
/// strings that repeat, and what the texts of earlier slices were, to share what did not change. Thread-safe.
/// </summary>
/// <remarks>
/// Unknown fields are skipped, null is the zero value (as for Go's decoder), and the last of duplicate keys counts.
/// What is skipped must be JSON, but its text is not decoded.
/// </remarks>
internal sealed class EndpointSliceDecoder
{
    private readonly bool _remembers;
    private readonly StringPool _strings = new();
    private readonly ObjectMetaReader _metadata;
    private readonly EndpointReader _endpoints;
    private readonly EndpointArrayReader _endpointArrays;
    private readonly KnownSlices _known;
    private readonly WireLimits _limits;
    private readonly JsonReaderOptions _options;
    private ReadEndpoints? _read = new();

    /// <summary>Creates a decoder.</summary>
    /// <param name="remembers">False parses each text as a whole: the plain path, to which tests compare the other one.</param>
    /// <param name="known">What it remembers; null for nothing yet.</param>
    /// <param name="limits">The limits; null for the default ones.</param>
    public EndpointSliceDecoder(bool remembers = true, KnownSlices? known = null, WireLimits? limits = null)
    {
        (_remembers, _known) = (remembers, known ?? new KnownSlices());
        _limits = limits ?? WireLimits.Default;
        _options = _limits.ObjectOptions;
        (_metadata, _endpoints) = (new ObjectMetaReader(_strings, _limits), new EndpointReader(_strings));
        _endpointArrays = new EndpointArrayReader(_endpoints, _options);
    }

    /// <summary>Decodes one EndpointSlice.</summary>
    /// <exception cref="JsonException">
    /// The text is not an EndpointSlice, or not JSON. The message has the path and the position in bytes.
    /// </exception>
    public EndpointSlice Decode(ReadOnlySpan<byte> json)
    {
        if (_remembers)
        {
            try
            {
                return Recognize(json);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Parsed below without shortcuts, to say exactly what is wrong and where.
            }
        }

        var reader = new Utf8JsonReader(json, _options);
        try
        {
            var shape = default(SliceShape);
            return Parse(ref reader, json, null, null, ref shape);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw JsonErrors.At(json, reader, _limits, e);
        }
    }

    private EndpointSlice Recognize(ReadOnlySpan<byte> json)
    {
        var read = Interlocked.Exchange(ref _read, null) ?? new ReadEndpoints();
        var metadata = SliceShape.MetadataOf(json);
        var known = _known.Take(json, metadata);
        try
        {
            if (known?.Read(json, metadata, _endpointArrays, read) is { } next)
            {
                return next;
            }

            read.Clear();
            var shape = new SliceShape { Metadata = metadata };
            var reader = new Utf8JsonReader(json, _options);
            var slice = Parse(ref reader, json, known, read, ref shape);
            if (KnownSlice.Of(json, shape, slice, read, known) is { } now)
            {
                known = null; // Its fingerprints belong to the new one.
                _known.Keep(now);
            }

            return slice;
        }
        finally
        {
            known?.Release();
            read.Clear();
            _read = read;
        }
    }

    /// <summary>Parses a text.</summary>
    /// <param name="reader">The reader; where it fails is where the text is wrong, if <paramref name="read"/> is null.</param>
    /// <param name="json">The text.</param>
    /// <param name="known">What is known of the slice; null for nothing.</param>
    /// <param name="read">Takes what was read of the endpoints, which those of the last time may replace; null for the plain path.</param>
    /// <param name="shape">Takes where the parts of the text are.</param>
    private EndpointSlice Parse(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, KnownSlice? known, ReadEndpoints? read, ref SliceShape shape)
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
                shape.IsAmbiguous |= metadata is not null;
                metadata = _metadata.Read(ref reader, json, ref shape.Values);
            }
            else if (reader.ValueTextEquals("endpoints"u8))
            {
                shape.IsAmbiguous |= shape.Endpoints > 0;
                var isFirst = metadata is not null && shape.Endpoints == 0;
                endpoints = read is not null && isFirst && json[(int)reader.BytesConsumed..] is [(byte)'[', ..]
                    ? ReadKnownEndpoints(ref reader, ref json, known, read, ref shape)
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
    private SliceEndpoints ReadKnownEndpoints(
        ref Utf8JsonReader reader, ref ReadOnlySpan<byte> json, KnownSlice? known, ReadEndpoints read, ref SliceShape shape)
    {
        reader.Read();
        shape.Endpoints = (int)reader.BytesConsumed;
        var before = known?.Slice.Endpoints ?? SliceEndpoints.Empty;
        shape.EndpointsEnd = _endpointArrays.Read(json, shape.Endpoints, before, known?.Endpoints, read);
        json = json[shape.EndpointsEnd..];
        reader = new Utf8JsonReader(json, isFinalBlock: true, reader.CurrentState);
        reader.Read();
        return read.ApplyTo(before);
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
