using System.Collections.Concurrent;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Docs;

/// <summary>The C# of the pages in docs/operators: each page shows the region with its name.</summary>
internal static class OperatorSamples
{
    public static IDisposable Changes(IObservable<ServiceTopology> cache, Dictionary<string, Connection> connections)
    {
        // <changes>
        return cache.WhereSynced().Changes().Subscribe(changes =>
        {
            foreach (var removed in changes.Removed)
                connections.Remove(removed.Member);
            foreach (var added in changes.Added)
                connections.Add(added.Member, new Connection(added.Current[0].Address));
            foreach (var moved in changes.Updated.Where(c => c.Previous[0].Address != c.Current[0].Address))
                connections[moved.Member] = new Connection(moved.Current[0].Address);
        });
        // </changes>
    }

    public static IDisposable DistinctUntilMembersChanged(IObservable<ServiceTopology> cache, Action<MemberSet> rebalance)
    {
        // <distinct-until-members-changed>
        return cache
            .WhereSynced()
            .DistinctUntilMembersChanged()
            .Subscribe(t => rebalance(t.Members));
        // </distinct-until-members-changed>
    }

    public static IDisposable HoldDepartures(
        IObservable<ServiceTopology> database, Action<MemberSet> rebalance, Action<EndpointList> route, Action<Exception> log)
    {
        // <hold-departures>
        var steady = database
            .WhereSynced()
            .HoldDepartures(TimeSpan.FromMinutes(2))                                   // longer than the restart of a pod
            .ShareLatest(onError: log);                                                // one watch for both subscribers
        return new CompositeDisposable(
            steady.DistinctUntilMembersChanged().Subscribe(t => rebalance(t.Members)), // not called for a restart
            steady.Subscribe(t => route(t.Routable)));                                 // a held member gets no traffic
        // </hold-departures>
    }

    public static IDisposable WhereInZone(IObservable<ServiceTopology> cache, string zone, Action<EndpointList> prefer)
    {
        // <where-in-zone>
        return cache
            .WhereInZone(zone)
            .Subscribe(t => prefer(t.Ready));   // empty if the zone has none: then use For(node, zone) of the unfiltered snapshot
        // </where-in-zone>
    }

    public static IDisposable Ownership(
        IObservable<ServiceTopology> database, Action<ReplicatedRing<RingMember>> route,
        Action<RingMember, IEnumerable<KeyRange>> fetch, Action<KeyRange> drop)
    {
        // <ownership>
        return database
            .HoldDepartures(TimeSpan.FromMinutes(2))         // a restart moves nothing
            .ToRingView()
            .WithReplicas(3)
            .Ownership("database-0")                         // the ranges of this process
            .Subscribe(change =>
            {
                route(change.Ring);                          // the same ring, so that routing and data cannot disagree
                foreach (var (member, ranges) in change.GainedFrom)
                    fetch(member, ranges);
                foreach (var lost in change.Lost)
                    drop(lost.Range);                        // the other two replicas have it
            });
        // </ownership>
    }

    public sealed class HandOver(
        ConcurrentDictionary<string, string> data, Action<RingMember, IEnumerable<KeyRange>> fetch,
        Func<RingMember, string, string, Task<bool>> offerAsync)
    {
        private OwnershipChange<RingMember>? newest;

        public IDisposable Start(IObservable<ServiceTopology> cache)
        {
            // <ownership-hand-over>
            return cache
                .WhereSynced()
                .WhereNotTerminating()                           // a draining member holds nothing, so it hands over everything
                .ToRingView()
                .Ownership("cache-0")
                .Subscribe(change =>
                {
                    foreach (var (member, ranges) in change.GainedFrom)
                        fetch(member, ranges);                   // quick, and may find nothing: the other may have started later
                    newest = change;
                });

            // </ownership-hand-over>
        }

        // <ownership-hand-over>
        async Task HandOverAsync()                           // repeated, while there is something to hand over
        {
            var ring = newest!;
            foreach (var key in data.Keys.Where(key => !ring.Holds(key)))
            {
                var accepted = ring.Ring.TryGetOwner(key, out var owner) && await offerAsync(owner, key, data[key]);
                if (accepted && ring == newest)              // otherwise it may be ours again
                    data.TryRemove(key, out _);
            }
        }
        // </ownership-hand-over>

        public Task OnceAsync() => HandOverAsync();
    }

    public static IObservable<OwnershipChange<RingMember>> OwnershipAfterARestart(IObservable<RingView> views, string file)
    {
        // <ownership-kept>
        var kept = File.Exists(file) ? JsonSerializer.Deserialize<KeyRange[]>(File.ReadAllText(file)) : [];
        return views
            .Ownership("database-0", kept)
            .Do(change => File.WriteAllText(file, JsonSerializer.Serialize(   // in a real program: when the gained ranges have arrived
                change.Ring.OwnedBy("database-0").Select(owned => owned.Range))));
        // </ownership-kept>
    }

    public static IDisposable Settle(IObservable<ServiceTopology> cache, Action<ServiceTopology> rebuild)
    {
        // <settle>
        return cache
            .WhereSynced()
            .Settle(quiet: TimeSpan.FromMilliseconds(100), atMost: TimeSpan.FromSeconds(1))
            .Subscribe(rebuild);
        // </settle>
    }

    public static IObservable<ServiceTopology> ShareLatest(KubeConnection kube, Action<Exception> log)
    {
        // <share-latest>
        return kube.EndpointSlices("prod", service: "cache")
            .Resume()
            .ToTopology()
            .ShareLatest(onError: log);   // one watch, however many subscribers
        // </share-latest>
    }

    public static IDisposable ObserveLatest(IObservable<ServiceTopology> cache, Action<ServiceTopology> writeConfiguration)
    {
        // <observe-latest>
        return cache
            .WhereSynced()
            .ObserveLatest()                 // on the thread pool; the watch does not wait
            .Subscribe(writeConfiguration);  // blocks for seconds, and then gets the newest snapshot
        // </observe-latest>
    }

    public static async Task ObserveLatestAsync(
        IObservable<ServiceTopology> cache, Func<ServiceTopology, CancellationToken, Task> rebuildAsync, CancellationToken stoppingToken)
    {
        // <observe-latest-async>
        await foreach (var topology in cache.WhereSynced().ToLatestAsyncEnumerable().WithCancellation(stoppingToken))
            await rebuildAsync(topology, stoppingToken);
        // </observe-latest-async>
    }

    public static async Task<ServicePresence> FirstSyncedAsync(
        IObservable<ServiceTopology> cache, KubeConnection kube, Action<MemberSet> rebalance, CancellationToken stoppingToken)
    {
        // <first-synced>
        using var members = cache.WhereSynced().Subscribe(t => rebalance(t.Members));        // cache is shared: this starts the watch
        var first = await cache.FirstSyncedAsync(TimeSpan.FromSeconds(30), kube, stoppingToken);
        return first.Presence;                                                               // is there such a Service, and a member?
        // </first-synced>
    }

    public static async Task<string?> ToCurrentValueAsync(
        IObservable<ServiceTopology> cache, Action<Exception> fail, CancellationToken stoppingToken)
    {
        // <to-current-value>
        using var ring = cache.ToRingView().ToCurrentValue(onError: fail);
        await cache.FirstSyncedAsync(TimeSpan.FromSeconds(30), stoppingToken);
        return ring.Required.Ring.TryGetOwner("user-42", out var owner) ? owner.Name : null;
        // </to-current-value>
    }

    public static IDisposable DistinctUntilObjectsChanged(IObservable<ResourceStore<Pod>> pods, Action<IEnumerable<Pod>> refresh)
    {
        // <distinct-until-objects-changed>
        return pods
            .WhereSynced()
            .DistinctUntilObjectsChanged()
            .Subscribe(store => refresh(store.Values));
        // </distinct-until-objects-changed>
    }

    public static IDisposable Reconnect(IObservable<string> notifications, Action<string> handle)
    {
        // <reconnect>
        return notifications                                   // for example server-sent events
            .Reconnect(
                new Backoff { Max = TimeSpan.FromSeconds(10) },
                isFatal: error => error is UnauthorizedAccessException)
            .Subscribe(handle);
        // </reconnect>
    }

    public static async Task<bool> SkipUntilAtLeast(
        IObservable<ServiceTopology> cache, (string Version, string Member) request, CancellationToken cancellationToken)
    {
        // <skip-until-at-least>
        var mine = await cache.AtLeastAsync(request.Version, cancellationToken);   // what the sender has seen, or something newer
        return mine.Members.Contains(request.Member);
        // </skip-until-at-least>
    }

    public static async Task<MemberSet> WhereSynced(IObservable<ServiceTopology> cache)
    {
        // <where-synced>
        var first = await cache.WhereSynced().FirstAsync();
        return first.Members;
        // </where-synced>
    }

    public static IDisposable ToHashRing(IObservable<ServiceTopology> cache, string key, Action<string> send)
    {
        // <to-hash-ring>
        return cache
            .HoldDepartures(TimeSpan.FromMinutes(2))         // a restart moves nothing
            .ToHashRing()
            .Subscribe(ring =>
            {
                if (ring.TryGetOwner(key, out var owner))
                    send(owner.Name);
            });
        // </to-hash-ring>
    }

    public static IObservable<HashRing<RingMember>> ToHashRingOfTwoClusters(
        IObservable<WatchEvent<EndpointSlice>> west, IObservable<WatchEvent<EndpointSlice>> east)
    {
        // <to-hash-ring-of-two-clusters>
        IObservable<HashRing<RingMember>> Ring(IObservable<WatchEvent<EndpointSlice>> slices, string cluster) =>
            slices.ToTopology(memberOf: e => $"{cluster}/{e.Member}").ToHashRing();   // both clusters have a cache-0
        return Ring(west, "west").CombineLatest(Ring(east, "east"), (one, other) =>
            HashRing.Create(one.Members.Concat(other.Members), m => m.Name, m => m.Weight, m => m.Zone));
        // </to-hash-ring-of-two-clusters>
    }

    public static IObservable<bool> ToRingView(IObservable<ServiceTopology> cache, (string Version, ulong Fingerprint) request)
    {
        // <to-ring-view>
        return cache
            .ToRingView(new() { Weight = e => e.Node?.StartsWith("big-", StringComparison.Ordinal) == true ? 2 : 1 })
            .SkipWhile(mine => mine.IsOlderThan(request.Version, request.Fingerprint))  // this process is behind: wait for the next view
            .Take(1)
            .Select(mine => mine.Fingerprint == request.Fingerprint);                   // false: the sender is behind, and asks again
        // </to-ring-view>
    }

    public static IDisposable WithReplicas(
        IObservable<ServiceTopology> cache, string key, Func<RingMember, bool> isUsable, Action<RingMember> read)
    {
        // <with-replicas>
        return cache
            .ToHashRing()
            .WithReplicas(3)
            .Subscribe(ring =>
            {
                if (ring.TryGetReader(key, isUsable, out var reader))
                    read(reader);
            });
        // </with-replicas>
    }

    public static IDisposable WhereEndpoints(IObservable<ServiceTopology> cache, string node, Action<EndpointList> use)
    {
        // <where-endpoints>
        return cache
            .WhereEndpoints(e => e.Node == node && e.AddressType == "IPv4")
            .Subscribe(t => use(t.Endpoints));
        // </where-endpoints>
    }

    public static IDisposable WhereMembers(IObservable<ServiceTopology> cache, string myself, Action<MemberSet> gossipWith)
    {
        // <where-members>
        return cache
            .WhereMembers(member => member != myself)
            .DistinctUntilMembersChanged()
            .Subscribe(t => gossipWith(t.Members));
        // </where-members>
    }

    public static IDisposable WhereNotTerminating(
        IObservable<ServiceTopology> cache, Action<IEnumerable<TopologyEndpoint>, IEnumerable<KeyRange>> fetch)
    {
        // <where-not-terminating>
        ServiceTopology? everyone = null;
        return cache
            .WhereSynced()
            .Do(t => everyone = t)                   // all addresses, those of draining members too
            .WhereNotTerminating()                   // the members that stay
            .ToRingView()
            .Ownership("cache-0")
            .Subscribe(change =>
            {
                foreach (var (member, ranges) in change.GainedFrom)
                    fetch(everyone!.EndpointsOf(member.Name), ranges);
            });
        // </where-not-terminating>
    }

    public static IDisposable WhereReady(IObservable<ServiceTopology> cache, Action<MemberSet> rebalance)
    {
        // <where-ready>
        return cache
            .WhereSynced()
            .WhereReady()
            .HoldDepartures(TimeSpan.FromSeconds(10))   // a single failed probe changes no members
            .DistinctUntilMembersChanged()
            .Subscribe(t => rebalance(t.Members));
        // </where-ready>
    }

    internal sealed record Connection(string Address);
}
