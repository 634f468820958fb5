using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Rx.Kube.Models;
using Rx.Kube.Simulator.Protobuf;

namespace Rx.Kube.Tests.Resources;

/// <summary>An endpoint keeps numbers instead of texts, and gives back exactly what it was made from. A failure prints its seed.</summary>
public sealed class PackedEndpointTests
{
    private static readonly string[] _names =
    [
        "", "a", "-", "--", "cache-0", "cache-7c9d8b-xk2pq", "cache-7c9d8b-xk2p", "cache-7c9d8b-", "12345678", "123456789",
        "cache-123456789",
        "c\u00E9-1", "cache-\u00E9", "a\0", "a", "a-\0", "a-\0b", "a-\x7F", "a-\x7F\x01", "a-\x01", "a-b", "a-b\uFFFF", "\uD800",
        "A-B", "cache-0 ",
    ];

    private static readonly string[] _uids =
    [
        "", "u1", "2f8e9a1c-5c43-4e57-b1c4-000000000001", "2F8E9A1C-5C43-4E57-B1C4-000000000001", "2f8e9a1c5c434e57b1c4000000000001",
        "{2f8e9a1c-5c43-4e57-b1c4-00000000000}", " 2f8e9a1c-5c43-4e57-b1c4-00000000001", "0x8e9a1c-5c43-4e57-b1c4-000000000001",
        "+f8e9a1c-5c43-4e57-b1c4-000000000001", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "2f8e9a1c-5c43-4e57-b1c4-00000000000\u0661",
    ];

    private static readonly string[] _addresses =
    [
        "", "10.0.0.1", "0.0.0.0", "255.255.255.255", "10.0.0.01", "010.0.0.1", "10.0.0.256", "10.0.0", "10.0.0.1.", ".10.0.0.1", "10..0.1",
        "10.0.0.1 ", "1.2.3.4.5", "00.0.0.0", "10.0.0.\u0661", "fd00::1", "FD00::1", "fd00:0:0:0:0:0:0:1",
        "fd00::0001", "::", "::1", "fe80::1%1",
        "fe80::1%eth0", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::10.0.0.1", "2001:db8::1:0:0:1", "2001:db8:0:0:1::1", "[::1]",
        "db.example.com", "1", "fd00::1::2",
    ];

    [Fact]
    public void Every_property_of_an_endpoint_is_given_back_as_it_was_set() => ForEverySeed(3000, seed =>
    {
        var plain = new Plain(new Random(seed));
        Same(plain, plain.ToEndpoint());
        Same(plain, plain.ToEndpoint() with { });
        var other = new Plain(new Random(seed + 1));
        Same(other, other.Over(plain.ToEndpoint()));
    });

    [Fact]
    public void Endpoints_are_equal_exactly_when_all_their_properties_are() => ForEverySeed(3000, seed =>
    {
        var random = new Random(seed);
        var plain = new Plain(random);
        var other = random.Next(3) == 0 ? new Plain(new Random(seed)) : plain.ButFor(random);
        var (x, y) = (plain.ToEndpoint(), other.ToEndpoint());
        Assert.Equal(plain.ToString() == other.ToString(), x == y);
        Assert.Equal(x.GetHashCode(), plain.ToEndpoint().GetHashCode());
        Assert.Equal(x, plain.ToEndpoint());
        Assert.Equal(x, plain.ToEndpoint().At(new EndpointPool(), plain.Node, plain.Zone));

        // A snapshot has the same content from an endpoint of a slice, and from properties that are set one by one.
        var context = new ClaimContext("s", "IPv4", new([new("http", 80)]));
        if (EndpointClaim.Of(x, context) is { } claim)
        {
            var copy = claim with { Slice = "t" };
            Assert.Equal(claim, copy);
            Assert.Equal(copy, claim);
            Assert.Equal(claim.GetHashCode(), copy.GetHashCode());
            Assert.Equal(claim.AddressHash, copy.AddressHash);
            Assert.True(claim.HasAddressOf(copy) && copy.HasAddressOf(claim) && claim.HasMemberOf(copy) && copy.HasMemberOf(claim));
            Assert.Equal(claim.ToString(), (copy with { Slice = "s" }).ToString());
            if (EndpointClaim.Of(y, context) is { } second)
            {
                Assert.Equal(copy.Equals(second with { }), claim.Equals(second));
                Assert.Equal(Math.Sign(string.CompareOrdinal(claim.Member, second.Member)), Math.Sign(claim.CompareMember(second)));
                Assert.Equal(Math.Sign(string.CompareOrdinal(claim.Member, second.Member)), Math.Sign(claim.CompareMember(second.Member)));
                Assert.Equal(Math.Sign(string.CompareOrdinal(claim.Address, second.Address)), Math.Sign(claim.CompareAddress(second)));
                Assert.Equal(claim.Member == second.Member, claim.HasMemberOf(second));
                Assert.Equal(claim.Address == second.Address, claim.HasAddressOf(second));
                Assert.True(!claim.HasAddressOf(second) || claim.AddressHash == second.AddressHash);
            }
        }
    });

    [Fact]
    public void What_is_read_from_either_format_is_what_is_set_property_by_property()
    {
        // One decoder for all, so that what it shares could be of another endpoint.
        var protobuf = new ProtobufSliceDecoder();
        ForEverySeed(5000, seed =>
        {
            var random = new Random(seed);
            List<Plain> all = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new Plain(random))];
            if (all.Any(plain => plain.ToString().Contains('\uD800')))
            {
                return; // half of a character has no UTF-8
            }

            var slice = JsonNode.Parse("""{"metadata":{"name":"a","namespace":"b"},"addressType":"IPv4"}""")!.AsObject();
            slice["endpoints"] = new JsonArray([.. all.Select(plain => plain.ToJson())]);
            var json = slice.ToJsonString(random.Next(2) == 0 ? new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping } : null);
            var bytes = ProtobufWriter.Message("EndpointSlice", JsonElement.Parse(json));
            foreach (var read in new[] { ResourceKinds.EndpointSlices.Decode(Encoding.UTF8.GetBytes(json)), protobuf.Decode(bytes) })
            {
                Assert.Equal(all.Count, read.Endpoints.Count);
                foreach (var (plain, endpoint) in all.Zip(read.Endpoints))
                {
                    Same(plain, endpoint);
                    Assert.Equal(plain.ToEndpoint(), endpoint);
                    Assert.Equal(plain.ToEndpoint().GetHashCode(), endpoint.GetHashCode());
                    Assert.Equal(plain.ToEndpoint().IsPod, endpoint.IsPod);
                    Assert.Equal(plain.ToEndpoint().HasCanonicalAddress, endpoint.HasCanonicalAddress);
                }
            }
        });
    }

    [Fact]
    public void A_list_allocates_little_more_than_what_is_kept_of_it()
    {
        static byte[] Json(int count)
        {
            var endpoints = Enumerable.Range(0, count).Select(i => $$$"""
                {"addresses":["10.0.{{{i / 250}}}.{{{i % 250}}}"],"conditions":{"ready":true},"nodeName":"node-{{{i % 3}}}","zone":"a",
                "targetRef":{"kind":"Pod","namespace":"prod","name":"cache-7c9d8b-{{{i}}}",
                "uid":"2f8e9a1c-5c43-4e57-b1c4-{{{i:x12}}}"}}
                """);
            return Encoding.UTF8.GetBytes(
                $$"""{"metadata":{"name":"a","namespace":"b"},"addressType":"IPv4","endpoints":[{{string.Join(',', endpoints)}}]}""");
        }

        var (few, many) = (Json(100), Json(1100));
        long Allocated(byte[] json) => PackedEndpointTests.Allocated(() => ResourceKinds.EndpointSlices.Decode(json));
        Allocated(many);

        // The endpoint has 64 bytes; the rest is of lists that grow, fingerprints and chunks. With a string for each text it was 628.
        Assert.InRange((Allocated(many) - Allocated(few)) / 1000, 64, 260);
    }

    [Fact]
    public void Many_endpoints_are_sorted_as_by_their_comparer() => ForEverySeed(100, seed =>
    {
        var random = new Random(seed);
        var context = new ClaimContext("s", "IPv4", default);
        var prefix = random.Next(2) == 0 ? "" : "cache-7c9d8b-";
        List<TopologyEndpoint> all = [.. Enumerable.Range(0, 200).Select(_ => EndpointClaim.Of(
            new Endpoint { Addresses = ["10.0.0.1"], TargetRef = new("Pod", "", prefix + Pick(random, _names) + random.Next(20), "") },
            context)!)];
        string[] expected = [.. all.Select(e => e.Member).Order(StringComparer.Ordinal)];
        EndpointSort.Sort(all);
        Assert.Equal(expected, all.Select(e => e.Member));
    });

    [Fact]
    public void An_endpoint_takes_64_bytes_and_32_more_in_a_snapshot()
    {
        var name = "cache-7c9d8b-xk2pq";
        var endpoint = new Endpoint
        {
            Addresses = ["10.0.0.1"],
            TargetRef = new("Pod", "prod", name, "2f8e9a1c-5c43-4e57-b1c4-000000000001"),
            Hostname = name,
            NodeName = "n",
        };
        var context = new ClaimContext("s", "IPv4", default);
        Assert.Equal(64, Allocated(() => endpoint with { Ready = false }));
        Assert.Equal(32, Allocated(() => EndpointClaim.Of(endpoint, context)!));
    }

    private static long Allocated(Func<object> make)
    {
        make();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var made = make();
        var after = GC.GetAllocatedBytesForCurrentThread();
        GC.KeepAlive(made);
        return after - before;
    }

    private static void Same(Plain plain, Endpoint endpoint)
    {
        Assert.Equal(plain.Addresses, endpoint.Addresses);
        Assert.Equal((plain.Ready, plain.Serving, plain.Terminating), (endpoint.Ready, endpoint.Serving, endpoint.Terminating));
        Assert.Equal((plain.Hostname, plain.Node, plain.Zone), (endpoint.Hostname, endpoint.NodeName, endpoint.Zone));
        Assert.Equal(plain.Target, endpoint.TargetRef);
        Assert.Equal((plain.ForZones, plain.ForNodes), (endpoint.ForZones, endpoint.ForNodes));
    }

    private static T Pick<T>(Random random, T[] of) => of[random.Next(of.Length)];

    private static void ForEverySeed(int times, Action<int> holds) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(times));

    /// <summary>The properties of an endpoint, as they are.</summary>
    private sealed record Plain(
        EquatableArray<string> Addresses, bool? Ready, bool? Serving, bool? Terminating, string? Hostname, string? Node, string? Zone,
        TargetReference? Target, EquatableArray<string> ForZones, EquatableArray<string> ForNodes)
    {
        public Plain(Random random)
            : this(
                Texts(random, _addresses, 6), Flag(random), Flag(random), Flag(random), Text(random, _names),
                Text(random, ["", "n1", "n2"]), Text(random, ["", "a", "b"]), NewTarget(random),
                Texts(random, ["a", "b"], 2), Texts(random, ["n1", "n2"], 2))
        {
            Hostname = Target is not null && random.Next(3) == 0 ? Target.Name : Hostname;
        }

        public Endpoint ToEndpoint() => Over(new Endpoint());

        public Endpoint Over(Endpoint endpoint) => endpoint with
        {
            Hostname = Hostname,
            Addresses = Addresses,
            ForNodes = ForNodes,
            Ready = Ready,
            Serving = Serving,
            Terminating = Terminating,
            TargetRef = Target,
            NodeName = Node,
            Zone = Zone,
            ForZones = ForZones,
        };

        public JsonObject ToJson()
        {
            static JsonArray? Array(IEnumerable<JsonNode?> items) => items.ToArray() is { Length: > 0 } all ? new(all) : null;
            static JsonArray? Hints(EquatableArray<string> names) => Array(names.Select(name => new JsonObject { ["name"] = name }));
            var json = new JsonObject
            {
                ["addresses"] = Array(Addresses.Select(address => (JsonNode?)address)) ?? new JsonArray(),
                ["conditions"] = Of(("ready", Ready), ("serving", Serving), ("terminating", Terminating)),
                ["hostname"] = Hostname,
                ["nodeName"] = Node,
                ["zone"] = Zone,
                ["hints"] = Of(("forZones", Hints(ForZones)), ("forNodes", Hints(ForNodes))),
                ["targetRef"] = Target is not { } t ? null
                    : Of(("kind", t.Kind), ("namespace", t.Namespace), ("name", t.Name), ("uid", t.Uid)),
            };
            return Of([.. json.ToArray().Select(property =>
            {
                json.Remove(property.Key);
                return (property.Key, property.Value);
            })]);

            // A null is left out, as API servers do.
            static JsonObject Of(params (string Name, JsonNode? Value)[] properties) =>
                new(properties.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Name, p.Value)));
        }

        /// <summary>The same with one other property.</summary>
        public Plain ButFor(Random random)
        {
            var other = new Plain(random);
            return random.Next(11) switch
            {
                0 => this with { Addresses = other.Addresses },
                1 => this with { Ready = other.Ready },
                2 => this with { Serving = other.Serving },
                3 => this with { Terminating = other.Terminating },
                4 => this with { Hostname = other.Hostname },
                5 => this with { Node = other.Node },
                6 => this with { Zone = other.Zone },
                7 => this with { Target = other.Target },
                8 => this with { Target = Target is { } t ? t with { Name = Pick(random, _names) } : null },
                9 => this with { Target = Target is { } t ? t with { Uid = Pick(random, _uids) } : null },
                _ => this with { ForZones = other.ForZones },
            };
        }

        public bool Equals(Plain? other) => ToString() == other?.ToString();

        public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

        // Shows the difference between null and empty.
        public override string ToString() =>
            $"{Shown(Addresses)}|{Ready}|{Serving}|{Terminating}|{Shown(Hostname)}|{Shown(Node)}|{Shown(Zone)}|" +
            $"{Target}|{Shown(ForZones)}|{Shown(ForNodes)}";

        private static string Shown(EquatableArray<string> texts) => string.Join(',', texts.Select(Shown));

        private static string Shown(string? text) => text is null ? "null" : $"'{text}'";

        private static bool? Flag(Random random) => random.Next(3) switch { 0 => null, var n => n == 1 };

        private static string? Text(Random random, string[] of) => random.Next(4) == 0 ? null : Pick(random, of);

        private static EquatableArray<string> Texts(Random random, string[] of, int oneOf) =>
            [.. Enumerable.Range(0, random.Next(oneOf) == 0 ? random.Next(3) : 1).Select(_ => Pick(random, of))];

        private static TargetReference? NewTarget(Random random) => random.Next(5) == 0 ? null : new(
            Pick(random, ["Pod", "", "Node"]), Pick(random, ["", "prod"]), Pick(random, _names), Pick(random, _uids));
    }
}
