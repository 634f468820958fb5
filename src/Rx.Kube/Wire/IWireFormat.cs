namespace Rx.Kube;

/// <summary>Takes the bytes of one event, item or object. They are valid only during the call.</summary>
internal delegate void BytesHandler(ReadOnlySpan<byte> bytes);

/// <summary>Takes a frame of a watch, which usually has one event. The bytes are valid only during the call.</summary>
/// <returns>False if the frame is only the beginning of an event, and nothing of it was taken.</returns>
internal delegate bool FrameHandler(ReadOnlySpan<byte> frame);

/// <summary>
/// An encoding of the API server's answers: how a list and a watch are split into objects, and how the envelope around an object is read.
/// The objects themselves are decoded by the decoder of their kind. Stateless and thread-safe.
/// </summary>
internal interface IWireFormat
{
    /// <summary>Gets the media type, without parameters: what <c>Accept</c> asks for and <c>Content-Type</c> answers.</summary>
    string MediaType { get; }

    /// <summary>Reads one page of a list as it arrives. The page is never in memory as a whole.</summary>
    /// <param name="body">The body of the answer.</param>
    /// <param name="limits">The largest item and page.</param>
    /// <param name="onItem">Takes each item, undecoded.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The properties of the list that the page contains.</returns>
    /// <exception cref="KubeProtocolException">The body is not a list, or exceeds a limit.</exception>
    /// <exception cref="KubeTransportException">The connection broke.</exception>
    Task<ListPage> ReadListAsync(Stream body, WireLimits limits, BytesHandler onItem, CancellationToken cancellationToken);

    /// <summary>Splits the body of a watch into frames, up to its clean end.</summary>
    /// <param name="body">The body of the answer.</param>
    /// <param name="maxEventBytes">The longest event.</param>
    /// <param name="onFrame">
    /// Takes each frame; <see cref="ReadEvent"/> reads its events. If it is the beginning of an event, the whole event follows.
    /// </param>
    /// <param name="cancellationToken">Ends the reading. No event is handed over once it is cancelled.</param>
    /// <exception cref="KubeProtocolException">An event is longer than the cap.</exception>
    /// <exception cref="KubeTransportException">The connection broke, or ended in the middle of an event.</exception>
    Task ReadWatchAsync(Stream body, int maxEventBytes, FrameHandler onFrame, CancellationToken cancellationToken);

    /// <summary>Reads the envelope of the first watch event of a frame.</summary>
    /// <param name="frame">The frame, as <see cref="ReadWatchAsync"/> hands it over.</param>
    /// <param name="exact">
    /// False allows a shortcut that finds the object in every event of a real API server; where it does not, decoding the object fails,
    /// and the event is read again with true. Only then the result tells what follows the event, and whether it is incomplete.
    /// </param>
    /// <returns>The type of the event and its object.</returns>
    /// <exception cref="KubeProtocolException">The frame is not a watch event.</exception>
    WatchFrame ReadEvent(ReadOnlySpan<byte> frame, bool exact);

    /// <summary>Reads the namespace, name and resourceVersion of an object.</summary>
    /// <param name="object">The object; it may be broken.</param>
    /// <returns>What was found before the first broken byte.</returns>
    ObjectIdentity ReadIdentity(ReadOnlySpan<byte> @object);

    /// <summary>Reads the resourceVersion of an object, and allocates no other string.</summary>
    /// <param name="object">The object; it may be broken.</param>
    /// <returns>The version; empty when it is absent.</returns>
    /// <exception cref="KubeProtocolException">The object is nested too deeply to find it.</exception>
    string ReadVersion(ReadOnlySpan<byte> @object);

    /// <summary>Reads whether a bookmark ends the initial events of a streaming list (<c>k8s.io/initial-events-end</c>).</summary>
    /// <param name="bookmark">The object of a BOOKMARK event.</param>
    /// <returns>False also when the object is broken.</returns>
    bool EndsInitialEvents(ReadOnlySpan<byte> bookmark);

    /// <summary>Reads a <c>v1 Status</c>: the body of an HTTP error, or the object of an ERROR event. Never throws.</summary>
    /// <param name="object">The object.</param>
    /// <param name="fallbackCode">The code where the object has none, or is not a Status.</param>
    /// <returns>The Status, and the wait that it asks for, if any.</returns>
    (KubeStatus Status, TimeSpan? RetryAfter) ReadStatus(ReadOnlySpan<byte> @object, int fallbackCode);
}
