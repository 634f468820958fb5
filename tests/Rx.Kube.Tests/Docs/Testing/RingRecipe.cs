using System.Buffers.Binary;
using System.Reactive.Linq;
using System.Security.Cryptography;
using System.Text;
using Rx.Kube.Resources;
using Rx.Kube.Testing;
using Rx.Kube.Topology;
using Rx.Kube.Watching;

namespace Rx.Kube.Tests.Docs.Testing;

public static class RingRecipe
{
    // <code>
    static IObservable<string> Owners(IObservable<ServiceTopology> cache) =>
        cache.Where(t => t.Freshness.IsSynced)
            .DistinctUntilChanged(t => t.Members)
            .Select(t => OwnersAmong(t.Members));

    static string OwnersAmong(IEnumerable<string> members) =>
        string.Join(' ', Enumerable.Range(5, 4).Select(user => members.MaxBy(m => Hash($"{m} user-{user}"))));

    static ulong Hash(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    // </code>

    public class Tests
    {
        /// <summary>Hides the method in the tests, so that a wrong one can take its place.</summary>
        private Func<IObservable<ServiceTopology>, IObservable<string>> Owners { get; set; } = RingRecipe.Owners;

        // <test>
        [Fact]
        public void MyRing_MovesOnlyWhenSomebodyJoins()
        {
            var clock = new VirtualClock();
            var cache = Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2");
            var server = new ScriptedWatch<EndpointSlice>(clock, new Dictionary<char, WatchEvent<EndpointSlice>>
            {
                ['l'] = WatchEvents.Listed("17", cache),
                ['n'] = cache.At(18).With("cache-1", "10.0.0.2", ready: false).Modified(),
                ['i'] = cache.At(19).With("cache-1", "10.0.0.9", uid: "another").Modified(),
                ['r'] = WatchEvents.Listed("30", Slice.Of("cache-xyz", service: "cache").With("cache-1", "10.0.0.9").With("cache-0", "10.0.0.1")),
                ['j'] = cache.At(31).With("cache-2", "10.0.0.3").Modified(),
            })
            {
                Lists = ["(l|)", "(r|)"],
                Connections = ["1s n 1s i 1s #gone", "1s j"],
            };

            clock.Expect(Owners(server.Resume(scheduler: clock).ToTopology()), "^ 1m !").ToBe("a 4001ms b", new Dictionary<char, string>
            {
                ['a'] = OwnersAmong(["cache-0", "cache-1"]),
                ['b'] = OwnersAmong(["cache-0", "cache-1", "cache-2"]),
            });
        }
        // </test>

        [Fact]
        public void ItFindsARingOfWhoIsReady() => Guide.FailsAsShown("Ring", () =>
        {
            Owners = cache => cache.Where(t => t.Freshness.IsSynced)
                .Select(t => OwnersAmong(t.Ready.Select(e => e.Member))).DistinctUntilChanged();
            MyRing_MovesOnlyWhenSomebodyJoins();
        });

        [Fact]
        public void ItFindsARingOfAddresses()
        {
            Owners = cache => cache.Where(t => t.Freshness.IsSynced)
                .Select(t => OwnersAmong(t.Endpoints.Select(e => e.Address))).DistinctUntilChanged();
            Assert.Throws<MarbleAssertionException>(MyRing_MovesOnlyWhenSomebodyJoins);
        }
    }
}
