using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>
/// The rules of EndpointSlices, numbered as in docs/endpointslices.md, which names their sources.
/// </summary>
public class SliceRulesTests
{
    [Fact]
    public void Rule02_An_endpoint_in_two_slices_stays_when_one_slice_drops_it()
    {
        var a = Slice("a", Pod("p", "10.0.0.1"));
        var b = Slice("b", Pod("p", "10.0.0.1"));
        var snapshots = Fold(Listed("1", a), Added("2", b), Modified("3", Slice("a")), Deleted("4", b));
        Assert.Equal(["p@10.0.0.1:8080", "p@10.0.0.1:8080", "p@10.0.0.1:8080", ""], snapshots.Select(Show));
        Assert.Equal(["a", "a", "b"], snapshots.Take(3).Select(s => s.Endpoints[0].Slice));
    }

    [Fact]
    public void Rule01_Three_slices_are_one_Service_until_all_are_empty_or_deleted()
    {
        var slices = new[] { Slice("a", Pod("p1", "10.0.0.1")), Slice("b", Pod("p2", "10.0.0.2")), Slice("c", Pod("p3", "10.0.0.3")) };
        var snapshots = Fold(
            Listed("1", slices), Deleted("2", slices[1]), Modified("3", Slice("a")), Modified("4", Slice("c")));
        Assert.Equal(
            ["p1@10.0.0.1:8080 p2@10.0.0.2:8080 p3@10.0.0.3:8080", "p1@10.0.0.1:8080 p3@10.0.0.3:8080", "p3@10.0.0.3:8080", ""],
            snapshots.Select(Show));
    }

    [Fact]
    public void Rule03_For_one_address_the_claim_that_is_not_terminating_wins_in_any_order()
    {
        var old = Slice("a", Pod("old", "10.0.0.1", "u-old") with { Ready = false, Terminating = true });
        var young = Slice("b", Pod("young", "10.0.0.1", "u-young") with { Ready = false });
        Assert.Equal("young@10.0.0.1:8080-", Show(Last(Listed("1", old, young))));
        Assert.Equal("young@10.0.0.1:8080-", Show(Last(Listed("1", young, old))));
        Assert.Equal("young@10.0.0.1:8080-", Show(Last(Listed("1", young), Added("2", old))));
    }

    [Theory]
    [InlineData(true, true, false, false, false, true)] // not terminating before ready
    [InlineData(false, true, true, true, true, true)] // then ready
    [InlineData(false, false, true, false, false, false)] // then serving
    public void Rule03_For_one_address_not_terminating_wins_then_ready_then_serving(
        bool terminating1, bool ready1, bool serving1, bool terminating2, bool ready2, bool serving2)
    {
        Endpoint Of(string name, bool terminating, bool ready, bool serving) =>
            Pod(name, "10.0.0.1") with { Terminating = terminating, Ready = ready, Serving = serving };
        var first = Of("z-first", terminating1, ready1, serving1);
        var second = Of("a-second", terminating2, ready2, serving2);
        var winner = (terminating1, !ready1, !serving1).CompareTo((terminating2, !ready2, !serving2)) < 0 ? "z-first" : "a-second";
        Assert.Equal(winner, Assert.Single(Last(Listed("1", Slice("a", first), Slice("b", second))).Endpoints).Member);
        Assert.Equal(winner, Assert.Single(Last(Listed("1", Slice("a", second), Slice("b", first))).Endpoints).Member);
    }

    [Fact]
    public void Rule03_One_address_without_ports_counts_once()
    {
        var (p, q) = (Slice("a", Pod("p", "10.0.0.1")) with { Ports = [] }, Slice("b", Pod("q", "10.0.0.1")) with { Ports = [] });
        Assert.Equal("p@10.0.0.1:", Show(Last(Listed("1", p, q))));
        Assert.Equal("p@10.0.0.1:", Show(Last(Listed("1", q, p))));
        Assert.Equal("p@10.0.0.1: q@10.0.0.1:8080", Show(Last(Listed("1", p, q with { Ports = [Http] }))));
    }

    [Fact]
    public void Rule03_Between_claims_with_equal_conditions_content_decides_not_the_order_of_slices()
    {
        var plain = Pod("p", "10.0.0.1");
        Endpoint[] others =
        [
            plain with { NodeName = "n" }, plain with { Zone = "z" }, plain with { Hostname = "h" }, plain with { ForZones = ["z"] },
            plain with { ForNodes = ["n"] }, plain with { Addresses = ["10.0.0.1", "10.0.0.2"] },
            Pod("p", "10.0.0.1", "u2"), Pod("q", "10.0.0.1"),
        ];
        Assert.All(others, other =>
        {
            var (a, b) = (Slice("a", plain), Slice("b", other));
            Assert.Equal(Last(Listed("1", a, b)), Last(Listed("1", b, a)));
            Assert.Single(Last(Listed("1", a, b)).Endpoints);
        });
    }

    [Fact]
    public void Rule03_For_one_address_and_two_ports_both_claims_stay()
    {
        var a = Slice("a", Pod("p1", "10.0.0.1"));
        var b = Slice("b", Pod("p2", "10.0.0.1")) with { Ports = [new EndpointPort("admin", 9090), Http] };
        Assert.Equal("p1@10.0.0.1:8080 p2@10.0.0.1:9090", Show(Last(Listed("1", b, a))));
        Assert.Equal("p1@10.0.0.1:8080,8080", Show(Last(Listed("1", a, a with
        {
            Metadata = Meta("u", "cache"),
            Ports = [Http with { Protocol = "UDP" }],
        }))));
    }

    [Fact]
    public void Rule03_Ports_of_two_slices_are_one_endpoint_of_a_member_until_a_slice_goes()
    {
        var a = Slice("a", Pod("p", "10.0.0.1"));
        var b = Slice("b", Pod("p", "10.0.0.1")) with { Ports = [new EndpointPort("admin", 9090)] };
        var snapshots = Fold(Listed("1", b, a), Deleted("2", a));
        Assert.Equal(["p@10.0.0.1:9090,8080", "p@10.0.0.1:9090"], snapshots.Select(Show));
    }

    [Fact]
    public void Rule03_A_port_that_is_not_ready_does_not_become_ready_through_another_slice()
    {
        var a = Slice("a", Pod("p", "10.0.0.1"));
        var b = Slice("b", Pod("p", "10.0.0.1") with { Ready = false, Serving = false }) with { Ports = [new EndpointPort("admin", 9090)] };
        var snapshots = Fold(Listed("1", b, a), Modified("2", b with { Endpoints = a.Endpoints }));
        Assert.Equal(["p@10.0.0.1:9090- p@10.0.0.1:8080", "p@10.0.0.1:9090,8080"], snapshots.Select(Show));
        Assert.Equal(8080, Assert.Single(Assert.Single(snapshots[0].Ready).Ports).Port);
        Assert.Equal(snapshots[0].Members, snapshots[1].Members);
    }

    [Fact]
    public void Rule04_Nil_conditions_mean_ready_serving_and_not_terminating()
    {
        var endpoint = Assert.Single(Last(Listed("1", Slice("a", Pod("p", "10.0.0.1")))).Endpoints);
        Assert.True(endpoint is { Ready: true, Serving: true, Terminating: false });
        // When absent, serving does not follow ready.
        endpoint = Assert.Single(Last(Listed("1", Slice("a", Pod("p", "10.0.0.1") with { Ready = false }))).Endpoints);
        Assert.True(endpoint is { Ready: false, Serving: true });
    }

    [Fact]
    public void Rule05_Ready_is_taken_as_sent_even_when_terminating()
    {
        var published = Pod("p", "10.0.0.1") with { Ready = true, Serving = false, Terminating = true };
        var snapshot = Last(Listed("1", Slice("a", published)));
        Assert.Equal<TopologyEndpoint>(snapshot.Endpoints, snapshot.Ready);
        Assert.Equal<TopologyEndpoint>(snapshot.Endpoints, snapshot.Routable);
    }

    [Fact]
    public void Rule06_Routable_falls_back_to_serving_and_terminating_only_when_none_is_ready()
    {
        var leaving = Pod("p1", "10.0.0.1") with { Ready = false, Serving = true, Terminating = true };
        var broken = Pod("p2", "10.0.0.2") with { Ready = false, Serving = false };
        Assert.Equal("p1", Assert.Single(Last(Listed("1", Slice("a", leaving, broken))).Routable).Member);
        Assert.Equal("p3", Assert.Single(Last(Listed("1", Slice("a", leaving, broken, Pod("p3", "10.0.0.3")))).Routable).Member);
        Assert.Empty(Last(Listed("1", Slice("a", broken))).Routable);
    }

    [Fact]
    public void Rule08_A_slice_recreated_with_another_family_has_the_new_family()
    {
        var slice = Slice("a", Pod("p", "10.0.0.1"));
        var last = Last(Listed("1", slice), Listed("2", slice with { AddressType = "FQDN" }));
        Assert.Equal("FQDN", Assert.Single(last.Endpoints).AddressType);
    }

    [Fact]
    public void Rule08_Dual_stack_is_one_member_with_two_endpoints()
    {
        var six = Slice("b", Pod("p", "fd00::1")) with { AddressType = "IPv6" };
        var snapshot = Last(Listed("1", Slice("a", Pod("p", "10.0.0.1")), six));
        Assert.Equal(["IPv4", "IPv6"], snapshot.Endpoints.Select(e => e.AddressType));
        Assert.Equal("p", Assert.Single(snapshot.Members));
    }

    [Fact]
    public void Rule08_The_first_address_counts_and_an_endpoint_without_address_is_ignored()
    {
        var many = Pod("p", "10.0.0.1") with { Addresses = ["10.0.0.1", "10.0.0.2"] };
        var snapshot = Last(Listed("1", Slice("a", many, Pod("q", "10.0.0.2"), new Endpoint(), new Endpoint { Addresses = [""] })));
        Assert.Equal("p@10.0.0.1:8080 q@10.0.0.2:8080", Show(snapshot));
    }

    [Fact]
    public void Rule09_Ports_belong_to_the_slice_and_a_port_without_a_number_is_ignored()
    {
        var a = Slice("a", Pod("p1", "10.0.0.1"));
        var b = Slice("b", Pod("p2", "10.0.0.2")) with
        {
            Ports = [new EndpointPort("http", 9000), new EndpointPort("all", null), new EndpointPort("odd", 70_000)],
        };
        var headless = Slice("c", Pod("p3", "10.0.0.3")) with { Ports = [] };
        var snapshot = Last(Listed("1", a, b, headless));
        Assert.Equal("p1@10.0.0.1:8080 p2@10.0.0.2:9000 p3@10.0.0.3:", Show(snapshot));
        Assert.Equal<EndpointPort>([Http, new EndpointPort("http", 9000)], snapshot.Ports);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("FD00:0:0::0001", "fd00::1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("::ffff:a00:1", "10.0.0.1")]
    [InlineData("::ffff:010.0.0.1", "::ffff:010.0.0.1")] // octal for some parsers, decimal for others: unchanged
    [InlineData("010.0.0.1", "010.0.0.1")]
    [InlineData("1", "1")] // not 0.0.0.1
    [InlineData("fe80::1%eth0", "fe80::1%eth0")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("db.example.com", "db.example.com")]
    public void Rule10_An_address_has_one_spelling(string sent, string canonical) =>
        Assert.Equal(canonical, Assert.Single(Last(Listed("1", Slice("a", Pod("p", sent)))).Endpoints).Address);

    [Fact]
    public void Rule10_Two_spellings_of_one_address_are_one_endpoint()
    {
        var six = Slice("b", Pod("p", "::ffff:10.0.0.1")) with { AddressType = "IPv6" };
        Assert.Equal("p@10.0.0.1:8080", Show(Last(Listed("1", Slice("a", Pod("p", "10.0.0.1")), six))));
    }

    [Fact]
    public void Rule11_A_slice_counts_whatever_manages_it()
    {
        var mirrored = new Dictionary<string, string>
        {
            [EndpointSlice.ServiceNameLabel] = "cache",
            ["endpointslice.kubernetes.io/managed-by"] = "endpointslicemirroring-controller.k8s.io",
        };
        var slice = Slice("a", new Endpoint { Addresses = ["10.0.0.1"] }) with
        {
            Metadata = new ObjectMeta
            {
                Name = "a",
                Namespace = "prod",
                Labels = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(mirrored),
            },
        };
        Assert.Equal("10.0.0.1@10.0.0.1:8080", Show(Last(Listed("1", slice))));
    }

    [Fact]
    public void Rule13_A_member_is_the_pod_else_the_hostname_else_the_address()
    {
        var pod = Pod("cache-0", "10.0.0.1") with { Hostname = "other" };
        var node = new Endpoint { Addresses = ["10.0.0.2"], Hostname = "web", TargetRef = new TargetReference("Node", "", "n1", "u9") };
        var bare = new Endpoint { Addresses = ["10.0.0.3"], Hostname = "" };
        var snapshot = Last(Listed("1", Slice("a", pod, node, bare)));
        Assert.Equal(["10.0.0.3", "cache-0", "web"], snapshot.Members);
        Assert.Equal([null, "cache-0", null], snapshot.Endpoints.Select(e => e.Pod));
        Assert.Equal([null, "u1", "u9"], snapshot.Endpoints.Select(e => e.Uid));
    }

    [Fact]
    public void Rule13_An_empty_name_is_absent()
    {
        var empty = Pod("", "10.0.0.1", "") with { Hostname = "", Zone = "", NodeName = "" };
        var endpoint = Assert.Single(Last(Listed("1", Slice("a", empty))).Endpoints);
        Assert.Equal("10.0.0.1", endpoint.Member);
        Assert.True(endpoint is { Hostname: null, Pod: null, Uid: null, Zone: null, Node: null });
    }

    [Fact]
    public void Rule13_After_a_restart_with_a_new_address_the_member_is_the_same()
    {
        var snapshots = Fold(
            Listed("1", Slice("a", Pod("cache-0", "10.0.0.1", "u1"))), Modified("2", Slice("a", Pod("cache-0", "10.0.0.9", "u2"))));
        Assert.Equal(snapshots[0].Members, snapshots[1].Members);
        var diff = snapshots[1].DiffFrom(snapshots[0]);
        Assert.Equal("cache-0", Assert.Single(diff.Updated).Member);
        Assert.Empty(diff.Added);
        Assert.Empty(diff.Removed);
    }

    [Fact]
    public void Rule13_After_deletion_and_recreation_under_one_name_the_new_object_counts()
    {
        EndpointSlice Born(string uid, params Endpoint[] endpoints) =>
            Slice("a", endpoints) with { Metadata = Meta("a", "cache") with { Uid = uid } };
        var old = Born("1", Pod("p", "10.0.0.1", "u1"), Pod("q", "10.0.0.2"));
        var young = Born("2", Pod("p", "10.0.0.1", "u2"));
        foreach (var events in new[] { new[] { Deleted("2", old), Added("3", young) }, [Added("3", young)] })
        {
            var last = Last([Listed("1", old), .. events]);
            Assert.Equal("p@10.0.0.1:8080", Show(last));
            Assert.Equal("u2", last.Endpoints[0].Uid);
        }
    }

    [Fact]
    public void Rule07_Hints_count_only_if_every_ready_endpoint_has_one_and_one_is_for_the_client()
    {
        var a = Pod("a", "10.0.0.1") with { ForZones = ["east"] };
        var b = Pod("b", "10.0.0.2") with { ForZones = ["west", "north"] };
        var silent = Pod("c", "10.0.0.3") with { Ready = false };
        var hinted = Last(Listed("1", Slice("s", a, b, silent)));
        Assert.Equal(["a"], hinted.For("n1", "east").Select(e => e.Member));
        Assert.Equal(["b"], hinted.For(null, "north").Select(e => e.Member));
        Assert.Equal(["a", "b"], hinted.For("n1", "south").Select(e => e.Member));
        Assert.Equal(["a", "b"], hinted.For("n1", null).Select(e => e.Member));

        var one = Last(Listed("1", Slice("s", a, b with { ForZones = [] })));
        Assert.Equal(["a", "b"], one.For("n1", "east").Select(e => e.Member));
    }

    [Fact]
    public void Rule07_The_node_comes_before_the_zone()
    {
        var a = Pod("a", "10.0.0.1") with { ForZones = ["east"], ForNodes = ["n1"] };
        var b = Pod("b", "10.0.0.2") with { ForZones = ["east"], ForNodes = ["n2"] };
        var topology = Last(Listed("1", Slice("s", a, b)));
        Assert.Equal(["b"], topology.For("n2", "east").Select(e => e.Member));
        Assert.Equal(["a", "b"], topology.For("n3", "east").Select(e => e.Member));
    }

    [Fact]
    public void Rule07_A_change_of_hints_is_a_change()
    {
        var a = Pod("a", "10.0.0.1") with { ForZones = ["east"] };
        var snapshots = Fold(Listed("1", Slice("s", a)), Modified("2", Slice("s", a with { ForZones = ["west"] })));
        Assert.NotEqual(snapshots[0], snapshots[1]);
        Assert.Equal("west", Assert.Single(snapshots[1].Endpoints[0].ForZones));
        Assert.Equal(snapshots[0].Members, snapshots[1].Members);
    }

    [Fact]
    public void Rule08_The_deprecated_FQDN_family_is_kept()
    {
        var slice = Slice("a", new Endpoint { Addresses = ["db.example.com"] }) with { AddressType = "FQDN" };
        Assert.Equal("FQDN", Assert.Single(Last(Listed("1", slice)).Endpoints).AddressType);
    }

    [Fact]
    public void Rule12_Only_a_change_has_a_trigger_time()
    {
        static DateTimeOffset At(int second) => new(2026, 1, 1, 0, 0, second, TimeSpan.Zero);
        EndpointSlice Triggered(string name, int second, params Endpoint[] endpoints) =>
            Slice(name, endpoints) with { Metadata = Meta(name, "cache") with { LastChangeTriggerTime = At(second) } };
        var snapshots = Fold(
            Listed("1", Triggered("a", 1, Pod("p", "10.0.0.1"))),
            Modified("2", Triggered("a", 2)),
            Modified("3", Triggered("a", 2, Pod("q", "10.0.0.2"))), // not triggered by a pod or the Service
            Added("4", Triggered("b", 4)),
            Interrupted(),
            Deleted("5", Triggered("b", 5)),
            Added("6", Slice("c")));
        Assert.Equal([null, At(2), null, At(4), null, null, null], snapshots.Select(s => s.LastChangeTriggerTime));
    }
}
