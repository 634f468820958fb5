using System.Collections.Immutable;
using System.Reactive.Linq;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Rx.Kube;

/// <summary>
/// The members of one topology as YARP has them: the members and the token that tells when there are others are one value, so that no
/// change between the two is missed. The token fires only if something that a destination is made of has changed, and has settled.
/// </summary>
internal sealed class DestinationFeed : IDisposable
{
    private readonly KubeDestinationOptions _options;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Lazy<Task> _first;
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private volatile State _state = new(default, new CancellationTokenSource());
    private IDisposable? _subscription;

    public DestinationFeed(IKubeTopology topology, KubeDestinationOptions options, ILogger log)
    {
        (Topology, _options, _log) = (topology, options, log);
        _first = new(StartAsync);
    }

    public IKubeTopology Topology { get; }

    /// <summary>Begins, and waits once for the first complete list. Never throws, and does not wait again.</summary>
    public Task FirstAsync() => _first.Value;

    /// <summary>Gets the current members, none before the first list, and the token that fires when there are others.</summary>
    public (ImmutableArray<MemberEndpoints> Members, IChangeToken Changed) Current
    {
        get
        {
            var state = _state;
            return (state.Members.IsDefault ? [] : state.Members, new CancellationChangeToken(state.Changed.Token));
        }
    }

    /// <summary>Logs that members are left out, once for each address and cause.</summary>
    public void Report(ServiceAddress address, int count, string cause)
    {
        lock (_gate)
        {
            if (!_reported.Add($"{address} {cause}") || _reported.Count > 1000)
            {
                return;
            }
        }

        var name = $"{address}";
        YarpLog.LeftOut(_log, Topology.Name, name, count, cause);
    }

    public void Dispose() => Volatile.Read(ref _subscription)?.Dispose();

    private async Task StartAsync()
    {
        _ = Topology.CurrentRing; // from now on, so that no request is the first to need it
        var subscription = Topology.Snapshots
            .Where(snapshot => snapshot.Freshness.IsSynced)
            .Select(MemberEndpoints.Of)
            .DistinctUntilChanged(members => (EquatableArray<MemberEndpoints>)[.. members])
            .Publish(members => members.Take(1).Merge(members.Settle(_options.Settle, _options.SettleAtMost)))
            .Subscribe(Put, error => YarpLog.Ended(_log, Topology.Name, Topology.Service, error));
        Volatile.Write(ref _subscription, subscription);
        if (_options.FirstSyncTimeout == TimeSpan.Zero)
        {
            return;
        }

        try
        {
            var snapshot = await Topology.Snapshots.FirstSyncedAsync(_options.FirstSyncTimeout).ConfigureAwait(false);
            if (_state.Members.IsDefault)
            {
                Put(MemberEndpoints.Of(snapshot));
            }
        }
        catch (FirstSyncTimeoutException e)
        {
            YarpLog.StartedUnsynced(_log, Topology.Name, Topology.Service, e.Message);
        }
        catch (InvalidOperationException)
        {
            // The stream has completed: the host stops.
        }
    }

    private void Put(ImmutableArray<MemberEndpoints> members)
    {
        State old;
        lock (_gate)
        {
            old = _state;
            if (!old.Members.IsDefault && old.Members.SequenceEqual(members))
            {
                return;
            }

            _state = new(members, new CancellationTokenSource());
        }

        try
        {
            old.Changed.Cancel();
        }
        catch (AggregateException e)
        {
            YarpLog.ReloadFailed(_log, Topology.Name, Topology.Service, e);
        }
    }

    private sealed record State(ImmutableArray<MemberEndpoints> Members, CancellationTokenSource Changed);
}
