using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Decodes EndpointSlices in protobuf. One decoder serves one subscription: it remembers strings that repeat, and the endpoints of earlier
/// slices, to share them. Thread-safe. Source of the fields: k8s.io/api discovery/v1 generated.proto.
/// </summary>
/// <remarks>
/// Unknown fields are skipped, a field of another type than expected is an error, and of a field that is not repeated the last one counts.
/// What JSON omits because it is empty, protobuf has as an empty value, and both are the same here.
/// </remarks>
internal sealed class ProtobufSliceDecoder
{
    private const int Endpoints = 2, Ports = 3, AddressType = 4;

    // Fields of discovery/v1 EndpointPort.
    private const int PortNumber = 3, PortProtocol = 2;

    // What a long slice needs is not kept.
    private const int MostKept = 1024;
    private readonly StringPool _strings = new();
    private readonly ProtobufMetaReader _metadata;
    private readonly ProtobufEndpointReader _endpoints;
    private readonly ProtobufKnownSlices? _known;
    private List<ProtobufEndpointChange>? _changes = [];

    /// <summary>Creates a decoder.</summary>
    /// <param name="remembers">False reads each slice as a whole.</param>
    /// <param name="limits">The limits; null for the default ones.</param>
    public ProtobufSliceDecoder(bool remembers = true, WireLimits? limits = null) =>
        (_metadata, _endpoints, _known) = (new(_strings, limits), new(_strings), remembers ? new() : null);

    /// <summary>Decodes one EndpointSlice, with or without its envelope.</summary>
    /// <exception cref="ProtobufException">The bytes are not an EndpointSlice.</exception>
    public EndpointSlice Decode(ReadOnlySpan<byte> data)
    {
        var changes = Interlocked.Exchange(ref _changes, null) ?? [];
        try
        {
            return Read(ProtobufEnvelope.Open(data, "EndpointSlice"u8), changes);
        }
        finally
        {
            changes.Clear();
            _changes = changes.Capacity <= MostKept ? changes : null;
        }
    }

    private EndpointSlice Read(ProtobufReader reader, List<ProtobufEndpointChange> changes)
    {
        ObjectMeta? metadata = null;
        var addressType = "";
        var ports = new ProtobufPorts(_endpoints, PortNumber, PortProtocol);
        ProtobufKnownSlice? slice = null;
        ulong? identity = null;
        try
        {
            while (reader.Next())
            {
                switch (reader.Field)
                {
                    case ProtobufMeta.Metadata:
                        metadata = _metadata.Read(reader.ReadMessage(), out var print, out _);
                        if (slice is null && _known is not null)
                        {
                            identity = print;
                            slice = _known.Take(print);
                        }

                        break;
                    case Endpoints:
                        (slice ??= new()).Add(reader.ReadMessage(), _endpoints, changes);
                        break;
                    case Ports:
                        ports.Add(reader.ReadMessage());
                        break;
                    case AddressType:
                        addressType = reader.ReadString(_strings);
                        break;
                }
            }

            return new EndpointSlice
            {
                Metadata = metadata ?? throw ProtobufMetaReader.Missing(),
                AddressType = addressType,
                Endpoints = slice?.End(changes) ?? SliceEndpoints.Empty,
                Ports = ports.ToArray(),
            };
        }
        finally
        {
            slice?.Abandon(); // what was read, or what was known before where it is broken
            if (slice is not null && identity is not null)
            {
                _known!.Keep(identity.Value, slice);
            }
        }
    }
}
