using System.Reactive.Linq;
using System.Security.Cryptography;
using System.Text;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Guide;

public class RingTests
{
    protected virtual
    // <ring>
    IObservable<Func<string, string>> Rings(IObservable<ServiceTopology> cache) => cache   // your ring: who owns a key
        .Where(t => t.Freshness.IsSynced)
        .Select(t => t.Members)
        .DistinctUntilChanged()
        .Select(members => new Func<string, string>(key => members.MaxBy(member => Hash($"{member}/{key}"))!));

    static ulong Hash(string text) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Only_a_join_moves_keys()
    {
        var clock = new VirtualClock();
        var before = Slice.Of("cache-abc", service: "cache")
            .With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2").With("cache-2", "10.0.0.3");
        var reordered = Slice.Of("cache-abc", service: "cache", version: 31)
            .With("cache-2", "10.0.0.3").With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2");
        var moved = reordered.At(32).With("cache-1", "10.0.9.9", uid: "another pod");
        var server = new ScriptedWatch<EndpointSlice>(clock, new Dictionary<char, WatchEvent<EndpointSlice>>
        {
            ['b'] = WatchEvents.Listed("17", before),
            ['u'] = before.At(18).With("cache-1", "10.0.0.2", ready: false).Modified(),   // the readiness of cache-1 flaps
            ['r'] = before.At(19).Modified(),
            ['o'] = WatchEvents.Listed("31", reordered),                                  // a relist in another order
            ['i'] = moved.Modified(),                                                     // cache-1 restarts elsewhere
            ['j'] = moved.At(33).With("cache-3", "10.0.0.4").Modified(),                  // cache-3 joins
        })
        {
            Lists = ["(b|)", "(o|)"],
            Connections = ["1s u 1s r 1s #gone", "1s i 1s j"],
        };
        string[] keys = [.. Enumerable.Range(0, 1000).Select(i => $"user-{i}")];
        var movedKeys = Rings(server.Resume(ResumeOptions.WithoutJitter, clock).ToTopology())
            .Buffer(2, 1)
            .Select(rings => keys.Count(key => rings[0](key) != rings[1](key)));

        clock.Expect(movedKeys, "^ 1m !").ToBe("5003ms q", _ => 235);   // about a quarter of the keys, which cache-3 takes over
    }
    // </ring>

    [Fact]
    public void A_ring_of_addresses_is_found() => GuidePage.ShowsHowItFails("ring-fails", new OfAddresses().Only_a_join_moves_keys);

    [Fact]
    public void A_ring_of_ready_members_is_found() => GuidePage.Fails("came at 1000 ms", new OfTheReady().Only_a_join_moves_keys);

    [Fact]
    public void A_remainder_instead_of_a_ring_is_found() => GuidePage.Fails("at 5003 ms, but", new Modulo().Only_a_join_moves_keys);

    private static Func<string, string> RingOf(IEnumerable<TopologyEndpoint> endpoints) =>
        key => endpoints.MaxBy(e => Hash($"{e.Address}/{key}"))!.Member;

    private sealed class OfAddresses : RingTests
    {
        protected override IObservable<Func<string, string>> Rings(IObservable<ServiceTopology> cache) => cache
            .Where(t => t.Freshness.IsSynced)
            .DistinctUntilChanged(t => string.Join(' ', t.Endpoints.Select(e => e.Address)))
            .Select(t => RingOf(t.Endpoints));
    }

    private sealed class OfTheReady : RingTests
    {
        protected override IObservable<Func<string, string>> Rings(IObservable<ServiceTopology> cache) => cache
            .DistinctUntilChanged(t => string.Join(' ', t.Ready.Select(e => e.Member)))
            .Select(t => RingOf(t.Ready));
    }

    private sealed class Modulo : RingTests
    {
        protected override IObservable<Func<string, string>> Rings(IObservable<ServiceTopology> cache) => cache
            .Select(t => t.Members)
            .DistinctUntilChanged()
            .Select(m => new Func<string, string>(key => m[(int)(Hash(key) % (ulong)m.Count)]));
    }
}
