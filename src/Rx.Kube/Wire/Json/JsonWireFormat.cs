namespace Rx.Kube;

/// <summary>JSON: a list is one object with <c>items</c>, a watch has one event a line, or any other sequence of events.</summary>
internal sealed class JsonWireFormat : IWireFormat
{
    private JsonWireFormat()
    {
    }

    /// <summary>Gets the format.</summary>
    public static JsonWireFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string MediaType => "application/json";

    /// <inheritdoc/>
    public Task<ListPage> ReadListAsync(Stream body, WireLimits limits, BytesHandler onItem, CancellationToken cancellationToken) =>
        JsonListReader.ReadAsync(body, limits, onItem, cancellationToken);

    /// <inheritdoc/>
    public Task ReadWatchAsync(Stream body, int maxEventBytes, FrameHandler onFrame, CancellationToken cancellationToken) =>
        JsonWatchLines.ReadAsync(body, maxEventBytes, onFrame, cancellationToken);

    /// <inheritdoc/>
    public WatchFrame ReadEvent(ReadOnlySpan<byte> frame, bool exact) => JsonEvent.Read(frame, exact);

    /// <inheritdoc/>
    public ObjectIdentity ReadIdentity(ReadOnlySpan<byte> @object) => JsonIdentity.Read(@object);

    /// <inheritdoc/>
    public string ReadVersion(ReadOnlySpan<byte> @object) => JsonIdentity.ReadVersion(@object);

    /// <inheritdoc/>
    public bool EndsInitialEvents(ReadOnlySpan<byte> bookmark) => JsonBookmark.EndsInitialEvents(bookmark);

    /// <inheritdoc/>
    public (KubeStatus Status, TimeSpan? RetryAfter) ReadStatus(ReadOnlySpan<byte> @object, int fallbackCode) =>
        KubeStatusReader.Read(@object, fallbackCode);
}
