using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.OnTestScheduler;

public sealed class JoinTests : ReactiveTest
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void An_endpoint_has_its_pod_as_soon_as_both_are_known()
    {
        var slice = Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1", uid: "first");
        var slices = _scheduler.CreateHotObservable(
            OnNext(210, WatchEvents.Listed("1", slice)),
            OnNext(240, slice.At(4).With("cache-0", "10.0.0.9", uid: "second").Modified()));
        var pods = _scheduler.CreateHotObservable(
            OnNext(220, WatchEvents.Listed("1", Pod("first", "Pending"))),
            OnNext(230, WatchEvents.Modified(Pod("first", "Running"), "3")),
            OnNext(250, WatchEvents.Modified(Pod("second", "Pending"), "5")));

        var seen = _scheduler.Start(() => slices.ToTopology().WithPods(pods.ToStore())
            .Select(joined => joined.Endpoints[0])
            .Select(e => $"{e.Endpoint.Address} {e.Pod?.Phase ?? "unknown"}"));

        seen.Messages.AssertEqual(
            OnNext(220, "10.0.0.1 Pending"),
            OnNext(230, "10.0.0.1 Running"),
            OnNext(240, "10.0.0.9 unknown"),     // the pod of this endpoint is a new one
            OnNext(250, "10.0.0.9 Pending"));
        slices.Subscriptions.AssertEqual(Subscribe(200, 1000));
        pods.Subscriptions.AssertEqual(Subscribe(200, 1000));
    }

    private static Pod Pod(string uid, string phase) =>
        new() { Metadata = new() { Name = "cache-0", Namespace = "default", Uid = uid }, Phase = phase };
}
