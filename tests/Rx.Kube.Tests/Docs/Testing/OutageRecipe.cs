using System.Reactive.Linq;
using Rx.Kube.Resources;
using Rx.Kube.Testing;
using Rx.Kube.Topology;
using Rx.Kube.Watching;

namespace Rx.Kube.Tests.Docs.Testing;

public static class OutageRecipe
{
    // <code>
    static IObservable<string> Routes(IObservable<ServiceTopology> cache) =>
        cache.Where(t => t.Freshness.IsSynced)
            .Select(t => $"{t.Freshness}: {string.Join(' ', t.Ready.Select(e => e.Address))}")
            .DistinctUntilChanged();
    // </code>

    public class Tests
    {
        /// <summary>Hides the method in the tests, so that a wrong one can take its place.</summary>
        private Func<IObservable<ServiceTopology>, IObservable<string>> Routes { get; set; } = OutageRecipe.Routes;

        // <test>
        [Fact]
        public void MyRoutes_OutliveFiveMinutesWithoutAServer()
        {
            var clock = new VirtualClock();
            var cache = Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2");
            var server = new ScriptedWatch<EndpointSlice>(clock, new Dictionary<char, WatchEvent<EndpointSlice>>
            {
                ['l'] = WatchEvents.Listed("17", cache),
                ['m'] = WatchEvents.Listed("900", cache.At(850).Without("cache-1")),
            })
            {
                Lists = ["(l|)", "(m|)"],
                Connections = ["1m #", .. Enumerable.Repeat("#unreachable", 14), "#gone", ""],
            };
            var noJitter = new ResumeOptions { RandomSource = () => () => 0 };

            clock.Expect(Routes(server.Resume(noJitter, clock).ToTopology()), "^ 10m !").ToBe("l 59999ms s 320399ms m", new Dictionary<char, string>
            {
                ['l'] = "live: 10.0.0.1 10.0.0.2",
                ['s'] = "stale: 10.0.0.1 10.0.0.2",
                ['m'] = "live: 10.0.0.1",
            });
            long[] attempts = [.. server.Requests.Where(r => r.Watch is not null).Skip(1).Take(15).Select(r => r.Frame - 60_000)];
            Assert.Equal(
                [800, 2_400, 5_600, 12_000, 24_800, 50_400, 80_400, 110_400, 140_400, 170_400, 200_400, 230_400, 260_400, 290_400, 320_400],
                attempts);
        }
        // </test>

        [Fact]
        public void ItFindsRoutesThatGoAwayWithTheServer() => Guide.FailsAsShown("Outage", () =>
        {
            Routes = cache => OutageRecipe.Routes(cache).Select(r => r.StartsWith("stale", StringComparison.Ordinal) ? "stale: " : r);
            MyRoutes_OutliveFiveMinutesWithoutAServer();
        });
    }
}
