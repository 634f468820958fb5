using System.Reactive.Linq;
using Rx.Kube.Operators;
using Rx.Kube.Resources;
using Rx.Kube.Testing;
using Rx.Kube.Topology;
using Rx.Kube.Watching;

namespace Rx.Kube.Tests.Docs.Testing;

public static class RelistRecipe
{
    // <code>
    static IObservable<string> Peers(IObservable<ServiceTopology> cache) =>
        cache.Changes().SelectMany(diff =>
            diff.Removed.Select(m => $"close {m.Member}").Concat(diff.Added.Select(m => $"open {m.Member}")));
    // </code>

    public class Tests
    {
        /// <summary>Hides the method in the tests, so that a wrong one can take its place.</summary>
        private Func<IObservable<ServiceTopology>, IObservable<string>> Peers { get; set; } = RelistRecipe.Peers;

        // <test>
        [Fact]
        public void MyPeers_SurviveARelist()
        {
            var clock = new VirtualClock();
            var cache = Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2");
            var server = new ScriptedWatch<EndpointSlice>(clock, new Dictionary<char, WatchEvent<EndpointSlice>>
            {
                ['l'] = WatchEvents.Listed("17", cache),
                ['m'] = WatchEvents.Listed("30", cache.At(29).Without("cache-1")),
            })
            {
                Lists = ["(l|)", "5ms (m|)"],
                Connections = ["2s #gone", ""],
            };

            clock.Expect(Peers(server.Resume(scheduler: clock).ToTopology()), "^ 1m !").ToBe("(ab) 2001ms c", new Dictionary<char, string>
            {
                ['a'] = "open cache-0",
                ['b'] = "open cache-1",
                ['c'] = "close cache-1",
            });
            server.ToHaveBeenAsked(
                "list at 0 ms", "watch from 17 at 0 ms", "list not older than 17 at 2000 ms", "watch from 30 at 2005 ms");
        }
        // </test>

        [Fact]
        public void ItFindsPeersThatOpenEverythingAgain() => Guide.FailsAsShown("Relist", () =>
        {
            Peers = cache => cache.SelectMany(t => t.Members.Select(m => $"open {m}"));
            MyPeers_SurviveARelist();
        });
    }
}
