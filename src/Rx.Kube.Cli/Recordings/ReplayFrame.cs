using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Recordings;

/// <summary>A snapshot of a recording.</summary>
/// <param name="At">The time since the start of the recording.</param>
/// <param name="Snapshot">The snapshot.</param>
internal sealed record ReplayFrame(TimeSpan At, ServiceTopology Snapshot)
{
    /// <summary>Folds a recording.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="from">Where to start: the snapshot of that time comes first.</param>
    /// <param name="until">Where to end.</param>
    /// <param name="hold">How long a member that left keeps its place; zero for not at all.</param>
    /// <returns>The snapshots. They share what did not change.</returns>
    /// <exception cref="UsageException">The recording cannot be shown.</exception>
    public static IReadOnlyList<ReplayFrame> Of(RecordedService recording, TimeSpan from, TimeSpan until, TimeSpan hold)
    {
        var all = hold > TimeSpan.Zero ? Held(recording, until, hold) : Plain(recording, until);
        var before = all.LastOrDefault(frame => frame.At <= from);
        return before is null ? all.AsReadOnly() : [before with { At = from }, .. all.Where(frame => frame.At > from)];
    }

    private static IList<ReplayFrame> Plain(RecordedService recording, TimeSpan until)
    {
        var at = TimeSpan.Zero;
        var events = recording.Recording.Events<EndpointSlice>().TakeWhile(e => e.Time <= until.Ticks).Select(e =>
        {
            at = TimeSpan.FromTicks(e.Time);
            return e.Value;
        });

        // A failure of the recorded stream is its end. The source gives one event at a time, so that the time fits the snapshot.
        return events.ToObservable(ImmediateScheduler.Instance).Dematerialize().Catch((KubeException _) =>
            Observable.Empty<WatchEvent<EndpointSlice>>())
            .ToTopology(recording.Service).Select(snapshot => new ReplayFrame(at, snapshot)).ToList().Wait();
    }

    // The end of a hold is a frame of its own, at its recorded time.
    private static List<ReplayFrame> Held(RecordedService recording, TimeSpan until, TimeSpan hold)
    {
        var start = recording.Recording.Header.Started;
        var (clock, frames) = (new HistoricalScheduler(start), new List<ReplayFrame>());
        using var playing = recording.Recording.ToObservable<EndpointSlice>(clock)
            .Catch((KubeException _) => Observable.Never<WatchEvent<EndpointSlice>>())
            .ToTopology(recording.Service).HoldDepartures(hold, clock)
            .Subscribe(snapshot => frames.Add(new(clock.Now - start, snapshot)));
        clock.AdvanceTo(start + until + TimeSpan.FromTicks(1));
        return [.. frames.Where(frame => frame.At <= until)];
    }
}
