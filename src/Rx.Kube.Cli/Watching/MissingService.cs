using System.Reactive.Linq;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Watching;

/// <summary>Explains once that there is no such Service, and what could be meant.</summary>
/// <param name="source">The source of the snapshots.</param>
/// <param name="warn">Reports the hint.</param>
/// <param name="host">The clock.</param>
internal sealed class MissingService(WatchSource source, Action<string> warn, CliHost host)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>Gets the hint, escaped; null unless the first complete snapshot lacked slices.</summary>
    public string? Hint { get; private set; }

    /// <summary>
    /// Passes snapshots through, in order. The first complete one, if it has no slice, waits up to two seconds for the names of other
    /// Services.
    /// </summary>
    /// <param name="snapshots">The snapshots.</param>
    /// <returns>The same snapshots.</returns>
    public IObservable<ServiceTopology> Explain(IObservable<ServiceTopology> snapshots) => Observable.Defer(() =>
    {
        var isFirst = true;
        return snapshots.Select(snapshot =>
        {
            var isMissing = isFirst && snapshot.Presence == ServicePresence.NoSlices;
            isFirst &= !snapshot.Freshness.IsSynced;
            return isMissing ? Explained(snapshot) : Observable.Return(snapshot);
        }).Concat();
    });

    private IObservable<ServiceTopology> Explained(ServiceTopology snapshot) => source.Others
        .Timeout(_patience, host.Scheduler)
        .Catch((Exception _) => Observable.Empty<IReadOnlyCollection<ServiceName>>())
        .FirstOrDefaultAsync()
        .Select(others =>
        {
            Hint = NearbyServices.Hint(source.Service, others);
            warn($"{PresenceText.Of(snapshot)}. {Hint}");
            return snapshot;
        });
}
