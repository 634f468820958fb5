using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Grpc.Core;
using Grpc.Net.Client.Balancer;
using Microsoft.Extensions.Logging;

namespace Rx.Kube;

/// <summary>
/// Tells a channel the routes of each snapshot. A request to refresh does nothing: the watch is newer than any answer to a question. After
/// the first complete list there is always an answer, whatever happens to the API server.
/// </summary>
internal sealed partial class KubeResolver(
    KubeTarget target, KubePodOptions pod, KubeTopologyOptions options, bool isOurs, ILoggerFactory loggers) : Resolver
{
    private readonly ILogger _log = loggers.CreateLogger("Rx.Kube.Grpc");
    private IDisposable? _subscription;

    public override void Start(Action<ResolverResult> listener)
    {
        // Until the first result, a call ignores its deadline. Our policies let calls wait for addresses, and gRPC's fail them.
        if (isOurs && target.Topology.CurrentRing.Value is null)
        {
            Tell(listener, ResolverResult.ForResult([]));
        }

        // The channel calls Start under a lock that the listener needs.
        _subscription = Results().ObserveOn(DefaultScheduler.Instance).Subscribe(result => Tell(listener, result), _ => { });
    }

    protected override void Dispose(bool disposing)
    {
        _subscription?.Dispose();
        base.Dispose(disposing);
    }

    private IObservable<ResolverResult> Results()
    {
        var patience = options.FirstSyncTimeout > TimeSpan.Zero
            ? Observable.Timer(options.FirstSyncTimeout, options.Scheduler).Select(_ => true).StartWith(false)
            : Observable.Return(true);
        return Observable
            .CombineLatest(
                target.Topology.Snapshots.Select(snapshot => (ServiceTopology?)snapshot).StartWith((ServiceTopology?)null),
                target.Topology.Rings.Select(ring => (RingView?)ring).StartWith((RingView?)null),
                patience,
                Result)
            .Where(result => result is not null)
            .Select(result => result!)
            .Catch((Exception e) => Observable.Return(Failure($"The topology of {target.Topology.Service} has ended: {e.Message}")));
    }

    // Null while a call should wait.
    private ResolverResult? Result(ServiceTopology? snapshot, RingView? ring, bool isPatienceOver) =>
        snapshot is { Freshness.IsSynced: true } && (ring is not null || isPatienceOver)
            ? Synced(snapshot, ring)
            : isPatienceOver ? Failure(Unsynced(snapshot)) : null;

    private ResolverResult Synced(ServiceTopology snapshot, RingView? ring)
    {
        var routes = RouteTable.Of(snapshot, ring, target, pod);
        return routes.Fault is { } fault ? Failure(fault) : ResolverResult.ForResult(routes.Addresses());
    }

    private string Unsynced(ServiceTopology? snapshot) =>
        $"No complete list of {target.Topology.Service} has arrived so far" + (snapshot?.Freshness.Cause switch
        {
            null => ".",
            { Error: KubeForbiddenException } refused => $". {refused.Message}",
            var cause => $". {cause.Kind}: {Printable.Of(cause.Message, 1000)}",
        });

    private static ResolverResult Failure(string detail) => ResolverResult.ForFailure(new(StatusCode.Unavailable, detail));

    // The channel throws for a service config without a usable policy. On this thread it would end the process.
    private void Tell(Action<ResolverResult> listener, ResolverResult result)
    {
        try
        {
            listener(result);
        }
        catch (Exception e)
        {
            Refused(_log, target.Topology.Name, Printable.Of(e.Message, 1000), e);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A gRPC channel to the topology {Topology} did not take its addresses: {Cause}")]
    private static partial void Refused(ILogger log, string topology, string cause, Exception error);
}
