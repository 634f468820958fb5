using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Decodes Pods in protobuf, by the rules of <see cref="ProtobufSliceDecoder"/>. Containers and volumes, which are most of the bytes, are
/// skipped by their length. Thread-safe. Source of the fields: k8s.io/api core/v1 generated.proto.
/// </summary>
internal sealed class ProtobufPodDecoder
{
    private const int Spec = 2, Status = 3;

    // Fields of PodSpec, PodStatus and PodIP.
    private const int NodeName = 10;
    private const int Phase = 1, Conditions = 2, PodIp = 6, PodIps = 12;
    private const int Ip = 1;
    private readonly StringPool _strings = new();
    private readonly ProtobufMetaReader _metadata;

    /// <summary>Creates a decoder.</summary>
    /// <param name="limits">The limits; null for the default ones.</param>
    public ProtobufPodDecoder(WireLimits? limits = null) => _metadata = new(_strings, limits);

    /// <summary>Decodes one Pod, with or without its envelope.</summary>
    /// <exception cref="ProtobufException">The bytes are not a Pod.</exception>
    public Pod Decode(ReadOnlySpan<byte> data)
    {
        var reader = ProtobufEnvelope.Open(data, "Pod"u8);
        ObjectMeta? metadata = null;
        var node = "";
        (EquatableArray<string> Ips, string Phase, bool Ready) status = (default, "", false);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case ProtobufMeta.Metadata:
                    metadata = _metadata.Read(reader.ReadMessage(), out _, out _);
                    break;
                case Spec:
                    node = ReadNodeName(reader.ReadMessage());
                    break;
                case Status:
                    status = ReadStatus(reader.ReadMessage());
                    break;
            }
        }

        return new Pod
        {
            Metadata = metadata ?? throw ProtobufMetaReader.Missing(),
            NodeName = node.OrNull(),
            IPs = status.Ips,
            Phase = status.Phase,
            Ready = status.Ready,
        };
    }

    private string ReadNodeName(ProtobufReader reader)
    {
        var node = "";
        while (reader.Next())
        {
            if (reader.Field == NodeName)
            {
                node = reader.ReadString(_strings);
            }
        }

        return node;
    }

    private (EquatableArray<string> Ips, string Phase, bool Ready) ReadStatus(ProtobufReader reader)
    {
        ProtobufItems<string> ips = default;
        string phase = "", ip = "";
        ProtobufCondition ready = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Phase:
                    phase = reader.ReadString(_strings);
                    break;
                case Conditions:
                    ready.Add(reader.ReadMessage(), "Ready"u8);
                    break;
                case PodIp:
                    ip = reader.ReadString();
                    break;
                case PodIps:
                    if (ReadIp(reader.ReadMessage()) is { Length: > 0 } one)
                    {
                        ips.Add(one);
                    }

                    break;
            }
        }

        return (ips.IsEmpty && ip.Length > 0 ? [ip] : ips.ToArray(), phase, ready.IsTrue);
    }

    private static string ReadIp(ProtobufReader reader)
    {
        var ip = "";
        while (reader.Next())
        {
            if (reader.Field == Ip)
            {
                ip = reader.ReadString();
            }
        }

        return ip;
    }
}
