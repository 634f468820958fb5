using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Reads the endpoints and ports of EndpointSlices and Endpoints in protobuf. Source of the fields: k8s.io/api discovery/v1 and core/v1
/// generated.proto.
/// </summary>
internal sealed class ProtobufEndpointReader(StringPool strings)
{
    // Fields of discovery/v1 Endpoint, and of its conditions, hints and the elements of these.
    private const int Addresses = 1, ConditionsField = 2, Hostname = 3, Target = 4, NodeName = 6, Zone = 7, Hints = 8;
    private const int Ready = 1, Serving = 2, Terminating = 3;
    private const int ForZones = 1, ForNodes = 2;
    private const int HintName = 1;

    // Fields of core/v1 ObjectReference.
    private const int TargetKind = 1, TargetNamespace = 2, TargetName = 3, TargetUid = 4;

    private static readonly Endpoint Absent = new();
    private readonly EndpointPool _pool = new();
    private readonly ProtobufShared<SharedPort> _ports = new(slots: 256);

    /// <summary>Reads a discovery/v1 Endpoint.</summary>
    /// <param name="reader">The endpoint.</param>
    /// <param name="isAmbiguous">Whether it has conditions more than once, of which the last ones count.</param>
    /// <exception cref="ProtobufException">It is broken.</exception>
    public Endpoint ReadEndpoint(ProtobufReader reader, out bool isAmbiguous)
    {
        var times = 0;
        isAmbiguous = false;
        if (reader.IsEmpty)
        {
            return Absent;
        }

        ProtobufItems<string> addresses = default, forZones = default, forNodes = default;
        uint? ipv4 = null;
        var (count, draft) = (0, default(EndpointDraft));
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Addresses:
                    if (count++ == 0)
                    {
                        ipv4 = reader.TryReadIPv4();
                    }

                    if (count > 1 && ipv4 is { } first)
                    {
                        addresses.Add(PackedText.IPv4(first));
                        ipv4 = null;
                    }

                    if (ipv4 is null)
                    {
                        addresses.Add(reader.ReadString());
                    }

                    break;
                case ConditionsField:
                    draft.Conditions = ReadConditions(reader.ReadMessage());
                    times++;
                    break;
                case Hostname:
                    draft.Hostname = reader.ReadName(strings);
                    break;
                case Target:
                    draft.Target = ReadPackedTarget(reader.ReadMessage());
                    break;
                case NodeName:
                    draft.Node = reader.ReadString(strings);
                    break;
                case Zone:
                    draft.Zone = reader.ReadString(strings);
                    break;
                case Hints:
                    ReadHints(reader.ReadMessage(), out forZones, out forNodes);
                    break;
            }
        }

        isAmbiguous = times > 1;
        (draft.ForZones, draft.ForNodes) = (forZones.ToArray(), forNodes.ToArray());
        if (ipv4 is { } address)
        {
            draft.SetAddress(address);
        }
        else
        {
            draft.Addresses = addresses.ToArray();
        }

        return draft.ToEndpoint(_pool);
    }

    /// <summary>
    /// Gets a keyed hash of the bytes of a discovery/v1 Endpoint without its first conditions, which nearly every event changes, and these:
    /// what is known by the hash is not read again, unless <see cref="ReadEndpoint(ProtobufReader, out bool)"/> finds others, which count.
    /// </summary>
    /// <param name="reader">The endpoint.</param>
    /// <param name="conditions">Its conditions; null if it has none, and the hash is of all bytes.</param>
    /// <exception cref="ProtobufException">It is broken.</exception>
    public static ulong PrintOf(ProtobufReader reader, out Conditions? conditions)
    {
        while (reader.Next())
        {
            if (reader.Field == ConditionsField)
            {
                var start = reader.Start;
                conditions = ReadConditions(reader.ReadMessage());
                return KeyedHash.Of(reader.Message[..start], reader.Message[reader.Position..]);
            }
        }

        conditions = null;
        return KeyedHash.Of(reader.Message);
    }

    /// <summary>Reads the object behind an endpoint.</summary>
    /// <param name="reader">The reference.</param>
    /// <exception cref="ProtobufException">It is broken.</exception>
    public TargetReference ReadTarget(ProtobufReader reader) => ReadPackedTarget(reader).ToReference();

    private PackedTarget ReadPackedTarget(ProtobufReader reader)
    {
        string kind = "", @namespace = "";
        var (name, uid) = (PackedName.Empty, PackedUid.Empty);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case TargetKind:
                    kind = reader.ReadString(strings);
                    break;
                case TargetNamespace:
                    @namespace = reader.ReadString(strings);
                    break;
                case TargetName:
                    name = reader.ReadName(strings);
                    break;
                case TargetUid:
                    uid = reader.ReadUid();
                    break;
            }
        }

        return new(kind, @namespace, name, uid);
    }

    /// <summary>Reads a port, of either kind: they have the same fields, with other numbers.</summary>
    /// <param name="reader">The port.</param>
    /// <param name="numberField">The field with the number.</param>
    /// <param name="protocolField">The field with the protocol.</param>
    /// <exception cref="ProtobufException">It is broken.</exception>
    public SharedPort ReadPort(ProtobufReader reader, int numberField, int protocolField)
    {
        const int Name = 1, AppProtocol = 4;
        var print = KeyedHash.Of(reader.Message);
        if (_ports.Find(print) is { } shared)
        {
            return shared;
        }

        string name = "", protocol = "";
        string? appProtocol = null;
        int? number = null;
        while (reader.Next())
        {
            if (reader.Field == Name)
            {
                name = reader.ReadString(strings);
            }
            else if (reader.Field == numberField)
            {
                number = reader.ReadInt32();
            }
            else if (reader.Field == protocolField)
            {
                protocol = reader.ReadString(strings);
            }
            else if (reader.Field == AppProtocol)
            {
                appProtocol = reader.ReadString(strings);
            }
        }

        return _ports.Keep(
            print, reader.Message.Length, new SharedPort(new(name, number, protocol.Length == 0 ? "TCP" : protocol, appProtocol)));
    }

    private static Conditions ReadConditions(ProtobufReader reader)
    {
        bool? ready = null, serving = null, terminating = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Ready:
                    ready = reader.ReadBoolean();
                    break;
                case Serving:
                    serving = reader.ReadBoolean();
                    break;
                case Terminating:
                    terminating = reader.ReadBoolean();
                    break;
            }
        }

        return new(ready, serving, terminating);
    }

    private void ReadHints(ProtobufReader reader, out ProtobufItems<string> forZones, out ProtobufItems<string> forNodes)
    {
        (forZones, forNodes) = (default, default);
        while (reader.Next())
        {
            if (reader.Field == ForZones)
            {
                forZones.Add(ReadHintName(reader.ReadMessage()));
            }
            else if (reader.Field == ForNodes)
            {
                forNodes.Add(ReadHintName(reader.ReadMessage()));
            }
        }
    }

    private string ReadHintName(ProtobufReader reader)
    {
        var name = "";
        while (reader.Next())
        {
            if (reader.Field == HintName)
            {
                name = reader.ReadString(strings);
            }
        }

        return name;
    }
}
