using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Guide;

public sealed class FirstTests
{
    // <first>
    [Fact]
    public void A_burst_is_one_change()
    {
        var clock = new VirtualClock();
        var changes = clock.Cold("ab 2s |");

        clock.Expect(changes.Throttle(TimeSpan.FromSeconds(1), clock)).ToBe("1001ms b 1s |");
        changes.ToHaveSubscriptions("^ 2001ms !");
    }
    // </first>
}
