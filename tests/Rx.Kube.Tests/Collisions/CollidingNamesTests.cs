using System.Diagnostics;
using System.Globalization;
using System.Reactive.Subjects;
using System.Reflection;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Collisions;

/// <summary>
/// Names from the network that were chosen to collide cost what other names cost: every hash of them has a key that the sender does not
/// know. Time is measured, with a limit far from both: 20,000 names that collide would take a hundred times as long.
/// </summary>
[Collection(ProcessWide.Collection)]
public class CollidingNamesTests
{
    private const int Count = 20_000;
    private static readonly IReadOnlyList<string> _colliding = CollidingNames.Of(Count);
    private static readonly IReadOnlyList<string> _ordinary = CollidingNames.Ordinary(Count);

    [Fact]
    public void The_names_of_this_test_collide_where_there_is_no_key()
    {
        Assert.Equal(Count, _colliding.Distinct().Count());
        Assert.Single(_colliding.Select(CollidingNames.UnkeyedHash).Distinct());
        Assert.InRange(_ordinary.Select(CollidingNames.UnkeyedHash).Distinct().Count(), Count / 2, Count);
        if (typeof(string).GetMethod("GetNonRandomizedHashCode", BindingFlags.Instance | BindingFlags.NonPublic) is { } runtimes)
        {
            Assert.Equal(CollidingNames.UnkeyedHash(_colliding[0]), runtimes.Invoke(_colliding[0], null));
        }
    }

    [Fact]
    public void The_hashes_of_all_kinds_of_keys_separate_colliding_names()
    {
        Separates(n => new ResourceKey("default", n));
        Separates(n => new ResourceKey(n, "web"));
        Separates(n => new ServiceName("default", n));
        Separates(n => new EndpointPort(n, 80));
        Separates(n => (80, n));
        Separates(n => (n, true, true, false));
        Separates(n => n, KeyedComparer<string>.Instance);

        static void Separates<TKey>(Func<string, TKey> key, IEqualityComparer<TKey>? comparer = null)
            where TKey : notnull
        {
            comparer ??= EqualityComparer<TKey>.Default;
            Assert.InRange(_colliding.Select(n => comparer.GetHashCode(key(n))).Distinct().Count(), Count - 9, Count);
        }
    }

    [Fact]
    public void The_hashes_of_index_keys_separate_numbers_that_collide_in_dictionaries()
    {
        // A table has a prime number of places, and the hashes of .NET are the number itself, or its halves combined by XOR.
        Separates(Enumerable.Range(0, Count).Select(i => i * 30_011));
        Separates(Enumerable.Range(0, Count).Select(i => ((long)i << 32) | (uint)i));
        Separates(Enumerable.Range(0, Count).Select(i => ((ulong)i << 32) | (uint)i));
        Separates(Enumerable.Range(0, Count).Select(i => new Guid(i, 0, 0, [.. BitConverter.GetBytes(i), 0, 0, 0, 0])));

        static void Separates<TKey>(IEnumerable<TKey> keys)
            where TKey : notnull =>
            Assert.InRange(
                keys.Select(k => KeyedComparer<TKey>.Instance.GetHashCode(k) & 0xffff).Distinct().Count(), Count / 2, Count);
    }

    [Fact]
    public void Colliding_objects_in_a_store_and_its_index_cost_what_others_cost() => CostsTheSame(names =>
    {
        using var source = new Subject<WatchEvent<Pod>>();
        var byNode = StoreIndex.By((Pod pod) => pod.NodeName);
        ResourceStore<Pod>? last = null;
        using var subscription = source.ToStore(byNode).Subscribe(s => last = s);
        var pods = names.Select(n => new Pod { Metadata = new() { Name = n, Namespace = "default" }, NodeName = n }).ToArray();
        source.OnNext(new WatchEvent<Pod>.Listed([.. pods], "1"));
        source.OnNext(new WatchEvent<Pod>.Listed([.. pods], "2"));
        Assert.Equal(names.Count, names.Sum(n => last!.By(byNode)[n].Count()));
    });

    [Fact]
    public void Colliding_objects_in_an_audit_cost_what_others_cost() => CostsTheSame(names =>
    {
        var held = new HeldObjects<Pod>(pod => pod.Metadata);
        var pods = names.Select(n => new Pod { Metadata = new() { Name = n, Namespace = "default" } }).ToArray();
        var list = new WatchEvent<Pod>.Listed([.. pods], "1");
        held.Apply(list);
        held.BeginAudit();
        foreach (var pod in pods)
        {
            held.Apply(new WatchEvent<Pod>.Modified(pod, "2"));
        }

        Assert.Empty(held.Differences(list));
    });

    [Fact]
    public void Colliding_Services_of_a_cluster_cost_what_others_cost() => CostsTheSame(names =>
    {
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        ClusterTopology? last = null;
        using var subscription = source.ToClusterTopology().Subscribe(s => last = s);
        var slices = names.Select(n => Slice.Of(n, n).With(n, "10.0.0.1")).ToArray();
        source.OnNext(new WatchEvent<EndpointSlice>.Listed([.. slices], "1"));
        Assert.Equal(names.Count, names.Count(n => last![new("default", n)].Endpoints.Count == 1));
    });

    [Fact]
    public void Colliding_slices_members_and_addresses_cost_what_others_cost() => CostsTheSame(names =>
    {
        using var source = new Subject<WatchEvent<EndpointSlice>>();
        var clock = new VirtualClock();
        ServiceTopology? last = null;
        using var subscription = source.ToTopology(new ServiceName("default", "web"))
            .HoldDepartures(TimeSpan.FromMinutes(1), clock).Subscribe(s => last = s);
        var slices = names.Select(n => Slice.Of(n, "web", addressType: "FQDN").With(n, n)).ToArray();
        source.OnNext(new WatchEvent<EndpointSlice>.Listed([.. slices], "1"));
        source.OnNext(new WatchEvent<EndpointSlice>.Listed([], "2"));
        Assert.Equal(names.Count, last!.Endpoints.Count(e => e.IsHeld));
    });

    private static void CostsTheSame(Action<IReadOnlyList<string>> work)
    {
        work(_ordinary.Take(100).ToList());
        var (colliding, ordinary) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var i = 0; i < 3; i++)
        {
            ordinary = Shorter(ordinary, _ordinary);
            colliding = Shorter(colliding, _colliding);
        }

        Assert.True(
            colliding < (5 * ordinary) + TimeSpan.FromMilliseconds(100),
            string.Create(CultureInfo.InvariantCulture, $"{colliding.TotalMilliseconds} ms, others {ordinary.TotalMilliseconds} ms"));

        TimeSpan Shorter(TimeSpan before, IReadOnlyList<string> names)
        {
            var started = Stopwatch.GetTimestamp();
            work(names);
            var took = Stopwatch.GetElapsedTime(started);
            return took < before ? took : before;
        }
    }
}
