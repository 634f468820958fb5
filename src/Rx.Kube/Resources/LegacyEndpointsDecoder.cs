using System.Collections.Immutable;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Decodes core/v1 Endpoints straight from UTF-8, by the rules of <see cref="EndpointSliceDecoder"/>. Thread-safe.
/// Source of the fields: k8s.io/api core/v1 types.go.
/// </summary>
internal sealed class LegacyEndpointsDecoder
{
    private readonly StringPool _strings = new();
    private readonly ObjectMetaReader _metadata;
    private readonly EndpointReader _endpoints;
    private readonly WireLimits _limits;

    /// <summary>Creates a decoder.</summary>
    /// <param name="limits">The limits; null for the default ones.</param>
    public LegacyEndpointsDecoder(WireLimits? limits = null)
    {
        _limits = limits ?? WireLimits.Default;
        (_metadata, _endpoints) = (new ObjectMetaReader(_strings, _limits), new EndpointReader(_strings));
    }

    /// <summary>Decodes one Endpoints object.</summary>
    /// <exception cref="JsonException">
    /// The text is not an Endpoints object, or not JSON. The message has the path and the position in bytes.
    /// </exception>
    public LegacyEndpoints Decode(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, _limits.ObjectOptions);
        try
        {
            return Read(ref reader, json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw JsonErrors.At(json, reader, _limits, e);
        }
    }

    private LegacyEndpoints Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (!JsonFields.BeginObject(ref reader))
        {
            throw new JsonException("expected an object, found null");
        }

        ObjectMeta? metadata = null;
        var isTruncated = false;
        EquatableArray<EndpointSubset> subsets = default;
        while (JsonFields.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                var again = reader;
                metadata = _metadata.Read(ref reader, json);
                isTruncated = ReadIsTruncated(ref again);
            }
            else if (reader.ValueTextEquals("subsets"u8))
            {
                subsets = ReadSubsets(ref reader);
            }
            else if (reader.ValueTextEquals("kind"u8))
            {
                JsonFields.RequireKind(ref reader, "Endpoints", _strings);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read(); // Anything after the object is an error.
        return new LegacyEndpoints
        {
            Metadata = metadata ?? throw new JsonException("metadata.name is missing"),
            Subsets = subsets,
            IsTruncated = isTruncated,
        };
    }

    // The metadata has been read before, without an error.
    private static bool ReadIsTruncated(ref Utf8JsonReader reader)
    {
        var isTruncated = false;
        if (JsonFields.BeginObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (!reader.ValueTextEquals("annotations"u8))
                {
                    reader.Skip();
                    continue;
                }

                isTruncated = false;
                if (JsonFields.BeginObject(ref reader))
                {
                    while (JsonFields.NextProperty(ref reader))
                    {
                        var isOverCapacity = reader.ValueTextEquals("endpoints.kubernetes.io/over-capacity"u8);
                        reader.Read();
                        if (isOverCapacity)
                        {
                            isTruncated = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("truncated"u8);
                        }

                        reader.Skip();
                    }
                }
            }
        }

        return isTruncated;
    }

    private EquatableArray<EndpointSubset> ReadSubsets(ref Utf8JsonReader reader)
    {
        if (!JsonFields.BeginArray(ref reader))
        {
            return [];
        }

        var subsets = ImmutableArray.CreateBuilder<EndpointSubset>(1);
        while (JsonFields.NextElement(ref reader))
        {
            subsets.Add(ReadSubset(ref reader));
        }

        return subsets.DrainToImmutable();
    }

    private EndpointSubset ReadSubset(ref Utf8JsonReader reader)
    {
        EquatableArray<EndpointAddress> ready = default, notReady = default;
        EquatableArray<EndpointPort> ports = default;
        if (JsonFields.IsObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("addresses"u8))
                {
                    ready = ReadAddresses(ref reader);
                }
                else if (reader.ValueTextEquals("notReadyAddresses"u8))
                {
                    notReady = ReadAddresses(ref reader);
                }
                else if (reader.ValueTextEquals("ports"u8))
                {
                    ports = _endpoints.ReadPorts(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return new EndpointSubset { Addresses = ready, NotReadyAddresses = notReady, Ports = ports };
    }

    private EquatableArray<EndpointAddress> ReadAddresses(ref Utf8JsonReader reader)
    {
        if (!JsonFields.BeginArray(ref reader))
        {
            return [];
        }

        var addresses = ImmutableArray.CreateBuilder<EndpointAddress>();
        while (JsonFields.NextElement(ref reader))
        {
            addresses.Add(ReadAddress(ref reader));
        }

        return addresses.DrainToImmutable();
    }

    private EndpointAddress ReadAddress(ref Utf8JsonReader reader)
    {
        string? ip = null, hostname = null, node = null;
        TargetReference? target = null;
        if (JsonFields.IsObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("ip"u8))
                {
                    ip = JsonFields.ReadString(ref reader);
                }
                else if (reader.ValueTextEquals("hostname"u8))
                {
                    hostname = JsonFields.ReadString(ref reader);
                }
                else if (reader.ValueTextEquals("nodeName"u8))
                {
                    node = JsonFields.ReadString(ref reader, _strings);
                }
                else if (reader.ValueTextEquals("targetRef"u8))
                {
                    target = _endpoints.ReadTarget(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return new EndpointAddress(ip ?? "", hostname, node, target);
    }
}
