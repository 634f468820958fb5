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
        var conditions = default(Conditions);
        string? hostname = null, node = null, zone = null;
        TargetReference? target = null;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Addresses:
                    addresses.Add(reader.ReadString());
                    break;
                case ConditionsField:
                    conditions = ReadConditions(reader.ReadMessage());
                    times++;
                    break;
                case Hostname:
                    hostname = reader.ReadString();
                    break;
                case Target:
                    target = ReadTarget(reader.ReadMessage());
                    break;
                case NodeName:
                    node = reader.ReadString(strings);
                    break;
                case Zone:
                    zone = reader.ReadString(strings);
                    break;
                case Hints:
                    ReadHints(reader.ReadMessage(), out forZones, out forNodes);
                    break;
            }
        }

        isAmbiguous = times > 1;
        return new Endpoint
        {
            Addresses = addresses.ToArray(),
            Conditions = conditions,
            TargetRef = target,
            Hostname = hostname,
            ForZones = forZones.ToArray(),
            ForNodes = forNodes.ToArray(),
        }.At(_pool, node, zone);
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
    public TargetReference ReadTarget(ProtobufReader reader)
    {
        string kind = "", @namespace = "", name = "", uid = "";
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
                    name = reader.ReadString();
                    break;
                case TargetUid:
                    uid = reader.ReadString();
                    break;
            }
        }

        return new TargetReference(kind, @namespace, name, uid);
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
