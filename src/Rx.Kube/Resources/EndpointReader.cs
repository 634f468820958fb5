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

        EquatableArray<string> addresses = default, forZones = default, forNodes = default;
        var conditions = default(Conditions);
        string? hostname = null, node = null, zone = null;
        TargetReference? target = null;
        while (JsonFields.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("addresses"u8))
            {
                addresses = JsonFields.ReadStrings(ref reader);
            }
            else if (reader.ValueTextEquals("conditions"u8))
            {
                var start = (int)reader.BytesConsumed;
                conditions = ReadConditions(ref reader);
                place = new(start, (int)reader.BytesConsumed);
            }
            else if (reader.ValueTextEquals("targetRef"u8))
            {
                target = ReadTarget(ref reader);
            }
            else if (reader.ValueTextEquals("nodeName"u8))
            {
                node = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("zone"u8))
            {
                zone = JsonFields.ReadString(ref reader, strings);
            }
            else if (reader.ValueTextEquals("hostname"u8))
            {
                hostname = JsonFields.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("hints"u8))
            {
                (forZones, forNodes) = ReadHints(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new Endpoint
        {
            Addresses = addresses,
            Conditions = conditions,
            TargetRef = target,
            Hostname = hostname,
            ForZones = forZones,
            ForNodes = forNodes,
        }.At(_pool, node, zone);
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
    public TargetReference? ReadTarget(ref Utf8JsonReader reader)
    {
        if (!JsonFields.BeginObject(ref reader))
        {
            return null;
        }

        string? kind = null, @namespace = null, name = null, uid = null;
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
                name = JsonFields.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("uid"u8))
            {
                uid = JsonFields.ReadString(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new TargetReference(kind ?? "", @namespace ?? "", name ?? "", uid ?? "");
    }

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
