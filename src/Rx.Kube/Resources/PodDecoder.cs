using System.Collections.Immutable;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Decodes Pods straight from UTF-8, by the rules of <see cref="EndpointSliceDecoder"/>. Thread-safe.</summary>
internal sealed class PodDecoder
{
    private readonly StringPool _strings = new();
    private readonly ObjectMetaReader _metadata;
    private readonly WireLimits _limits;

    /// <summary>Creates a decoder.</summary>
    /// <param name="limits">The limits; null for the default ones.</param>
    public PodDecoder(WireLimits? limits = null)
    {
        _limits = limits ?? WireLimits.Default;
        _metadata = new ObjectMetaReader(_strings, _limits);
    }

    /// <summary>Decodes one Pod.</summary>
    /// <exception cref="JsonException">The text is not a Pod, or not JSON. The message has the path and the position in bytes.</exception>
    public Pod Decode(ReadOnlySpan<byte> json)
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

    private Pod Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (!JsonFields.BeginObject(ref reader))
        {
            throw new JsonException("expected an object, found null");
        }

        ObjectMeta? metadata = null;
        string? node = null;
        Status status = new(default, "", false);
        while (JsonFields.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = _metadata.Read(ref reader, json);
            }
            else if (reader.ValueTextEquals("spec"u8))
            {
                node = ReadNodeName(ref reader);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                status = ReadStatus(ref reader);
            }
            else if (reader.ValueTextEquals("kind"u8))
            {
                JsonFields.RequireKind(ref reader, "Pod", _strings);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read(); // Anything after the object is an error.
        return new Pod
        {
            Metadata = metadata ?? throw new JsonException("metadata.name is missing"),
            NodeName = node,
            IPs = status.IPs,
            Phase = status.Phase,
            Ready = status.Ready,
        };
    }

    private string? ReadNodeName(ref Utf8JsonReader reader)
    {
        string? node = null;
        if (JsonFields.BeginObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("nodeName"u8))
                {
                    node = JsonFields.ReadString(ref reader, _strings);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return string.IsNullOrEmpty(node) ? null : node;
    }

    private Status ReadStatus(ref Utf8JsonReader reader)
    {
        EquatableArray<string> ips = default;
        string? phase = null, ip = null;
        var ready = false;
        if (JsonFields.BeginObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("podIPs"u8))
                {
                    ips = ReadIPs(ref reader);
                }
                else if (reader.ValueTextEquals("podIP"u8))
                {
                    ip = JsonFields.ReadString(ref reader);
                }
                else if (reader.ValueTextEquals("phase"u8))
                {
                    phase = JsonFields.ReadString(ref reader, _strings);
                }
                else if (reader.ValueTextEquals("conditions"u8))
                {
                    ready = JsonFields.ReadCondition(ref reader, "Ready"u8);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return new(ips.IsEmpty && !string.IsNullOrEmpty(ip) ? [ip] : ips, phase ?? "", ready);
    }

    private static EquatableArray<string> ReadIPs(ref Utf8JsonReader reader)
    {
        if (!JsonFields.BeginArray(ref reader))
        {
            return [];
        }

        var ips = ImmutableArray.CreateBuilder<string>(1);
        while (JsonFields.NextElement(ref reader))
        {
            string? ip = null;
            if (JsonFields.IsObject(ref reader))
            {
                while (JsonFields.NextProperty(ref reader))
                {
                    if (reader.ValueTextEquals("ip"u8))
                    {
                        ip = JsonFields.ReadString(ref reader);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }

            if (!string.IsNullOrEmpty(ip))
            {
                ips.Add(ip);
            }
        }

        return ips.DrainToImmutable();
    }

    private readonly record struct Status(EquatableArray<string> IPs, string Phase, bool Ready);
}
