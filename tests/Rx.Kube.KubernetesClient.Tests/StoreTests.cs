using System.Reactive.Linq;
using k8s.Models;
using Rx.Kube.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;
using TestScheduler = Microsoft.Reactive.Testing.TestScheduler;

namespace Rx.Kube.KubernetesClient.Tests;

public sealed class StoreTests
{
    private static readonly StoreIndex<V1Pod, string> ByNode = StoreIndex.By<V1Pod, string>(p => p.Spec.NodeName);
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void Pods_are_stored_by_namespace_and_name_without_a_function_for_their_metadata()
    {
        var source = _scheduler.CreateHotObservable(
            OnNext(210, WatchEvents.Listed("17", Pod("cache-0", "node-a"), Pod("cache-1", "node-b"))),
            OnNext(220, WatchEvents.Added(Pod("cache-2", "node-a"), "18")),
            OnNext(230, WatchEvents.Deleted(Pod("cache-0", "node-a"), "19")));

        var seen = _scheduler.Start(() => source.ToStore(ByNode).Select(
            s => $"{string.Join(",", s.Keys)} on node-a: {string.Join(",", s.By(ByNode)["node-a"].Select(p => p.Name()))}"));

        Assert.Equal(
            [
                OnNext(210, "prod/cache-0,prod/cache-1 on node-a: cache-0"),
                OnNext(220, "prod/cache-0,prod/cache-1,prod/cache-2 on node-a: cache-0,cache-2"),
                OnNext(230, "prod/cache-1,prod/cache-2 on node-a: cache-2"),
            ],
            seen.Messages);
    }

    [Fact]
    public void A_pod_that_was_made_again_is_another_pod()
    {
        var source = _scheduler.CreateHotObservable(
            OnNext(210, WatchEvents.Listed("17", Pod("cache-0", "node-a", "uid-1"))),
            OnNext(220, WatchEvents.Modified(Pod("cache-0", "node-a", "uid-2"), "18")));

        var seen = _scheduler.Start(() => source.ToStore().Scan(
            (Before: (ResourceStore<V1Pod>?)null, Diff: ""),
            (state, s) => (s, $"+{s.DiffFrom(state.Before).Added.Length} -{s.DiffFrom(state.Before).Removed.Length}")).Select(s => s.Diff));

        Assert.Equal([OnNext(210, "+1 -0"), OnNext(220, "+1 -1")], seen.Messages);
    }

    [Fact]
    public void A_pod_without_a_name_is_an_error()
    {
        var source = _scheduler.CreateHotObservable(OnNext(210, WatchEvents.Added(new V1Pod(), "18")));
        var seen = _scheduler.Start(() => source.ToStore());
        var error = Assert.IsType<InvalidOperationException>(Assert.Single(seen.Messages).Value.Exception);
        Assert.Contains("metadata.name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentNullException>(() => ((IObservable<WatchEvent<V1Pod>>)null!).ToStore());
        Assert.Throws<ArgumentException>(() => Observable.Empty<WatchEvent<V1Pod>>().ToStore([null!]));
    }

    private static V1Pod Pod(string name, string node, string uid = "uid") => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "prod", Uid = uid },
        Spec = new V1PodSpec { NodeName = node },
    };
}
