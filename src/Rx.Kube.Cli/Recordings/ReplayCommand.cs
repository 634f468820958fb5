using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Explaining;
using Rx.Kube.Cli.Live;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Rings;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Trees;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Recordings;

/// <summary>Implements <c>rxkube replay</c>: the views of the live commands, on a recording.</summary>
internal static class ReplayCommand
{
    /// <summary>Shows a recording, or compares two.</summary>
    /// <param name="settings">The recording and the view.</param>
    /// <param name="host">The terminal, the clock and the signals.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">A recording cannot be read, or an option does not fit it.</exception>
    public static async Task<int> RunAsync(ReplaySettings settings, CliHost host)
    {
        var recording = await RecordedService.OpenAsync(settings.Files[0], host).ConfigureAwait(false);
        if (!settings.Diff)
        {
            return recording is null ? ExitCode.Stopped : await ShowAsync(recording, settings, host).ConfigureAwait(false);
        }

        var other = recording is null ? null : await RecordedService.OpenAsync(settings.Files[1], host).ConfigureAwait(false);
        return other is null
            ? ExitCode.Failed // stopped: it is not known that the rings are equal
            : ReplayDiff.Run(recording!, other, settings, host);
    }

    private static Task<int> ShowAsync(RecordedService recording, ReplaySettings settings, CliHost host)
    {
        var isLive = host.IsTerminal && !settings.Once && settings.Web is null && settings.View is ReplayView.Watch or ReplayView.Ring
            && (settings.Output ?? OutputFormat.Table) == OutputFormat.Table;
        if (settings.Step && !isLive)
        {
            throw new UsageException(
                "--step needs a live table. To fix: run it on a terminal, with --view watch or ring, without -o and --once.");
        }

        var end = recording.Time("--until", settings.Until, recording.Recording.Duration);
        var start = recording.Time("--from", settings.From, TimeSpan.Zero);
        if (start > end)
        {
            throw new UsageException("--from is after --until.");
        }

        var speed = settings.Speed ?? (isLive && !settings.Step ? 1 : double.PositiveInfinity);
        var frames = ReplayFrame.Of(recording, start, end, settings.Hold);
        var clock = new ReplayClock(
            host.Scheduler, recording.Recording.Header.Started, start, end, double.IsInfinity(speed) ? null : speed);
        var keys = host.Keys.Publish().RefCount();
        var replayed = host with { Scheduler = clock, Keys = settings.Step ? keys.WithoutCommands(IsStep) : keys };
        var paced = settings.Step ? keys.Commands(IsStep).StartWith(default(KeyPress)).Zip(frames, (_, frame) => frame)
            : double.IsInfinity(speed) ? frames.ToObservable()
            : Observable.Generate(
                0, i => i < frames.Count, i => i + 1, i => frames[i], i => clock.Left(frames[i].At), host.Scheduler);
        IReadOnlyList<LogEntry> notes =
        [
            .. recording.Recording.Marks.Select(m => LogView.Mark(recording.Recording.Header.Started.AddTicks(m.Time), m.Value)).Reverse(),
        ];
        var marks = new ReplayMarks(recording.Recording, isLive ? _ => { } : host.Error.WriteLine);
        var snapshots = paced.Do(frame =>
        {
            clock.MoveTo(frame.At);
            marks.PassTo(frame.At);
        }).Select(frame => frame.Snapshot);
        if (!frames.Any(frame => frame.Snapshot.Freshness.IsSynced))
        {
            host.Error.WriteLine("rxkube: the recording has no complete list in this time");
        }

        // The last table stays until the user quits.
        var shown = isLive ? snapshots.Concat(Observable.Never<ServiceTopology>()) : snapshots;
        return ViewAsync(settings, replayed, new WatchSource(
            shown, recording.Service, (settings.Step ? "space goes on; " : "") + Origin(recording))
        {
            Notes = () => notes,
        });
    }

    private static Task<int> ViewAsync(ReplaySettings settings, CliHost host, WatchSource source)
    {
        var watch = new WatchSettings(source.Service.Name)
        {
            Output = settings.Output,
            Template = settings.Template,
            Once = settings.Once,
            Timeout = TimeSpan.Zero,
            Color = settings.Color,
        };
        return settings.View switch
        {
            ReplayView.Ring => RingCommand.RunAsync(
                new RingSettings(watch, settings.Replicas, settings.Tokens, settings.Self) { Web = settings.Web, IsRecording = true },
                host, (_, _, _) => Task.FromResult(source)),
            ReplayView.Explain => ExplainCommand.RunAsync(
                new ExplainSettings(
                    watch with { Once = true, Output = settings.Output ?? OutputFormat.Text, Hold = settings.Hold },
                    settings.Key!, settings.Replicas, settings.Tokens),
                host, (_, _, _) => Task.FromResult(source with { Snapshots = source.Snapshots.TakeLast(1) })),
            ReplayView.Tree => TreeCommand.RunAsync(
                new TreeSettings(watch with { Output = settings.Output ?? OutputFormat.Text }, !settings.Once),
                host, (_, _, _) => Task.FromResult(source)),
            _ => WatchCommand.RunAsync(watch, host, (_, _, _) => Task.FromResult(source)),
        };
    }

    private static bool IsStep(KeyPress key) => key is { Character: ' ' or 'n' or '\r' or '\n' } or { Key: ConsoleKey.Enter };

    private static string Origin(RecordedService recording)
    {
        var header = recording.Recording.Header;
        return $"{Path.GetFileName(recording.File)}, {HumanFormat.Span(recording.Recording.Duration)} from {header.Started:u}"
            + (header.IsAnonymized ? ", anonymized" : "");
    }
}
