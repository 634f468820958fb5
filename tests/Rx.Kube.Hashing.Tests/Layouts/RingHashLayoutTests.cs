using static Rx.Kube.Hashing.Tests.HashRings;

namespace Rx.Kube.Hashing.Tests.Layouts;

/// <summary>Envoy's and gRPC's layout. Where Envoy is named, the numbers come from its own tests (ring_hash_lb_test.cc).</summary>
public sealed class RingHashLayoutTests
{
    [Fact]
    public void Keys_have_the_owners_that_the_golden_file_says()
    {
        var rings = GoldenRing.Read("RingHash.txt").ToArray();
        Assert.True(rings.Length > 5);
        Assert.All(rings, ring => ring.Check(words => Envoy(GoldenRing.Number(words[1]), GoldenRing.Number(words[2]))));
    }

    [Fact]
    public void The_tokens_of_six_equal_hosts_are_Envoys()
    {
        var ring = Ring(RingLayout.Envoy(minimumRingSize: 12), Ports(90, 1, 1, 1, 1, 1, 1));
        (ulong Token, int Port)[] tokens =
        [
            (833437586790550860, 94), (928266305478181108, 92), (1033482794131418490, 90), (3551244743356806947, 95),
            (3851675632748031481, 93), (5583722120771150861, 91), (6311230543546372928, 91), (7700377290971790572, 93),
            (13144177310400110813, 95), (13444792449719432967, 92), (15516499411664133160, 94), (16117243373044804889, 90),
        ];
        Assert.Equal(
            tokens.Select(token => (token.Token, $"127.0.0.1:{token.Port}")),
            ring.Tokens().Select(token => (token.Token, token.Member.Name)));
        Assert.Equal("127.0.0.1:94", Owner(ring, 0));
        Assert.Equal("127.0.0.1:94", Owner(ring, ulong.MaxValue));
        Assert.Equal("127.0.0.1:95", Owner(ring, 3551244743356806947));
        Assert.Equal("127.0.0.1:93", Owner(ring, 3551244743356806948));
    }

    [Fact]
    public void A_retry_in_Envoy_goes_to_the_next_token_whose_host_is_the_next_replica()
    {
        var replicas = new Node[3];
        Ring(RingLayout.Envoy(minimumRingSize: 12), Ports(90, 1, 1, 1, 1, 1, 1)).GetReplicas(new KeyHash(0), replicas);
        Assert.Equal(["127.0.0.1:94", "127.0.0.1:92", "127.0.0.1:90"], replicas.Select(node => node.Name));
    }

    [Fact]
    public void Host_names_and_metadata_are_identities_like_any_other()
    {
        var ring = HashRing.Create(["90", "91", "92", "93", "94", "95"], RingLayout.Envoy(minimumRingSize: 12));
        (ulong Token, string Host)[] tokens =
        [
            (1975508444536362413, "95"), (2376063919839173711, "95"), (2386806903309390596, "93"), (6749904478991551885, "94"),
            (6803900775736438537, "93"), (7225015537174310577, "92"), (8787465352164086522, "90"), (11282020843382717940, "92"),
            (13723418369486627818, "91"), (13776502110861797421, "90"), (14338313586354474791, "91"), (15364271037087512980, "94"),
        ];
        Assert.Equal(tokens, ring.Tokens());
    }

    [Fact]
    public void Two_hosts_on_a_ring_of_at_least_three_have_two_tokens_each_as_in_Envoy()
    {
        var ring = Ring(RingLayout.Envoy(minimumRingSize: 3), Ports(80, 1, 1));
        (ulong, string)[] tokens =
        [
            (5454692015285649509, "127.0.0.1:80"), (7859399908942313493, "127.0.0.1:81"),
            (13838424394637650569, "127.0.0.1:80"), (16064866803292627174, "127.0.0.1:81"),
        ];
        Assert.Equal(tokens, ring.Tokens().Select(token => (token.Token, token.Member.Name)));
    }

    [Fact]
    public void Weights_of_one_two_and_three_on_six_tokens_are_Envoys()
    {
        var ring = Ring(Envoy(6, 6), Ports(90, 1, 2, 3));
        (ulong, string)[] tokens =
        [
            (928266305478181108, "127.0.0.1:92"), (4443673547860492590, "127.0.0.1:92"), (5583722120771150861, "127.0.0.1:91"),
            (6311230543546372928, "127.0.0.1:91"), (13444792449719432967, "127.0.0.1:92"), (16117243373044804889, "127.0.0.1:90"),
        ];
        Assert.Equal(tokens, ring.Tokens().Select(token => (token.Token, token.Member.Name)));
    }

    [Theory]
    [InlineData(6144, 8388608, 6000, new[] { 1, 2, 3 }, new[] { 1024, 2048, 3072 }, new[] { 987, 1932, 3081 })]
    [InlineData(9216, 8388608, 9000, new[] { 1, 2, 2, 4 }, new[] { 1024, 2048, 2048, 4096 }, new[] { 924, 2009, 2053, 4014 })]
    [InlineData(1023, 1023, 1023, new[] { 1, 1 }, new[] { 512, 511 }, new[] { 526, 497 })]
    public void Requests_all_around_the_ring_hit_hosts_as_often_as_in_Envoy(
        int minimum, int maximum, int requests, int[] weights, int[] tokens, int[] hits)
    {
        var ring = Ring(Envoy(minimum, maximum), Ports(90, weights));
        var byHost = Enumerable.Range(0, requests)
            .CountBy(i => Owner(ring, (ulong)i * (ulong.MaxValue / (ulong)requests))!)
            .ToDictionary();
        Assert.Equal(hits, ring.Members.Select(node => byHost[node.Name]));
        Assert.Equal(tokens, ring.Members.Select(node => ring.Tokens().Count(token => token.Member == node)));
    }

    [Fact]
    public void With_more_members_than_tokens_some_own_nothing_and_are_replicas_after_all_others()
    {
        var ring = Ring(Envoy(2, 2), Ports(90, 1, 1, 1, 1));
        Assert.Equal(["127.0.0.1:90", "127.0.0.1:92"], ring.Tokens().Select(token => token.Member.Name).Order());
        var perHost = HashRing.Create(ring.Members, node => node.Name, zone: node => node.Name[^1..], layout: ring.Layout);
        foreach (var zoned in new[] { ring, perHost })
        {
            var replicas = new Node[5];
            Assert.Equal(4, zoned.GetReplicas("any key", replicas));
            Assert.Equal(["127.0.0.1:91", "127.0.0.1:93"], replicas[2..4].Select(node => node.Name));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1000, 1000)]
    [InlineData(1024, 4096)]
    [InlineData(1024, 8388608)]
    public void There_are_never_more_tokens_than_the_maximum_and_one(int minimum, int maximum)
    {
        foreach (var count in new[] { 1, 2, 3, 75, 500, 5000 })
        {
            var random = new Random(count);
            foreach (var most in new[] { 1, 2, RingLimits.MaxWeight })
            {
                var layout = Envoy(minimum, maximum);
                var tokens = layout.CountTokens([.. Enumerable.Range(0, count).Select(_ => random.Next(1, most + 1))]).Sum();
                Assert.InRange(tokens, minimum, maximum + 1);
            }
        }
    }

    [Fact]
    public void Sizes_out_of_range_are_refused()
    {
        Assert.Contains("smaller minimum", Assert.Throws<ArgumentException>(() => RingLayout.Grpc(minimumRingSize: 5000)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RingLayout.Envoy(20, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => RingLayout.Envoy(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => RingLayout.Envoy(1, 8388609));
    }

    private static RingLayout Envoy(int minimum, int maximum) => RingLayout.Envoy(minimum, maximum);

    private static HashRing<Node> Ring(RingLayout layout, IEnumerable<Node> nodes) =>
        HashRing.Create(nodes, node => node.Name, node => node.Weight, layout: layout);

    private static IEnumerable<Node> Ports(int first, params int[] weights) =>
        weights.Select((weight, i) => new Node($"127.0.0.1:{first + i}", weight));
}
