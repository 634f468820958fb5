using System.Reactive.Subjects;
using Rx.Kube.Models;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Folds events into snapshots, and compares them with the naive fold: a dictionary.</summary>
internal static class Folds
{
    public static void Check<T>(IReadOnlyList<WatchEvent<T>> events)
        where T : class, IResource
    {
        var objects = Naive(events);
        ResourceStore<T>? store = null;
        Fold(events, source => source.ToStore(), snapshot => store = snapshot);
        Require(
            store is null || (objects.Count == store.Count
                && objects.All(o => store.TryGetValue(o.Key, out var held) && held.Equals(o.Value))),
            "store");
    }

    public static void CheckTopology(IReadOnlyList<WatchEvent<EndpointSlice>> events)
    {
        Check(events);
        var objects = Naive(events);
        ClusterTopology? folded = null, listed = null;
        Fold(events, source => source.ToClusterTopology(), snapshot => folded = snapshot);
        var final = new WatchEvent<EndpointSlice>.Listed([.. objects.Values], "1");
        Fold([final], source => source.ToClusterTopology(), snapshot => listed = snapshot);
        Require(
            folded is null || listed is null || (folded.Names.SequenceEqual(listed.Names)
                && folded.Names.All(service => folded[service].Endpoints.SequenceEqual(listed[service].Endpoints))),
            "topology");
    }

    private static Dictionary<ResourceKey, T> Naive<T>(IReadOnlyList<WatchEvent<T>> events)
        where T : class, IResource
    {
        var objects = new Dictionary<ResourceKey, T>();
        foreach (var next in events)
        {
            switch (next)
            {
                case WatchEvent<T>.Added(var item, _):
                    objects[ResourceKey.Of(item.Metadata)] = item;
                    break;
                case WatchEvent<T>.Modified(var item, _):
                    objects[ResourceKey.Of(item.Metadata)] = item;
                    break;
                case WatchEvent<T>.Deleted(var item, _):
                    objects.Remove(ResourceKey.Of(item.Metadata));
                    break;
                case WatchEvent<T>.Skipped { IsDeletion: true } skipped:
                    objects.Remove(skipped.Object.Key);
                    break;
            }
        }

        return objects;
    }

    private static void Fold<T, TSnapshot>(
        IEnumerable<WatchEvent<T>> events, Func<IObservable<WatchEvent<T>>, IObservable<TSnapshot>> fold, Action<TSnapshot> onSnapshot)
    {
        using var source = new Subject<WatchEvent<T>>();
        using var subscription = fold(source).Subscribe(onSnapshot);
        foreach (var next in events)
        {
            source.OnNext(next);
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new BrokenPromiseException($"the folded events are not those of the objects: {what}");
        }
    }
}
