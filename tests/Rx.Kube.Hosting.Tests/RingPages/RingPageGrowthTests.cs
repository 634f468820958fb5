using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests.RingPages;

/// <summary>What the page of a ring keeps. It reads the memory of the process, so no other test runs meanwhile.</summary>
[Collection(nameof(RingPageGrowthTests))]
[CollectionDefinition(nameof(RingPageGrowthTests), DisableParallelization = true)]
public sealed class RingPageGrowthTests
{
    [Fact]
    public void Eight_hours_of_churn_do_not_grow_it()
    {
        using var scene = new PageScene();
        long after1 = 0;
        const int hour = 3600 / 3;
        for (var change = 0; change < 8 * hour; change++)
        {
            scene.Clock.AdvanceBy(TimeSpan.FromSeconds(3));
            string[] flapping = change % 2 == 0 ? ["flap"] : [];
            scene.List(["cache-0", "cache-1", .. flapping, $"pod-{change / 10}"]);
            if (change == hour)
            {
                after1 = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        var after8 = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(RingPageOptions.Default.MaxChanges, scene.State.History.Changes.Length);
        Assert.InRange(scene.Event().Length, 0, 500_000);
        Assert.InRange(after8 - after1, long.MinValue, 1 << 20);
    }
}
