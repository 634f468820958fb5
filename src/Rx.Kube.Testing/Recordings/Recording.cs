using System.Collections.Immutable;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text;

namespace Rx.Kube.Testing;

/// <summary>
/// A recorded stream of watch events, which can be played again, on any scheduler: an incident in production becomes a test in virtual
/// time. Immutable and thread-safe. The format: docs/recordings.md.
/// </summary>
/// <example><code>
/// var clock = new VirtualClock();
/// var incident = Recording.Open("incident.rxk.ndjson");
/// var snapshots = incident.ToObservable&lt;EndpointSlice&gt;(clock).ToTopology();
/// </code></example>
public sealed class Recording
{
    internal Recording(RecordingHeader header, ImmutableArray<RecordedLine> lines, ImmutableArray<string> warnings, WireLimits limits) =>
        (Header, Lines, Warnings, Limits) = (header, lines, warnings, limits);

    /// <summary>Gets what was recorded.</summary>
    public RecordingHeader Header { get; }

    /// <summary>
    /// Gets what was ignored while the recording was read: a torn last line, a list without its last page, lines of an unknown type. Safe
    /// to print.
    /// </summary>
    public EquatableArray<string> Warnings { get; }

    /// <summary>Gets the time of the last line.</summary>
    public TimeSpan Duration => Lines is [.., var last] ? last.At : TimeSpan.Zero;

    /// <summary>Gets the notes, with their times in ticks. They are untrusted: escape them before printing.</summary>
    public EquatableArray<Timed<string>> Marks =>
        [.. Lines.OfType<RecordedLine.Mark>().Select(mark => new Timed<string>(mark.At.Ticks, mark.Text))];

    /// <summary>Gets the lines after the header.</summary>
    internal ImmutableArray<RecordedLine> Lines { get; }

    /// <summary>Gets the limits within which the recording is read and decoded.</summary>
    internal WireLimits Limits { get; }

    /// <summary>
    /// Reads a file, compressed or not: a recording, or what <c>kubectl get endpointslices -w --output-watch-events -o json</c> printed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">
    /// The limits; null for the defaults. <see cref="WireLimits.MaxObjectBytes"/> limits a line, without the 64 KiB around its object,
    /// <see cref="WireLimits.MaxItems"/> a list, <see cref="WireLimits.MaxLabels"/> an object as it is decoded, and
    /// <see cref="WireLimits.MaxRetainedBytes"/> the whole recording, uncompressed.
    /// </param>
    /// <returns>The recording, which is held in memory.</returns>
    /// <exception cref="RecordingException">The file is not a recording that can be read.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Recording Open(string path, WireLimits? limits = null)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Read(file, limits);
    }

    /// <summary>Reads a recording from a stream, as <see cref="Open"/> does.</summary>
    /// <param name="stream">The bytes. It is not disposed. A compressed recording is recognized if the stream can seek.</param>
    /// <param name="limits">The limits, as for <see cref="Open"/>.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="ArgumentNullException">The stream is null.</exception>
    /// <exception cref="RecordingException">The content is not a recording that can be read.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Recording Read(Stream stream, WireLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= WireLimits.Default;
        return RecordingParser.Parse(RecordingContent.Read(stream, limits), limits);
    }

    /// <summary>Reads the text of a recording, as <see cref="Open"/> does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limits">The limits, as for <see cref="Open"/>.</param>
    /// <returns>The recording.</returns>
    /// <exception cref="ArgumentNullException">The text is null.</exception>
    /// <exception cref="RecordingException">The text is not a recording that can be read.</exception>
    public static Recording Parse(string text, WireLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), limits);
    }

    /// <summary>Gets what the recorded stream emitted, decoded as it is enumerated.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="kind">The kind; null if the type is a model of this library.</param>
    /// <param name="start">
    /// The wall-clock time of the start, from which the times of interruptions count; null for the recorded one.
    /// </param>
    /// <returns>
    /// The notifications and their times in ticks since the start. The last one is OnCompleted or OnError if the stream ended, and not only
    /// the recording. An object that cannot be decoded is <see cref="WatchEvent{T}.Skipped"/>. The exceptions of interruptions are not
    /// recorded, only their messages.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The recording is of another resource, or the kind is null and the type is no model of this library.
    /// </exception>
    public IEnumerable<Timed<Notification<WatchEvent<T>>>> Events<T>(ResourceKind<T>? kind = null, DateTimeOffset? start = null)
    {
        var decoder = new RecordedDecoder<T>(Checked(kind), Limits, start ?? Header.Started);
        return from line in Lines
               let notification = decoder.Decode(line)
               where notification is not null
               select new Timed<Notification<WatchEvent<T>>>(line.At.Ticks, notification);
    }

    /// <summary>
    /// Plays the recorded stream: each event at its time after the subscription. For a recorded resumed stream this is that stream, with
    /// its interruptions: do not call <see cref="KubeObservable.Resume"/> on it.
    /// </summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="kind">The kind; null if the type is a model of this library.</param>
    /// <param name="scheduler">The clock; null for the default clock.</param>
    /// <returns>
    /// A cold observable. It ends as the recorded stream did; if only the recording ended, it stays open. The times of interruptions count
    /// from the time of the subscription, on the scheduler's clock.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The recording is of another resource, or the kind is null and the type is no model of this library.
    /// </exception>
    public IObservable<WatchEvent<T>> ToObservable<T>(ResourceKind<T>? kind, IScheduler? scheduler = null)
    {
        kind = Checked(kind);
        scheduler ??= DefaultScheduler.Instance;
        return Observable.Defer(() => Playback.Of(Events(kind, scheduler.Now), scheduler.StartStopwatch(), scheduler));
    }

    /// <inheritdoc cref="ToObservable{T}(ResourceKind{T}, IScheduler)"/>
    public IObservable<WatchEvent<T>> ToObservable<T>(IScheduler? scheduler = null) => ToObservable<T>(kind: null, scheduler);

    /// <summary>
    /// Plays the server that was recorded, for code that lists and watches by itself, such as <see cref="KubeObservable.Resume"/>. Its time
    /// starts with the first request.
    /// </summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="kind">The kind; null if the type is a model of this library.</param>
    /// <param name="scheduler">The clock; null for the default clock.</param>
    /// <returns>
    /// A collection. A list is the recorded state of that time. A watch has the recorded events after its version, ends where the recorded
    /// connection was lost, in the same way, and is Gone where the recording has a new list. In a gap, requests wait for its end: what the
    /// recorded client tried in a gap, and how often, is not repeated. A streaming list is refused, so that a list follows.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The recording is of another resource, or the kind is null and the type is no model of this library.
    /// </exception>
    /// <exception cref="InvalidOperationException">The recording has no complete list.</exception>
    public IWatchable<T> ToWatchable<T>(ResourceKind<T>? kind, IScheduler? scheduler = null)
    {
        kind = Checked(kind);
        return Lines.OfType<RecordedLine.List>().Any()
            ? new RecordedWatch<T>(this, kind, scheduler ?? DefaultScheduler.Instance)
            : throw new InvalidOperationException(
                "The recording has no complete list. To fix: record a resumed stream, or play what was recorded with ToObservable.");
    }

    /// <inheritdoc cref="ToWatchable{T}(ResourceKind{T}, IScheduler)"/>
    public IWatchable<T> ToWatchable<T>(IScheduler? scheduler = null) => ToWatchable<T>(kind: null, scheduler);

    private ResourceKind<T> Checked<T>(ResourceKind<T>? kind)
    {
        kind ??= RecordedKinds.Of<T>();
        return Header.Plural.Length == 0 || (Header.Group == kind.Group && Header.Plural == kind.Plural)
            ? kind
            : throw new ArgumentException($"The recording is of {SafeText.Of(Header.Resource, 300)}, not of {kind}.", nameof(kind));
    }
}
