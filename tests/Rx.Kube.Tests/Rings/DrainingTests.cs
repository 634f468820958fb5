using System.Reactive.Linq;
using Rx.Kube.Tests.Operators;

namespace Rx.Kube.Tests.Rings;

/// <summary>A member that stops gives its keys away while it can still be asked for them.</summary>
public sealed class DrainingTests
{
    private static readonly IObservable<ServiceTopology> ScaleIn =
        new[] { "c-0 c-1 c-2", "c-0 c-1 c-2(terminating)", "c-0 c-1" }.Select(TopologyText.Snapshot).ToObservable();

    [Fact]
    public void The_members_that_stay_fetch_all_that_the_draining_member_owned_at_an_address_that_is_still_known()
    {
        var fetched = UInt128.Zero;
        foreach (var self in new[] { "c-0", "c-1" })
        {
            ServiceTopology? everyone = null;
            var changes = ScaleIn.Do(t => everyone = t).WhereNotTerminating().ToRingView().Ownership(self);
            using var subscription = changes.Skip(1).Subscribe(change =>
            {
                var (from, ranges) = Assert.Single(change.GainedFrom);
                Assert.Equal(("c-2", "10.0.0.2"), (from.Name, Assert.Single(everyone!.EndpointsOf(from.Name)).Address));
                Assert.True(everyone.EndpointsOf(from.Name)[0].Terminating);
                fetched += ranges.Aggregate(UInt128.Zero, (sum, range) => sum + range.Length);
            });
        }

        var owned = ScaleIn.FirstAsync().ToHashRing().Wait().OwnedBy("c-2");
        Assert.Equal(owned.Aggregate(UInt128.Zero, (sum, each) => sum + each.Range.Length), fetched);
    }

    [Fact]
    public void The_draining_member_loses_everything_once_and_knows_which_members_take_over()
    {
        var changes = ScaleIn.WhereNotTerminating().ToRingView().Ownership("c-2").ToList().Wait();
        Assert.Equal(2, changes.Count);
        Assert.Equal(changes[0].Changes.Length, changes[0].Gained.Count());
        Assert.NotEmpty(changes[1].Lost);
        Assert.All(changes[1].Lost, lost => Assert.Contains(Assert.Single(lost.After).Name, new[] { "c-0", "c-1" }));
        Assert.Empty(changes[1].Ring.OwnedBy("c-2"));
    }

    [Fact]
    public void Without_draining_the_keys_move_only_when_the_member_is_gone()
    {
        ServiceTopology? everyone = null;
        var change = ScaleIn.Do(t => everyone = t).ToRingView().Ownership("c-0").Wait();
        Assert.Equal("c-2", Assert.Single(change.GainedFrom).From.Name);
        Assert.True(everyone!.EndpointsOf("c-2").IsEmpty);
    }
}
