using System.Collections.Immutable;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Reads the endpoints and ports of an EndpointSlice. Source of the fields: k8s.io/api discovery/v1 types.go.</summary>
internal sealed class EndpointReader(StringPool strings)
{
    private static readonly Endpoint Absent = new();
    private readonly EndpointPool _pool = new();

    /// <summary>Reads the endpoint at the reader's current token; null means one without addresses.</summary>
    public Endpoint ReadEndpoint(ref Utf8JsonReader reader) => ReadEndpoint(ref reader, out _);

    /// <summary>Reads the endpoint at the reader's current token; null means one without addresses.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="place">Where its conditions are.</param>
    public Endpoint ReadEndpoint(ref Utf8JsonReader reader, out ConditionsPlace place)
    {
        place = default;
        if (!JsonFields.IsObject(ref reader))
        {
            return Absent;
        }

        var draft = new EndpointDraft();
        while (JsonFields.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("addresses"u8))
            {
                ReadAddresses(ref reader, ref draft);
            }
            else if (reader.ValueTextEquals("conditions"u8))
            {
                var start = (int)reader.BytesConsumed;
                draft.Conditions = ReadConditions(ref reader);
                place = new(start, (int)reader.BytesConsumed);
            }
            else if (reader.ValueTextEquals("targetRef"u8))
            {
                draft.Target = ReadPackedTarget(ref reader);
            }
            else if (reader.ValueTextEquals("nodeName"u8))
            {
                draft.Node = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("zone"u8))
            {
                draft.Zone = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("hostname"u8))
            {
                draft.Hostname = ReadName(ref reader);
            }
            else if (reader.ValueTextEquals("hints"u8))
            {
                (draft.ForZones, draft.ForNodes) = ReadHints(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return draft.ToEndpoint(_pool);
    }

    /// <summary>Reads on and returns the ports; empty for null.</summary>
    public EquatableArray<EndpointPort> ReadPorts(ref Utf8JsonReader reader)
    {
        if (!JsonFields.BeginArray(ref reader))
        {
            return [];
        }

        var ports = ImmutableArray.CreateBuilder<EndpointPort>(1);
        while (JsonFields.NextElement(ref reader))
        {
            ports.Add(ReadPort(ref reader));
        }

        return ports.DrainToImmutable();
    }

    private EndpointPort ReadPort(ref Utf8JsonReader reader)
    {
        string? name = null, protocol = null, appProtocol = null;
        int? number = null;
        if (JsonFields.IsObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("name"u8))
                {
                    name = JsonFields.ReadString(ref reader, strings);
                }
                else if (reader.ValueTextEquals("port"u8))
                {
                    number = JsonFields.ReadInt32(ref reader);
                }
                else if (reader.ValueTextEquals("protocol"u8))
                {
                    protocol = JsonFields.ReadString(ref reader, strings);
                }
                else if (reader.ValueTextEquals("appProtocol"u8))
                {
                    appProtocol = JsonFields.ReadString(ref reader, strings);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return new EndpointPort(name ?? "", number, string.IsNullOrEmpty(protocol) ? "TCP" : protocol, appProtocol);
    }

    /// <summary>Reads on and returns the conditions.</summary>
    private static Conditions ReadConditions(ref Utf8JsonReader reader)
    {
        bool? ready = null, serving = null, terminating = null;
        if (JsonFields.BeginObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("ready"u8))
                {
                    ready = JsonFields.ReadBoolean(ref reader);
                }
                else if (reader.ValueTextEquals("serving"u8))
                {
                    serving = JsonFields.ReadBoolean(ref reader);
                }
                else if (reader.ValueTextEquals("terminating"u8))
                {
                    terminating = JsonFields.ReadBoolean(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return new(ready, serving, terminating);
    }

    /// <summary>Reads on and returns the object behind an endpoint, or null.</summary>
    public TargetReference? ReadTarget(ref Utf8JsonReader reader) => ReadPackedTarget(ref reader)?.ToReference();

    private PackedTarget? ReadPackedTarget(ref Utf8JsonReader reader)
    {
        if (!JsonFields.BeginObject(ref reader))
        {
            return null;
        }

        string? kind = null, @namespace = null;
        var (name, uid) = (PackedName.Empty, PackedUid.Empty);
        while (JsonFields.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("kind"u8))
            {
                kind = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("namespace"u8))
            {
                @namespace = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                name = ReadName(ref reader) ?? PackedName.Empty;
            }
            else if (reader.ValueTextEquals("uid"u8))
            {
                uid = ReadUid(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new(kind ?? "", @namespace ?? "", name, uid);
    }

    private PackedName? ReadName(ref Utf8JsonReader reader)
    {
        reader.Read();
        return IsPlain(ref reader) && PackedName.TryRead(reader.ValueSpan, strings, out var name) ? name
            : JsonFields.CurrentString(ref reader) is { } text ? PackedName.Of(text)
            : null;
    }

    private static PackedUid ReadUid(ref Utf8JsonReader reader)
    {
        reader.Read();
        return IsPlain(ref reader) && PackedText.TryPackUid(reader.ValueSpan, out var uid) ? new(uid, null)
            : PackedUid.Of(JsonFields.CurrentString(ref reader) ?? "");
    }

    private static void ReadAddresses(ref Utf8JsonReader reader, ref EndpointDraft draft)
    {
        draft.Addresses = [];
        if (!JsonFields.BeginArray(ref reader) || !JsonFields.NextElement(ref reader))
        {
            return;
        }

        var isNumber = PackedText.TryPackIPv4(IsPlain(ref reader) ? reader.ValueSpan : default, out var ipv4);
        var first = isNumber ? null : JsonFields.CurrentString(ref reader) ?? "";
        if (JsonFields.NextElement(ref reader))
        {
            draft.Addresses = JsonFields.ReadMore(first ?? PackedText.IPv4(ipv4), ref reader);
        }
        else if (isNumber)
        {
            draft.SetAddress(ipv4);
        }
        else
        {
            draft.Addresses = ImmutableArray.Create(first!);
        }
    }

    // Whether the text of the token is the value.
    private static bool IsPlain(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped;

    private (EquatableArray<string> Zones, EquatableArray<string> Nodes) ReadHints(ref Utf8JsonReader reader)
    {
        EquatableArray<string> zones = default, nodes = default;
        if (JsonFields.BeginObject(ref reader))
        {
            while (JsonFields.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("forZones"u8))
                {
                    zones = ReadNames(ref reader);
                }
                else if (reader.ValueTextEquals("forNodes"u8))
                {
                    nodes = ReadNames(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return (zones, nodes);
    }

    private EquatableArray<string> ReadNames(ref Utf8JsonReader reader)
    {
        if (!JsonFields.BeginArray(ref reader))
        {
            return [];
        }

        var names = ImmutableArray.CreateBuilder<string>(1);
        while (JsonFields.NextElement(ref reader))
        {
            string? name = null;
            if (JsonFields.IsObject(ref reader))
            {
                while (JsonFields.NextProperty(ref reader))
                {
                    if (reader.ValueTextEquals("name"u8))
                    {
                        name = JsonFields.ReadString(ref reader, strings);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }

            names.Add(name ?? "");
        }

        return names.DrainToImmutable();
    }
}
