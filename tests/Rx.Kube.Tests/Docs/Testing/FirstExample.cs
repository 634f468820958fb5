using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Testing;

public class FirstExample
{
    // <test>
    [Fact]
    public void ThrottleWaitsForQuiet()
    {
        var clock = new VirtualClock();
        var source = clock.Cold("a-b 97ms c|");

        clock.Expect(source.Throttle(TimeSpan.FromMilliseconds(10), clock)).ToBe("12ms b 88ms (c|)");
        source.ToHaveSubscriptions("^ 100ms !");
    }
    // </test>
}
