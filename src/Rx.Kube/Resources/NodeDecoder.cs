using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Decodes Nodes straight from UTF-8, by the rules of <see cref="EndpointSliceDecoder"/>. Thread-safe.</summary>
internal sealed class NodeDecoder
{
    private readonly StringPool _strings = new();
    private readonly ObjectMetaReader _metadata;
    private readonly WireLimits _limits;

    /// <summary>Creates a decoder.</summary>
    /// <param name="limits">The limits; null for the default ones.</param>
    public NodeDecoder(WireLimits? limits = null)
    {
        _limits = limits ?? WireLimits.Default;
        _metadata = new ObjectMetaReader(_strings, _limits);
    }

    /// <summary>Decodes one Node.</summary>
    /// <exception cref="JsonException">The text is not a Node, or not JSON. The message has the path and the position in bytes.</exception>
    public Node Decode(ReadOnlySpan<byte> json)
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

    private Node Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (!JsonFields.BeginObject(ref reader))
        {
            throw new JsonException("expected an object, found null");
        }

        ObjectMeta? metadata = null;
        var (unschedulable, ready) = (false, false);
        while (JsonFields.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = _metadata.Read(ref reader, json);
            }
            else if (reader.ValueTextEquals("spec"u8))
            {
                unschedulable = ReadUnschedulable(ref reader);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                ready = ReadReady(ref reader);
            }
            else if (reader.ValueTextEquals("kind"u8))
            {
                JsonFields.RequireKind(ref reader, "Node", _strings);
            }
            else
            {
                reader.Skip();
            }
        }

        reader.Read(); // Anything after the object is an error.
        return new Node
        {
            Metadata = metadata ?? throw new JsonException("metadata.name is missing"),
            Ready = ready,
            Unschedulable = unschedulable,
        };
    }

    private static bool ReadUnschedulable(ref Utf8JsonReader reader)
    {
        var unschedulable = false;
        if (JsonFields.BeginObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("unschedulable"u8))
                {
                    unschedulable = JsonFields.ReadBoolean(ref reader) ?? false;
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return unschedulable;
    }

    private static bool ReadReady(ref Utf8JsonReader reader)
    {
        var ready = false;
        if (JsonFields.BeginObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("conditions"u8))
                {
                    ready = JsonFields.ReadCondition(ref reader, "Ready"u8);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return ready;
    }
}
