using System.Reactive.Linq;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using static Microsoft.Reactive.Testing.ReactiveTest;
using TestScheduler = Microsoft.Reactive.Testing.TestScheduler;

namespace Rx.Kube.KubernetesClient.Tests;

/// <summary>The topology of KubernetesClient's slices, beside that of our own decoder for the same JSON.</summary>
public sealed class TopologyTests
{
    private const int Seed = 20261127;
    private const string Trigger = "endpoints.kubernetes.io/last-change-trigger-time";
    private readonly TestScheduler _scheduler = new();

    [Theory]
    [InlineData("""{"metadata":{"name":"a","labels":{"kubernetes.io/service-name":"cache"}},"endpoints":null,"ports":null}""")]
    [InlineData("""{"metadata":{"name":"a"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"]}]}""")]
    [InlineData("""{"metadata":{"name":"a","namespace":"prod","uid":"u","resourceVersion":"9"},"endpoints":[{}],"ports":[{}]}""")]
    [InlineData("""{"metadata":{"name":"a"},"endpoints":[{"addresses":["10.0.0.1","10.0.0.2"],"conditions":{}},{"addresses":null}]}""")]
    [InlineData("""{"metadata":{"name":"a"},"endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":null,"serving":false}}]}""")]
    [InlineData("""{"metadata":{"name":"a"},"endpoints":[{"hints":{"forZones":[{"name":"z"}],"forNodes":[{"name":"n"}]}}]}""")]
    [InlineData("""{"metadata":{"name":"a"},"endpoints":[{"addresses":["x"],"targetRef":{"kind":"Pod","name":"cache-0"}}]}""")]
    [InlineData("""{"metadata":{"name":"a"},"ports":[{"name":"","port":80},{"port":81,"protocol":"UDP","appProtocol":"http"}]}""")]
    [InlineData("""{"metadata":{"name":"a","deletionTimestamp":"2026-01-02T03:04:05Z"},"addressType":"IPv6"}""")]
    [InlineData("""{"metadata":{"name":"a","ownerReferences":[{"name":"x"},{"kind":"Service","name":"c","uid":"u","controller":true}]}}""")]
    [InlineData($$$$"""{"metadata":{"name":"a","annotations":{"{{{{Trigger}}}}":"2026-01-02T03:04:05.6+02:00"}}}""")]
    [InlineData($$$$"""{"metadata":{"name":"a","annotations":{"{{{{Trigger}}}}":"2026-01-02T03:04:05"}}}""")]
    [InlineData($$$$"""{"metadata":{"name":"a","annotations":{"{{{{Trigger}}}}":"no \"time\""}}}""")]
    public void A_slice_is_converted_to_what_our_decoder_reads(string json) => Assert.Equal(Ours(json), Converted(json));

    [Fact]
    public void Random_streams_of_slices_give_equal_topologies()
    {
        for (var run = 0; run < 200; run++)
        {
            var random = new Random(Seed + run);
            var events = Enumerable.Range(0, 12)
                .Select(i => (Kind: random.Next(4), Json: RandomSlice(random), Version: $"{100 + i}")).ToList();

            var expected = Snapshots(events.Select(e => Event(ResourceKinds.EndpointSlices, e)).ToObservable().ToTopology());
            var actual = Snapshots(events.Select(e => Event(KubernetesKinds.EndpointSlices, e)).ToObservable().ToTopology());

            Assert.True(expected.SequenceEqual(actual), $"seed {Seed + run}: {string.Join("\n", events)}");
            Assert.Equal(
                expected.Select(t => (t.Version, t.Freshness, t.LastChangeTriggerTime)),
                actual.Select(t => (t.Version, t.Freshness, t.LastChangeTriggerTime)));
        }
    }

    [Fact]
    public void Slices_of_other_Services_are_ignored_and_a_slice_without_a_name_is_skipped()
    {
        var source = _scheduler.CreateHotObservable(
            OnNext(210, WatchEvents.Listed("17", Slice("a", "cache"), Slice("b", "web"), new V1EndpointSlice())),
            OnNext(220, WatchEvents.Deleted(new V1EndpointSlice(), "18")));

        var seen = _scheduler.Start(() => source.ToTopology(new ServiceName("prod", "cache"))
            .Select(t => $"{t.Members} skipped {string.Join(",", t.Skipped.Select(s => s.Reason))}"));

        Assert.Equal("10.0.0.1 skipped metadata.name is missing", seen.Messages[0].Value.Value);
    }

    [Fact]
    public void The_identity_of_members_can_be_chosen()
    {
        var source = _scheduler.CreateHotObservable(OnNext(210, WatchEvents.Listed("17", Slice("a", "cache"), Slice("b", "cache"))));

        var seen = _scheduler.Start(() => source.ToTopology(memberOf: endpoint => $"{endpoint.Slice}/{endpoint.Member}")
            .Select(t => $"{t.Members}"));

        Assert.Equal([OnNext(210, "a/10.0.0.1")], seen.Messages);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_limits_can_be_chosen(int slices)
    {
        var all = Enumerable.Range(0, slices).Select(i =>
        {
            var slice = Slice($"s{i}", "cache");
            slice.Ports = [new() { Port = 80 + i }];
            return slice;
        });

        var topology = Observable.Return(WatchEvents.Listed("17", [.. all])).ToTopology(limits: new() { MaxPortSets = 2 }).Wait();

        Assert.Equal(Math.Min(slices, 2), topology.Ports.Length);
    }

    [Fact]
    public void Interruptions_pass_through()
    {
        var interruption = new WatchInterruption(
            InterruptionKind.Unreachable, "away", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1), null);
        var source = _scheduler.CreateHotObservable(
            OnNext(210, WatchEvents.Listed("17", Slice("a", "cache"))),
            OnNext<WatchEvent<V1EndpointSlice>>(220, new WatchEvent<V1EndpointSlice>.Interrupted(interruption)),
            OnNext<WatchEvent<V1EndpointSlice>>(230, new WatchEvent<V1EndpointSlice>.Bookmark("18")),
            OnNext<WatchEvent<V1EndpointSlice>>(240, new WatchEvent<V1EndpointSlice>.Resumed()));

        var seen = _scheduler.Start(() => source.ToTopology().Select(t => t.Freshness.GetType().Name + t.Version));

        Assert.Equal([OnNext(210, "Live17"), OnNext(220, "Stale17"), OnNext(240, "Live18")], seen.Messages);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentNullException>(() => ((IObservable<WatchEvent<V1EndpointSlice>>)null!).ToTopology());
        Assert.Throws<ArgumentException>(() => Observable.Empty<WatchEvent<V1EndpointSlice>>().ToTopology(new ServiceName("", "cache")));
    }

    private static EndpointSlice Ours(string json) => ResourceKinds.EndpointSlices.Decode(Encoding.UTF8.GetBytes(json));

    private static EndpointSlice Converted(string json) =>
        SliceConversion.Convert(KubernetesKinds.EndpointSlices.Decode(Encoding.UTF8.GetBytes(json)));

    private static List<ServiceTopology> Snapshots(IObservable<ServiceTopology> topologies) => [.. topologies.ToEnumerable()];

    private static WatchEvent<T> Event<T>(ResourceKind<T> kind, (int Kind, string Json, string Version) e)
    {
        var item = kind.Decode(Encoding.UTF8.GetBytes(e.Json));
        return e.Kind switch
        {
            0 => new WatchEvent<T>.Listed([item], e.Version),
            1 => new WatchEvent<T>.Added(item, e.Version),
            2 => new WatchEvent<T>.Deleted(item, e.Version),
            _ => new WatchEvent<T>.Modified(item, e.Version),
        };
    }

    private static string RandomSlice(Random random)
    {
        var slice = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"cache-{random.Next(3)}",
                ["namespace"] = "prod",
                ["uid"] = $"uid-{random.Next(2)}",
                ["resourceVersion"] = $"{random.Next(100)}",
                ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = "cache", ["other"] = random.Next(2) == 0 ? "x" : null },
                ["annotations"] = Maybe(random, () => new JsonObject
                {
                    [Trigger] = $"2026-01-02T03:04:0{random.Next(10)}Z",
                }),
            },
            ["addressType"] = "IPv4",
            ["endpoints"] = Maybe(
                random, () => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => RandomEndpoint(random))])),
            ["ports"] = Maybe(random, () => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(i => new JsonObject
            {
                ["name"] = Maybe(random, () => $"p{i}"),
                ["port"] = Maybe(random, () => 80 + i),
                ["protocol"] = Maybe(random, () => random.Next(2) == 0 ? "TCP" : "UDP"),
                ["appProtocol"] = Maybe(random, () => "http"),
            })])),
        };
        return slice.ToJsonString();
    }

    private static JsonObject RandomEndpoint(Random random) => new()
    {
        ["addresses"] = new JsonArray($"10.0.0.{random.Next(6)}"),
        ["conditions"] = Maybe(random, () => new JsonObject
        {
            ["ready"] = Flag(random),
            ["serving"] = Flag(random),
            ["terminating"] = Flag(random),
        }),
        ["hostname"] = Maybe(random, () => $"cache-{random.Next(3)}"),
        ["nodeName"] = Maybe(random, () => $"node-{random.Next(3)}"),
        ["zone"] = Maybe(random, () => $"zone-{random.Next(2)}"),
        ["targetRef"] = Maybe(random, () => new JsonObject
        {
            ["kind"] = "Pod",
            ["namespace"] = "prod",
            ["name"] = $"cache-{random.Next(4)}",
            ["uid"] = Maybe(random, () => $"u{random.Next(2)}"),
        }),
        ["hints"] = Maybe(random, () => new JsonObject
        {
            ["forZones"] = Maybe(random, () => new JsonArray(new JsonObject { ["name"] = $"zone-{random.Next(2)}" })),
            ["forNodes"] = Maybe(random, () => new JsonArray(new JsonObject { ["name"] = $"node-{random.Next(2)}" })),
        }),
    };

    private static JsonNode? Maybe(Random random, Func<JsonNode?> make) => random.Next(4) == 0 ? null : make();

    private static JsonNode? Flag(Random random) => random.Next(3) switch { 0 => null, 1 => false, _ => true };

    private static V1EndpointSlice Slice(string name, string service) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = "prod",
            Labels = new Dictionary<string, string> { [EndpointSlice.ServiceNameLabel] = service },
        },
        AddressType = "IPv4",
        Endpoints = [new V1Endpoint { Addresses = ["10.0.0.1"] }],
    };
}
