using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Decodes EndpointSlices in protobuf. One decoder serves one subscription: it remembers strings that repeat, to share them. Thread-safe.
/// Source of the fields: k8s.io/api discovery/v1 generated.proto.
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
    private readonly StringPool _strings = new();
    private readonly ProtobufMetaReader _metadata;
    private readonly ProtobufEndpointReader _endpoints;

    public ProtobufSliceDecoder() => (_metadata, _endpoints) = (new(_strings), new(_strings));

    /// <summary>Decodes one EndpointSlice, with or without its envelope.</summary>
    /// <exception cref="ProtobufException">The bytes are not an EndpointSlice.</exception>
    public EndpointSlice Decode(ReadOnlySpan<byte> data)
    {
        var reader = ProtobufEnvelope.Open(data, "EndpointSlice"u8);
        ObjectMeta? metadata = null;
        var addressType = "";
        var endpoints = new List<Endpoint>();
        ProtobufItems<EndpointPort> ports = default;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case ProtobufMeta.Metadata:
                    metadata = _metadata.Read(reader.ReadMessage(), out _);
                    break;
                case Endpoints:
                    endpoints.Add(_endpoints.ReadEndpoint(reader.ReadMessage()));
                    break;
                case Ports:
                    ports.Add(_endpoints.ReadPort(reader.ReadMessage(), PortNumber, PortProtocol));
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
            Endpoints = [.. endpoints],
            Ports = ports.ToArray(),
        };
    }
}
