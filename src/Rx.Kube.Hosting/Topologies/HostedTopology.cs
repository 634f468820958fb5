using System.Reactive;
using System.Reactive.Linq;
using Microsoft.Extensions.Logging;

namespace Rx.Kube;

/// <summary>
/// A watch, shared: the holders and the log see each value first, on the thread of the watch; everyone else is called on the scheduler.
/// </summary>
internal sealed class HostedTopology : IKubeTopology, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly KubeConnection _kube;
    private readonly ILogger _log;
    private readonly IObservable<ServiceTopology> _watch;
    private readonly Lazy<(CurrentValue<RingView> Ring, CurrentValue<ServiceTopology> Snapshot)> _current;
    private readonly Lazy<IDisposable> _logging;
    private Exception? _failure;

    public HostedTopology(string name, KubeTopologyOptions options, ServiceWatches watches, ILogger log)
    {
        (Name, Options, _kube, _log) = (name, options, watches.Connection, log);
        Service = watches.ServiceOf(name, options);
        _watch = UntilStopped(watches.Of(Service, options), _stopping.Token).ShareLatest(Fault);
        var placed = options.LeaveWhenTerminating ? _watch.WhereNotTerminating() : _watch;
        var rings = placed
            .HoldDepartures(options.HoldDepartures, options.TopologyLimits, options.Scheduler)
            .ToRingView(options.Ring)
            .WithReplicas(options.Replicas)
            .ShareLatest(Fault);
        Snapshots = _watch.ShareLatest(Fault, options.Scheduler);
        Rings = rings.ShareLatest(Fault, options.Scheduler);

        // The ring first: who sees a snapshot, such as the health check, finds its ring.
        _current = new(() => (rings.ToCurrentValue(Fail), _watch.ToCurrentValue(Fail)));
        _logging = new(() => _watch.Subscribe(new CauseLog(this, log).OnNext, _ => { }));
    }

    public string Name { get; }

    public ServiceName Service { get; }

    public KubeTopologyOptions Options { get; }

    public IObservable<ServiceTopology> Snapshots { get; }

    public CurrentValue<ServiceTopology> Current => _current.Value.Snapshot;

    public IObservable<RingView> Rings { get; }

    public CurrentValue<RingView> CurrentRing => _current.Value.Ring;

    /// <summary>Gets what ended the watch for good, such as the disposal of the connection; null if it goes on.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Gets what requests wait for, such as an exec plugin; null for nothing.</summary>
    public string? WaitingFor => _kube.WaitingFor;

    /// <summary>Begins the watch, and waits for the first complete list as long as the options say.</summary>
    /// <exception cref="TimeoutException">No list has arrived, and the options say that the start then fails.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The holders come first, so that they are never behind what the log or a subscriber has seen.
        (_, _) = (_current.Value, _logging.Value);
        TopologyInstruments.Add(this);
        if (Options.FirstSyncTimeout == TimeSpan.Zero)
        {
            return;
        }

        try
        {
            await _watch.FirstSyncedAsync(Options.FirstSyncTimeout, Options.Scheduler, cancellationToken).ConfigureAwait(false);
        }
        catch (FirstSyncTimeoutException e)
        {
            var timeout = new FirstSyncTimeoutException(e.Timeout, e.Interruption, _kube);
            var cause = e.Interruption is { } interruption && timeout.WaitingFor is null
                ? $"No complete list arrived within {e.Timeout.TotalSeconds:0.###} s. {HostText.Cause(interruption)}"
                : timeout.Message;
            if (Options.FailStart)
            {
                throw new TimeoutException($"The topology '{Name}' of {Service} is not there. {cause}", timeout);
            }

            HostLog.StartedUnsynced(_log, Name, Service, cause);
        }
    }

    /// <summary>Ends the watch; the streams complete. The holders keep their last values.</summary>
    public void Stop()
    {
        if (!_stopping.IsCancellationRequested)
        {
            _stopping.Cancel();
            TopologyInstruments.Remove(this);
            HostLog.Stopped(_log, Name, Service);
        }
    }

    public void Dispose() => Stop();

    // What subscribes after the stop gets an empty stream, and no request is sent.
    private static IObservable<T> UntilStopped<T>(IObservable<T> source, CancellationToken stopping) => Observable.Defer(() =>
        stopping.IsCancellationRequested
            ? Observable.Empty<T>()
            : source.TakeUntil(Observable.Create<Unit>(observer => stopping.Register(() => observer.OnNext(Unit.Default)))));

    private void Fault(Exception error) => HostLog.SubscriberFailed(_log, Name, Service, error);

    private void Fail(Exception error)
    {
        if (Interlocked.CompareExchange(ref _failure, error, null) is null)
        {
            HostLog.Failed(_log, Name, Service, HostText.Line(error.Message), error);
        }
    }
}
