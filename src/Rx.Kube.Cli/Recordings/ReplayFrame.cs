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
    /// <returns>The snapshots. They share what did not change.</returns>
    /// <exception cref="UsageException">The recording cannot be shown.</exception>
    public static IReadOnlyList<ReplayFrame> Of(RecordedService recording, TimeSpan from, TimeSpan until)
    {
        var at = TimeSpan.Zero;
        var events = recording.Recording.Events<EndpointSlice>().TakeWhile(e => e.Time <= until.Ticks).Select(e =>
        {
            at = TimeSpan.FromTicks(e.Time);
            return e.Value;
        });

        // A failure of the recorded stream is its end. The source gives one event at a time, so that the time fits the snapshot.
        var all = events.ToObservable(ImmediateScheduler.Instance).Dematerialize().Catch((KubeException _) =>
            Observable.Empty<WatchEvent<EndpointSlice>>())
            .ToTopology(recording.Service).Select(snapshot => new ReplayFrame(at, snapshot)).ToList().Wait();
        var before = all.LastOrDefault(frame => frame.At <= from);
        return before is null ? all.AsReadOnly() : [before with { At = from }, .. all.Where(frame => frame.At > from)];
    }
}
