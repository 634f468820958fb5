using System.IO.Compression;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube.Testing;

/// <summary>Records streams of watch events. The format: docs/recordings.md.</summary>
public static class RecordingObservable
{
    /// <summary>Writes each event to a file before it passes it on.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="source">The events: a resumed stream, or those of one watch.</param>
    /// <param name="path">
    /// The file, usually <c>*.rxk.ndjson</c>; it is compressed if its name ends with <c>.gz</c>. It is created with each subscription; an
    /// existing file is an error, unless <see cref="RecordingOptions{T}.Overwrite"/> is set.
    /// </param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="scheduler">The clock; null for the default clock.</param>
    /// <returns>
    /// The same events, on the same threads. OnError with an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> if the
    /// file cannot be written.
    /// </returns>
    /// <exception cref="ArgumentNullException">The source or the path is null.</exception>
    /// <exception cref="ArgumentException">The type needs <see cref="RecordingOptions{T}.Encode"/>, and it is null.</exception>
    public static IObservable<WatchEvent<T>> RecordTo<T>(
        this IObservable<WatchEvent<T>> source, string path, RecordingOptions<T>? options = null, IScheduler? scheduler = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new();
        return source.RecordTo(() => Open(path, options.Overwrite), options, scheduler);
    }

    /// <summary>Writes each event to a stream of bytes before it passes it on.</summary>
    /// <typeparam name="T">The type of the objects.</typeparam>
    /// <param name="source">The events: a resumed stream, or those of one watch.</param>
    /// <param name="open">Opens the stream of bytes; called once for each subscription, which disposes it.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="scheduler">The clock; null for the default clock.</param>
    /// <returns>
    /// The same events, on the same threads. Each line is written and flushed before its event is passed on. When the stream ends, the
    /// recording says how; when the subscription is disposed, it says that it ends. OnError with the exception of
    /// <paramref name="open"/>, or of the stream of bytes.
    /// </returns>
    /// <exception cref="ArgumentNullException">The source or <paramref name="open"/> is null.</exception>
    /// <exception cref="ArgumentException">The type needs <see cref="RecordingOptions{T}.Encode"/>, and it is null.</exception>
    public static IObservable<WatchEvent<T>> RecordTo<T>(
        this IObservable<WatchEvent<T>> source, Func<Stream> open, RecordingOptions<T>? options = null, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(open);
        options ??= new();
        scheduler ??= DefaultScheduler.Instance;
        var encode = options.Encode ?? RecordedKinds.Encoder<T>() ?? throw new ArgumentException(
            $"{typeof(T).Name} cannot be written as JSON. To fix: set {nameof(RecordingOptions<>.Encode)}.", nameof(options));
        options = options with { Header = Completed<T>(options.Header) };
        return Observable.Using(
            () => new RecordingWriter<T>(open(), options, encode, scheduler),
            writer => source.Do(writer.Write, writer.Fail, writer.Complete));
    }

    /// <summary>Decodes the objects of a stream of raw objects, such as one that is also recorded.</summary>
    /// <typeparam name="T">The type that an object is decoded to.</typeparam>
    /// <param name="source">The events with objects as the server sent them.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="limits">The limits, of which <see cref="WireLimits.MaxLabels"/> is about objects; null for the defaults.</param>
    /// <returns>
    /// The same events; an object that cannot be decoded is <see cref="WatchEvent{T}.Skipped"/>. Each subscription has its own decoder.
    /// </returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<WatchEvent<T>> Decode<T>(
        this IObservable<WatchEvent<RawObject>> source, ResourceKind<T> kind, WireLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(kind);
        return Observable.Defer(() => source.Select(new RawDecoder<T>(kind, limits).Decode));
    }

    private static FileStream File(string path, bool overwrite) => new(
        path, overwrite ? FileMode.Create : FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);

    /// <summary>Opens the file of a recording, which is compressed if its name ends with <c>.gz</c>.</summary>
    internal static Stream Open(string path, bool overwrite) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
        ? new GZipStream(File(path, overwrite), CompressionLevel.Optimal)
        : File(path, overwrite);

    private static RecordingHeader Completed<T>(RecordingHeader header)
    {
        var kind = header.Plural.Length == 0 ? RecordedKinds.Find<T>() : null;
        header = kind is null ? header : header with { Group = kind.Group, Version = kind.Version, Plural = kind.Plural };
        return header.Tool.Length > 0 ? header : header with
        {
            Tool = $"Rx.Kube.Testing {typeof(RecordingObservable).Assembly.GetName().Version?.ToString(3)}",
        };
    }
}
