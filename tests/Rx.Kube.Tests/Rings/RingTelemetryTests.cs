using System.Diagnostics;
using System.Reactive.Linq;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Rings;

/// <summary>What the ActivitySource "Rx.Kube" reports about rings.</summary>
public sealed class RingTelemetryTests
{
    [Fact]
    public void Each_rebuild_of_a_ring_is_an_activity_and_never_the_parent_of_what_a_subscriber_does()
    {
        // Other tests build rings too: only the activities of this Service count.
        var service = $"cache-{Guid.NewGuid():N}";
        var rebuilds = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Kube",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("k8s.service.name"), service))
                {
                    rebuilds.Add(
                        $"{activity.OperationName} {activity.GetTagItem("k8s.namespace.name")} " +
                        $"{activity.GetTagItem("rxkube.ring.members")} {activity.GetTagItem("rxkube.ring.changes")}");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var two = Testing.Slice.Of("a", service, @namespace: "prod").With("p", "10.0.0.1").With("q", "10.0.0.2");
        var snapshots = Fold(
            new ServiceName("prod", service),
            Listed("1", two), Bookmark("2"), Modified("3", two.With("p", "10.0.0.3")),
            Modified("4", two.With("r", "10.0.0.4").Without("p")));
        var parents = new List<Activity?>();

        using var subscription = snapshots.ToObservable().ToRingView().Subscribe(_ => parents.Add(Activity.Current));

        Assert.Equal(["rxkube.ring.rebuild prod 2 2", "rxkube.ring.rebuild prod 2 2"], rebuilds);
        Assert.Equal([null, null], parents);
    }
}
