using System.Collections.Immutable;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Recordings;

/// <summary>Implements <c>rxkube record</c>: a watch whose events are also written to a file.</summary>
internal static class RecordCommand
{
    private const char MarkKey = 'm';
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Records until the user stops the tool, the time is over, or the cluster cannot be used.</summary>
    /// <param name="settings">The Service and the file.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <param name="open">Opens the source of snapshots.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">The file exists, or its folder does not.</exception>
    public static async Task<int> RunAsync(RecordSettings settings, CliHost host, OpenSource open)
    {
        Check(settings);
        var over = settings.For is { } time ? Observable.Timer(time, host.Scheduler).Select(_ => Unit.Default) : Observable.Never<Unit>();
        var recording = host with { Stop = host.Stop.Merge(over), Keys = host.Keys.Publish().RefCount() };
        var (events, gaps, clock) = (0, 0, host.Scheduler.StartStopwatch());
        var notes = ImmutableList<LogEntry>.Empty;

        // The end of a command does not wait for the disposal of its stream, which writes the last line.
        Task? closed = null;
        try
        {
            return await WatchCommand.RunAsync(settings.Watch, recording, async (watch, scheduler, onNotice) =>
            {
                var source = await open(watch, scheduler, onNotice).ConfigureAwait(false);
                var marks = (host.IsTerminal ? recording.Keys.Commands(key => key.Character == MarkKey) : Observable.Never<KeyPress>())
                    .Select((_, index) => $"mark {index + 1}")
                    .Do(text => Volatile.Write(ref notes, notes.Insert(0, LogView.Mark(scheduler.Now, text))));
                var version = await ServerVersion.AskAsync(source, scheduler).ConfigureAwait(false);
                var file = await Observable.Start(() => RecordingObservable.Open(settings.File, settings.Force), host.Files).Timeout(
                    _patience,
                    Observable.Throw<Stream>(new IOException(
                        $"It was not opened within {HumanFormat.Span(_patience)}: it is a pipe without a reader, or its file system "
                        + "does not answer")),
                    scheduler).ToTask().ConfigureAwait(false);
                var recorded = source.Raw.RecordTo(() => file, OptionsOf(settings, source, marks, version), scheduler).Do(next =>
                {
                    events++;
                    gaps += next is WatchEvent<RawObject>.Interrupted { Interruption.FailedAttempts: <= 1 } ? 1 : 0;
                });
                return source with
                {
                    Snapshots = Observable.Defer(() =>
                    {
                        var closing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                        closed = closing.Task;
                        return recorded.Finally(closing.SetResult).Decode(ResourceKinds.EndpointSlices).ToTopology(source.Service);
                    }),
                    Close = async () =>
                    {
                        // First the recording ends, then the connection: otherwise its end would be recorded as a failure.
                        await (closed ?? Task.CompletedTask).ConfigureAwait(false);
                        await source.DisposeAsync().ConfigureAwait(false);
                    },
                    Notes = () => Volatile.Read(ref notes),
                    Origin = $"{source.Origin}, recorded in {Path.GetFileName(settings.File)}" + (host.IsTerminal ? "; m sets a mark" : ""),
                };
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await host.Error.WriteLineAsync(
                $"rxkube: {TerminalText.Escape(settings.File, 1000)} cannot be written: {TerminalText.Escape(e.Message, 1000)}. "
                + "To fix: free space on the disk, or write to another place.").ConfigureAwait(false);
            return ExitCode.Failed;
        }
        finally
        {
            if (events > 0)
            {
                await host.Error.WriteLineAsync(
                    $"rxkube: recorded {HumanFormat.Count(events, "event")}, {HumanFormat.Count(gaps, "gap")} in "
                    + $"{HumanFormat.Span(clock.Elapsed)}: {TerminalText.Escape(settings.File, 1000)}").ConfigureAwait(false);
            }
        }
    }

    private static RecordingOptions<RawObject> OptionsOf(
        RecordSettings settings, WatchSource source, IObservable<string> marks, string version)
    {
        var selection = new ResourceSelection
        {
            Namespace = source.Service.Namespace,
            LabelSelector = WatchSources.LabelsOf(source.Service, settings.Watch.Selector),
        };
        return new()
        {
            Header = RecordingHeader.Of(ResourceKinds.EndpointSlices, selection) with
            {
                Service = source.Service.Name,
                Server = version,
                Tool = $"rxkube {WatchSources.Version}",
            },
            Anonymize = settings.Anonymize,
            Redact = source.Redact,
            Marks = marks,
        };
    }

    // Before anything is sent, and before the screen is drawn.
    private static void Check(RecordSettings settings)
    {
        var file = settings.File;
        if (File.Exists(file) && !settings.Force)
        {
            throw new UsageException($"{file} exists. To fix: write --force to replace it, or name another file.");
        }

        if (Directory.Exists(file) || Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
        {
            throw new UsageException($"{file} is not a file in a folder that exists. To fix: create the folder, or name another file.");
        }
    }
}
