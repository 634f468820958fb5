using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Live;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Watching;

/// <summary>Opens a source of snapshots. No request is sent before the subscription.</summary>
/// <param name="settings">The settings.</param>
/// <param name="scheduler">The clock.</param>
/// <param name="onNotice">Receives the notices of the connection, on any thread.</param>
/// <returns>The source.</returns>
internal delegate Task<WatchSource> OpenSource(WatchSettings settings, IScheduler scheduler, Action<ConnectionNotice> onNotice);

/// <summary>Opens sources within the limit of <c>--timeout</c>.</summary>
internal static class OpenSourceExtensions
{
    /// <summary>
    /// Opens a source. A configuration is in files, which may hang: one that is opened too late is left to the end of the process.
    /// </summary>
    /// <param name="open">Opens the source.</param>
    /// <param name="settings">The settings, with the limit.</param>
    /// <param name="scheduler">The clock.</param>
    /// <param name="onNotice">Receives the notices of the connection, on any thread.</param>
    /// <returns>The source; <see cref="FirstSyncTimeoutException"/> when the time is over.</returns>
    public static IObservable<WatchSource> Within(
        this OpenSource open, WatchSettings settings, IScheduler scheduler, Action<ConnectionNotice> onNotice)
    {
        var opening = open(settings, scheduler, onNotice).ToObservable();
        return settings.Timeout == TimeSpan.Zero ? opening : opening.Timeout(
            settings.Timeout,
            Observable.Defer(() => Observable.Throw<WatchSource>(
                new FirstSyncTimeoutException(settings.Timeout, null, "the files of the configuration"))),
            scheduler);
    }
}

/// <summary>Represents an open source of snapshots.</summary>
/// <param name="Snapshots">The snapshots. Cold; never completes.</param>
/// <param name="Service">The Service.</param>
/// <param name="Origin">The readable origin of the data. Not escaped.</param>
internal sealed record WatchSource(IObservable<ServiceTopology> Snapshots, ServiceName Service, string Origin) : IAsyncDisposable
{
    /// <summary>Gets the connection to the API server; null for a source that is none.</summary>
    public KubeConnection? Connection { get; init; }

    /// <summary>
    /// Gets the Services with slices that could be meant: those of the namespace, and those of the same name in other namespaces, as far as
    /// the user may list them. Cold: each subscription sends two requests. Emits once, or nothing when the server refuses.
    /// </summary>
    public IObservable<IReadOnlyCollection<ServiceName>> Others { get; init; } = Observable.Empty<IReadOnlyCollection<ServiceName>>();

    /// <summary>Gets the events of the snapshots, with the objects as the server sent them. Cold; sends requests of its own.</summary>
    public IObservable<WatchEvent<RawObject>> Raw { get; init; } = Observable.Never<WatchEvent<RawObject>>();

    /// <summary>Gets a function that removes the credentials of the connection from a text.</summary>
    public Func<string, string> Redact { get; init; } = text => text;

    /// <summary>Gets a function that returns the marks of the user, and those of a recording; newest first.</summary>
    public Func<IReadOnlyList<LogEntry>> Notes { get; init; } = () => [];

    /// <summary>Gets a function that returns what requests wait for, such as an exec plugin; null for nothing.</summary>
    public Func<string?> WaitingFor { get; init; } = () => null;

    /// <summary>Gets a function that creates the error of a first snapshot that is too late, with the last cause in it.</summary>
    public Func<TimeSpan, WatchInterruption?, FirstSyncTimeoutException> Late { get; init; } = (timeout, cause) => new(timeout, cause);

    /// <summary>Gets the function that closes the source.</summary>
    public Func<ValueTask> Close { get; init; } = () => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Close();
}
