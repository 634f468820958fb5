namespace Rx.Kube;

/// <summary>
/// Kubernetes protobuf: a list is one message, whose items are read one by one; a watch has frames with a length before each. Only kinds
/// that are built into the API server have it.
/// </summary>
internal sealed class ProtobufWireFormat : IWireFormat
{
    private ProtobufWireFormat()
    {
    }

    /// <summary>Gets the format.</summary>
    public static ProtobufWireFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string MediaType => "application/vnd.kubernetes.protobuf";

    /// <inheritdoc/>
    public Task<ListPage> ReadListAsync(Stream body, WireLimits limits, BytesHandler onItem, CancellationToken cancellationToken) =>
        ProtobufListReader.ReadAsync(body, limits, onItem, cancellationToken);

    /// <inheritdoc/>
    public Task ReadWatchAsync(Stream body, int maxEventBytes, FrameHandler onFrame, CancellationToken cancellationToken) =>
        ProtobufWatchFrames.ReadAsync(body, maxEventBytes, onFrame, cancellationToken);

    /// <inheritdoc/>
    public WatchFrame ReadEvent(ReadOnlySpan<byte> frame, bool exact) => ProtobufEvent.Read(frame);

    /// <inheritdoc/>
    public ObjectIdentity ReadIdentity(ReadOnlySpan<byte> @object) => ProtobufMeta.Read(@object, versionOnly: false);

    /// <inheritdoc/>
    public string ReadVersion(ReadOnlySpan<byte> @object) => ProtobufMeta.Read(@object, versionOnly: true).ResourceVersion;

    /// <inheritdoc/>
    public bool EndsInitialEvents(ReadOnlySpan<byte> bookmark) => ProtobufMeta.EndsInitialEvents(bookmark);

    /// <inheritdoc/>
    public (KubeStatus Status, TimeSpan? RetryAfter) ReadStatus(ReadOnlySpan<byte> @object, int fallbackCode) =>
        ProtobufStatus.Read(@object, fallbackCode);
}
