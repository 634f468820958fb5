using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Collects the ports of a slice or a subset. Most have one: it is shared with all that have the same one.</summary>
/// <param name="reader">Reads a port.</param>
/// <param name="numberField">The field with the number.</param>
/// <param name="protocolField">The field with the protocol.</param>
internal struct ProtobufPorts(ProtobufEndpointReader reader, int numberField, int protocolField)
{
    private SharedPort? _first;
    private ProtobufItems<EndpointPort> _all;

    /// <summary>Reads the next port.</summary>
    /// <exception cref="ProtobufException">It is broken.</exception>
    public void Add(ProtobufReader port)
    {
        var shared = reader.ReadPort(port, numberField, protocolField);
        if (_first is null)
        {
            _first = shared;
        }
        else
        {
            if (_all.IsEmpty)
            {
                _all.Add(_first.Port);
            }

            _all.Add(shared.Port);
        }
    }

    /// <summary>Gets the ports.</summary>
    public readonly EquatableArray<EndpointPort> ToArray() => _all.IsEmpty ? _first?.Alone ?? [] : _all.ToArray();
}

/// <summary>A port, and the array that has it alone.</summary>
internal sealed record SharedPort(EndpointPort Port)
{
    /// <summary>Gets the array.</summary>
    public EquatableArray<EndpointPort> Alone { get; } = [Port];
}
