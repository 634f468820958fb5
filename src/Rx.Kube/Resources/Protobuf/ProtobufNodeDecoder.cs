using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Decodes Nodes in protobuf, by the rules of <see cref="ProtobufSliceDecoder"/>. Thread-safe. Source of the fields: k8s.io/api core/v1
/// generated.proto.
/// </summary>
internal sealed class ProtobufNodeDecoder
{
    private const int Spec = 2, Status = 3;

    // Fields of NodeSpec and NodeStatus.
    private const int Unschedulable = 4;
    private const int Conditions = 4;
    private readonly ProtobufMetaReader _metadata;

    /// <summary>Creates a decoder.</summary>
    /// <param name="limits">The limits; null for the default ones.</param>
    public ProtobufNodeDecoder(WireLimits? limits = null) => _metadata = new(new StringPool(), limits);

    /// <summary>Decodes one Node, with or without its envelope.</summary>
    /// <exception cref="ProtobufException">The bytes are not a Node.</exception>
    public Node Decode(ReadOnlySpan<byte> data)
    {
        var reader = ProtobufEnvelope.Open(data, "Node"u8);
        ObjectMeta? metadata = null;
        var (unschedulable, ready) = (false, false);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case ProtobufMeta.Metadata:
                    metadata = _metadata.Read(reader.ReadMessage(), out _, out _);
                    break;
                case Spec:
                    unschedulable = ReadUnschedulable(reader.ReadMessage());
                    break;
                case Status:
                    ready = ReadReady(reader.ReadMessage());
                    break;
            }
        }

        return new Node
        {
            Metadata = metadata ?? throw ProtobufMetaReader.Missing(),
            Ready = ready,
            Unschedulable = unschedulable,
        };
    }

    private static bool ReadUnschedulable(ProtobufReader reader)
    {
        var unschedulable = false;
        while (reader.Next())
        {
            if (reader.Field == Unschedulable)
            {
                unschedulable = reader.ReadBoolean();
            }
        }

        return unschedulable;
    }

    private static bool ReadReady(ProtobufReader reader)
    {
        ProtobufCondition ready = default;
        while (reader.Next())
        {
            if (reader.Field == Conditions)
            {
                ready.Add(reader.ReadMessage(), "Ready"u8);
            }
        }

        return ready.IsTrue;
    }
}
