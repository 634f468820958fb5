using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Decodes core/v1 Endpoints in protobuf, by the rules of <see cref="ProtobufSliceDecoder"/>. Thread-safe. Source of the fields:
/// k8s.io/api core/v1 generated.proto.
/// </summary>
internal sealed class ProtobufEndpointsDecoder
{
    private const int Subsets = 2;

    // Fields of EndpointSubset, EndpointAddress and EndpointPort.
    private const int Addresses = 1, NotReadyAddresses = 2, Ports = 3;
    private const int Ip = 1, Target = 2, Hostname = 3, NodeName = 4;
    private const int PortNumber = 2, PortProtocol = 3;
    private static readonly EndpointAddress Absent = new("");
    private static readonly EndpointSubset Empty = new();
    private readonly StringPool _strings = new();
    private readonly ProtobufMetaReader _metadata;
    private readonly ProtobufEndpointReader _endpoints;

    /// <summary>Creates a decoder.</summary>
    /// <param name="limits">The limits; null for the default ones.</param>
    public ProtobufEndpointsDecoder(WireLimits? limits = null) => (_metadata, _endpoints) = (new(_strings, limits), new(_strings));

    /// <summary>Decodes one Endpoints object, with or without its envelope.</summary>
    /// <exception cref="ProtobufException">The bytes are not an Endpoints object.</exception>
    public LegacyEndpoints Decode(ReadOnlySpan<byte> data)
    {
        var reader = ProtobufEnvelope.Open(data, "Endpoints"u8);
        ObjectMeta? metadata = null;
        var isTruncated = false;
        ProtobufItems<EndpointSubset> subsets = default;
        while (reader.Next())
        {
            if (reader.Field == ProtobufMeta.Metadata)
            {
                metadata = _metadata.Read(reader.ReadMessage(), out _, out isTruncated);
            }
            else if (reader.Field == Subsets)
            {
                subsets.Add(ReadSubset(reader.ReadMessage()));
            }
        }

        return new LegacyEndpoints
        {
            Metadata = metadata ?? throw ProtobufMetaReader.Missing(),
            Subsets = subsets.ToArray(),
            IsTruncated = isTruncated,
        };
    }

    private EndpointSubset ReadSubset(ProtobufReader reader)
    {
        if (reader.IsEmpty)
        {
            return Empty;
        }

        ProtobufItems<EndpointAddress> ready = default, notReady = default;
        var ports = new ProtobufPorts(_endpoints, PortNumber, PortProtocol);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Addresses:
                    ready.Add(ReadAddress(reader.ReadMessage()));
                    break;
                case NotReadyAddresses:
                    notReady.Add(ReadAddress(reader.ReadMessage()));
                    break;
                case Ports:
                    ports.Add(reader.ReadMessage());
                    break;
            }
        }

        return new EndpointSubset { Addresses = ready.ToArray(), NotReadyAddresses = notReady.ToArray(), Ports = ports.ToArray() };
    }

    private EndpointAddress ReadAddress(ProtobufReader reader)
    {
        if (reader.IsEmpty)
        {
            return Absent;
        }

        string ip = "", hostname = "";
        string? node = null;
        TargetReference? target = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Ip:
                    ip = reader.ReadString();
                    break;
                case Hostname:
                    hostname = reader.ReadString();
                    break;
                case NodeName:
                    node = reader.ReadString(_strings);
                    break;
                case Target:
                    target = _endpoints.ReadTarget(reader.ReadMessage());
                    break;
            }
        }

        return new EndpointAddress(ip, hostname.OrNull(), node, target);
    }
}
