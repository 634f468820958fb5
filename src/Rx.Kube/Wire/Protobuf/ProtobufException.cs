namespace Rx.Kube;

/// <summary>Bytes are not the protobuf message that is expected. The message says what is wrong, and at which byte.</summary>
internal sealed class ProtobufException(string message) : FormatException(message);
