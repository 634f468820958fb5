using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Objects;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Trees;

public class TreeCommandTests
{
    private readonly ScriptedCluster _cluster = new()
    {
        Slices =
        [
            Testing.Slice.Of("cache-abc", "cache", @namespace: "prod").WithPort(8080, "http").With(
                Endpoint("cache-0", "10.0.0.1", ready: true),
                Endpoint("cache-1", "10.0.0.2", ready: false, node: "n2"),
                Endpoint("cache-2", "10.0.0.3", ready: false, serving: true, terminating: true),
                Endpoint("cache-3", "10.0.0.4", ready: false)),
        ],
        Pods =
        [
            Pod("cache-0"), Pod("cache-1", ready: false, more: """
                ,"containerStatuses":[{"name":"app","ready":false,"restartCount":5,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
                "lastState":{"terminated":{"reason":"OOMKilled","exitCode":137}}}]
                """),
            Pod("cache-2", meta: ",\"deletionTimestamp\":\"2026-01-02T03:04:05Z\""),
            Pod("cache-4", ready: false, phase: "Failed",
                more: ",\"reason\":\"Evicted\",\"message\":\"The node was low on resource: memory.\""),
            Pod("web-0", app: "web"),
        ],
        Nodes =
        [
            Node("n1", "a", "{}"), Node("n2", "b", """{"unschedulable":true}"""),
        ],
    };

    [Fact]
    public async Task The_tree_equals_its_golden_file()
    {
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("tree", "cache"));
        Golden.Matches("tree.txt", _cluster.Tool.Out);
        Assert.Equal("", _cluster.Tool.Error);
    }

    [Theory]
    [MemberData(nameof(TerminalPicture.Sizes), MemberType = typeof(TerminalPicture))]
    public async Task A_terminal_of_each_size_shows_the_tree(int width, int height)
    {
        _cluster.Tool.Terminal = (width, height);
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("tree", "cache", "--color", "never"));
        Golden.Matches($"tree-{width}x{height}.txt", TerminalPicture.Of("a tree", _cluster.Tool.Seen, width, height));
    }

    [Fact]
    public async Task The_json_equals_its_golden_file()
    {
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("tree", "cache", "-o", "json"));
        Golden.Matches("tree.json", JsonNode.Parse(_cluster.Tool.Out)!.ToJsonString(new() { WriteIndented = true }) + "\n");
    }

    [Fact]
    public async Task Missing_permissions_leave_gaps_that_are_told()
    {
        _cluster.Refused = ["list pods", "list nodes", "list services"];
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("tree", "cache"));
        Assert.Contains(
            "no traffic: it is not ready; the permission to list pods would tell why", _cluster.Tool.Out, StringComparison.Ordinal);
        Assert.Contains(
            "without the permission to list nodes in the cluster this tree has gaps", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pods_that_are_never_listed_are_waited_for_ten_seconds()
    {
        _cluster.Before = request => request.Path.EndsWith("/pods", StringComparison.Ordinal)
            ? new ScriptedResponse("120m ^", new Dictionary<char, string>()) : null;
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("tree", "cache"));
        Assert.Contains("└─ EndpointSlice cache-abc", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_has_the_last_cause()
    {
        _cluster.Before = request => request.Path.EndsWith("/endpointslices", StringComparison.Ordinal)
            ? _cluster.Tool.Status(500, "InternalError", "etcd is gone") : null;
        Assert.Equal(ExitCode.Cluster, await _cluster.Tool.RunAsync("tree", "cache", "--timeout", "5s"));
        Assert.Matches(
            @"no complete snapshot within 5s \(--timeout\); the last attempt:\nrxkube: .*etcd is gone", _cluster.Tool.Error);
    }

    public static TheoryData<string, string> Problems => new()
    {
        {
            Status("Pending", Condition("PodScheduled", "False", "Unschedulable", "0/3 nodes are available.")),
            "is not scheduled to a node: Unschedulable: 0/3 nodes are available"
        },
        { Status("Pending", container: Waiting("ImagePullBackOff")), "cannot start container app: ImagePullBackOff" },
        { Status("Pending", container: Waiting("ContainerCreating")), "is starting container app" },
        {
            Status("Running", Condition("Ready", "False"), """{"name":"app","ready":false,"state":{"running":{}}}"""),
            "runs, but container app is not ready: its readiness probe fails, or has not succeeded yet"
        },
        {
            Status("Running", Condition("Ready", "False", "ReadinessGatesNotReady", "gate x is missing."),
                """{"name":"app","ready":true}"""),
            "is not ready: ReadinessGatesNotReady: gate x is missing"
        },
        {
            Status("Running", container: """{"name":"app","state":{"terminated":{"reason":"Error","exitCode":1}}}"""),
            "has no container app any more: Error, exit code 1"
        },
        { """{"phase":"Failed","reason":"Evicted","message":"low memory"}""", "was evicted by its node: low memory" },
        {
            Status("Failed", Condition("DisruptionTarget", "True", "TerminationByKubelet", "node shutdown")),
            "was evicted by its node: node shutdown"
        },
        {
            Status("Running", Condition("DisruptionTarget", "True", "EvictionByEvictionAPI")),
            "was evicted through the API, as kubectl drain does"
        },
        {
            Status("Running", Condition("DisruptionTarget", "True", "DeletionByTaintManager")),
            "was deleted because of a taint of its node, as when the node does not report"
        },
        {
            Status("Running", Condition("DisruptionTarget", "True", "PreemptionByScheduler")),
            "was preempted for a pod of a higher priority"
        },
        { Status("Succeeded"), "has ended" },
        { Status("Running", "null", "null"), "is Running" },
        { "null", "has no status yet" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void A_pod_says_what_keeps_it_from_being_ready(string status, string expected)
    {
        var pod = ObjectKinds.Pods.Decode(System.Text.Encoding.UTF8.GetBytes($$"""{"metadata":{"name":"p"},"status":{{status}}}"""));
        Assert.Equal(expected, PodText.Problem(pod, null));
    }

    [Theory]
    [InlineData("delete", "left: its pod was deleted")]
    [InlineData("replace", "left: its pod was deleted, and another one has its name")]
    [InlineData("evict", "left: its pod was evicted through the API, as kubectl drain does")]
    [InlineData("kubelet", "left: its pod was evicted by its node: low memory")]
    [InlineData("node", "left: its pod was removed because its node is gone; its node n1 is gone")]
    [InlineData("unready", "left: its pod runs, but container app is not ready: its readiness probe fails, or has not succeeded yet")]
    [InlineData("relabel", "left: the labels of its pod do not match the Service any more")]
    [InlineData("nothing", "left: its slice does not list it any more, although its pod is ready")]
    public async Task A_member_that_leaves_is_explained_by_its_pod_and_node(string what, string expected)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var config = new Kubeconfig(server.Url);
        server.Cluster.Apply(Manifest("v1", "Service", ScriptedCluster.CacheService));
        server.Cluster.Apply(Manifest("v1", "Node", _cluster.Nodes[0]));
        var pod = server.Cluster.Apply(Manifest("v1", "Pod", Pod("cache-0")));
        server.Cluster.Apply(SliceOf((string)pod["metadata"]!["uid"]!).Manifest());
        var tool = new InProcessTool();
        tool.Start("tree", "cache", "--kubeconfig", config.Path, "-w", "-o", "json");
        var tree = JsonNode.Parse(await tool.LineAsync())!;
        Assert.True((bool)tree["slices"]![0]!["endpoints"]![0]!["traffic"]!);

        void Patch(string patch) => server.Cluster.Patch("pods", "prod", "cache-0", JsonNode.Parse(patch)!.AsObject());
        switch (what)
        {
            case "replace":
                server.Cluster.Delete("pods", "prod", "cache-0");
                server.Cluster.Apply(Manifest("v1", "Pod", Pod("cache-0")));
                break;
            case "evict":
                Patch($$"""{"status":{{Status("Running", Condition("DisruptionTarget", "True", "EvictionByEvictionAPI"))}} }""");
                goto case "delete";
            case "kubelet":
                Patch("""{"status":{"phase":"Failed","reason":"Evicted","message":"low memory"}}""");
                break;
            case "node":
                Patch($$"""{"status":{{Status("Running", Condition("DisruptionTarget", "True", "DeletionByPodGC"))}} }""");
                server.Cluster.Delete("nodes", "", "n1");
                goto case "delete";
            case "unready":
                Patch($$"""{"status":{{NotReady}}}""");
                break;
            case "relabel":
                Patch("""{"metadata":{"labels":{"app":"other"}}}""");
                break;
            case "delete":
                server.Cluster.Delete("pods", "prod", "cache-0");
                break;
        }

        server.Cluster.Apply(Testing.Slice.Of("cache-abc", "cache", @namespace: "prod").WithPort(8080, "http").Manifest());
        var left = JsonNode.Parse(await tool.LineAsync(containing: "\"change\":\"left\""))!;
        Assert.Equal("cache-0", (string?)left["member"]);
        Assert.Equal(expected, (string?)left["why"]);
        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
    }

    [Fact]
    public async Task A_member_that_loses_its_readiness_gets_no_traffic()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        using var config = new Kubeconfig(server.Url);
        server.Cluster.Apply(Manifest("v1", "Service", ScriptedCluster.CacheService));
        var uid = (string)server.Cluster.Apply(Manifest("v1", "Pod", Pod("cache-0")))["metadata"]!["uid"]!;
        server.Cluster.Apply(SliceOf(uid).Manifest());
        var tool = new InProcessTool();
        tool.Start("tree", "cache", "--kubeconfig", config.Path, "-w");
        await tool.LineAsync(containing: "cache-0");

        server.Cluster.Patch("pods", "prod", "cache-0", JsonNode.Parse($$"""{"status":{{NotReady}}}""")!.AsObject());
        server.Cluster.Apply(SliceOf(uid, isReady: false).Manifest());

        var line = await tool.LineAsync(containing: "~ ");
        Assert.Contains("cache-0", line, StringComparison.Ordinal);
        Assert.Contains("no traffic: it is not ready", line, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Stopped, await tool.StopAsync());
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Hostile_texts_are_escaped(string format)
    {
        const string Evil = "\\u001b[31m\\u202e\\n✓ forged";
        _cluster.Pods = [Pod("cache-1", ready: false, phase: "Failed", more: $",\"reason\":\"{Evil}\",\"message\":\"{Evil}\""), Pod(Evil)];
        _cluster.Services = [ScriptedCluster.CacheService.Replace("ClusterIP", Evil, StringComparison.Ordinal)];
        _cluster.Nodes = [$$$"""{"metadata":{"name":"n1","labels":{"topology.kubernetes.io/zone":"{{{Evil}}}"}},"status":null}"""];
        Assert.Equal(ExitCode.Stopped, await _cluster.Tool.RunAsync("tree", "cache", "-o", format));
        Assert.DoesNotContain(_cluster.Tool.Out, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
        Assert.DoesNotContain("\n✓ forged", _cluster.Tool.Out, StringComparison.Ordinal);
    }

    private static string Node(string name, string zone, string spec) =>
        $$$"""
        {"metadata":{"name":"{{{name}}}","labels":{"topology.kubernetes.io/zone":"{{{zone}}}"}},"spec":{{{spec}}},
        "status":{"conditions":[{"type":"Ready","status":"True"}]}}
        """;

    private static string Status(string phase, string? condition = null, string? container = null) =>
        $$"""{"phase":"{{phase}}","conditions":[{{condition}}],"containerStatuses":[{{container}}]}""";

    private static string Condition(string type, string status, string reason = "", string message = "") =>
        $$"""{"type":"{{type}}","status":"{{status}}","reason":"{{reason}}","message":"{{message}}"}""";

    private static string Waiting(string reason) => $$$$"""{"name":"app","state":{"waiting":{"reason":"{{{{reason}}}}"}}}""";

    private static string NotReady =>
        Status("Running", Condition("Ready", "False"), """{"name":"app","ready":false,"state":{"running":{}}}""");

    private static EndpointSlice SliceOf(string uid, bool isReady = true) => Testing.Slice.Of("cache-abc", "cache", @namespace: "prod")
        .WithPort(8080, "http")
        .With(Endpoint("cache-0", "10.0.0.1", isReady) with { TargetRef = new("Pod", "prod", "cache-0", uid) });

    private static string Manifest(string apiVersion, string kind, string json)
    {
        var manifest = JsonNode.Parse(json)!.AsObject();
        (manifest["apiVersion"], manifest["kind"]) = (apiVersion, kind);
        return manifest.ToJsonString();
    }

    private static Endpoint Endpoint(
        string pod, string address, bool ready, bool? serving = null, bool terminating = false, string node = "n1") => new()
        {
            Addresses = [address],
            Ready = ready,
            Serving = serving ?? ready,
            Terminating = terminating,
            Hostname = pod,
            NodeName = node,
            Zone = "a",
            TargetRef = new("Pod", "prod", pod, $"{pod}-uid"),
        };

    private static string Pod(
        string name, bool ready = true, string phase = "Running", string more = "", string meta = "", string app = "cache") =>
        $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"prod","uid":"{{{name}}}-uid","labels":{"app":"{{{app}}}"}{{{meta}}}},
        "spec":{"nodeName":"n1"},"status":{"phase":"{{{phase}}}","podIP":"10.0.0.9",
        "conditions":[{"type":"Ready","status":"{{{(ready ? "True" : "False")}}}"}]{{{more}}}}}
        """;
}
