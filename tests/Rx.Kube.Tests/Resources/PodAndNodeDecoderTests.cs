using System.Text;
using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Resources;

public class PodAndNodeDecoderTests
{
    private const string FullPod = """
        {"kind":"Pod","apiVersion":"v1",
         "metadata":{"name":"cache-2","generateName":"cache-","namespace":"prod","uid":"p-2","resourceVersion":"4711","generation":1,
           "creationTimestamp":"2026-01-02T03:00:00Z","deletionTimestamp":"2026-01-02T03:04:05Z","deletionGracePeriodSeconds":30,
           "labels":{"app":"cache","apps.kubernetes.io/pod-index":"2","controller-revision-hash":"cache-6f7d",
             "statefulset.kubernetes.io/pod-name":"cache-2"},
           "ownerReferences":[{"apiVersion":"v1","kind":"Backup","name":"b","uid":"b-1"},
             {"apiVersion":"apps/v1","kind":"StatefulSet","name":"cache","uid":"s-1","controller":true,"blockOwnerDeletion":true}]},
         "spec":{"containers":[{"name":"c","image":"i","env":[{"name":"nodeName","value":"no"}]}],"nodeName":"n1","hostname":"cache-2"},
         "status":{"phase":"Running",
           "conditions":[{"type":"Initialized","status":"True"},{"status":"True","type":"Ready","lastProbeTime":null}],
           "hostIP":"192.0.2.1","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}],"qosClass":"BestEffort",
           "containerStatuses":[{"name":"c","ready":false,"restartCount":3}]}}
        """;

    private const string FullNode = """
        {"kind":"Node","apiVersion":"v1",
         "metadata":{"name":"n1","uid":"n-1","resourceVersion":"9",
           "labels":{"kubernetes.io/hostname":"n1","topology.kubernetes.io/zone":"eu-1a","topology.kubernetes.io/region":"eu-1"}},
         "spec":{"podCIDR":"10.0.0.0/24","unschedulable":true,"taints":[{"key":"node.kubernetes.io/unschedulable","effect":"NoSchedule"}]},
         "status":{"conditions":[{"type":"MemoryPressure","status":"False"},{"type":"Ready","status":"True"}],"images":[{"names":["x"]}]}}
        """;

    [Fact]
    public void Every_field_of_a_pod_is_decoded()
    {
        var pod = Pod(FullPod);
        Assert.Equal(
            ("cache-2", "prod", "p-2", "4711"),
            (pod.Metadata.Name, pod.Metadata.Namespace, pod.Metadata.Uid, pod.Metadata.ResourceVersion));
        Assert.Equal(("cache", 4), (pod.Metadata.Labels["app"], pod.Metadata.Labels.Count));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), pod.Metadata.DeletionTimestamp);
        Assert.True(pod is { IsTerminating: true, NodeName: "n1", Phase: "Running", Ready: true, Ordinal: 2, Revision: "cache-6f7d" });
        Assert.Equal<string>(["10.0.0.1", "fd00::1"], pod.IPs);
        Assert.Equal(new OwnerReference("StatefulSet", "cache", "s-1"), pod.Controller);
    }

    [Fact]
    public void Every_field_of_a_node_is_decoded()
    {
        var node = Node(FullNode);
        Assert.Equal(
            ("n1", "", "n-1", "9"),
            (node.Metadata.Name, node.Metadata.Namespace, node.Metadata.Uid, node.Metadata.ResourceVersion));
        Assert.True(node is { Zone: "eu-1a", Region: "eu-1", Ready: true, Unschedulable: true });
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"}}""")]
    [InlineData("""{"kind":null,"metadata":{"name":"a","ownerReferences":null,"deletionTimestamp":null},"spec":null,"status":null}""")]
    [InlineData("""{"metadata":{"name":"a","ownerReferences":[null,{},{"controller":null}]},"spec":""" +
        """{"nodeName":null,"unschedulable":null},"status":{"phase":null,"conditions":null,"podIP":null,"podIPs":null}}""")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"nodeName":""},"status":""" +
        """{"conditions":[null,{"type":null,"status":null}],"podIP":"","podIPs":[null,{"ip":null},{"ip":""}]}}""")]
    public void Absent_and_null_are_the_zero_value(string json)
    {
        var pod = Pod(json);
        Assert.Equal(new Pod { Metadata = new ObjectMeta { Name = "a" } }, pod);
        Assert.True(pod.IPs.IsEmpty);
        Assert.True(pod is { NodeName: null, Controller: null, Ordinal: null, Revision: null, IsTerminating: false, Ready: false });
        Assert.Equal(new Node { Metadata = new ObjectMeta { Name = "a" } }, Node(json));
    }

    [Theory]
    [InlineData("""{}""", "$")]
    [InlineData("""null""", "$")]
    [InlineData("""{"kind":"Service","metadata":{"name":"a"}}""", "$.kind")]
    [InlineData("""{"metadata":{"name":"a","deletionTimestamp":5}}""", "$.metadata.deletionTimestamp")]
    [InlineData("""{"metadata":{"name":"a","deletionTimestamp":"2026-01-02T03:04:05"}}""", "$.metadata.deletionTimestamp")]
    [InlineData("""{"metadata":{"name":"a","ownerReferences":[{"controller":"true"}]}}""", "$.metadata.ownerReferences[0].controller")]
    [InlineData("""{"metadata":{"name":"a","ownerReferences":[{},{"uid":7}]}}""", "$.metadata.ownerReferences[1].uid")]
    [InlineData("""{"metadata":{"name":"a"},"spec":[]}""", "$.spec")]
    [InlineData("""{"metadata":{"name":"a"},"status":{"conditions":{}}}""", "$.status.conditions")]
    [InlineData("""{"metadata":{"name":"a"},"status":{"conditions":[{},{"status":true}]}}""", "$.status.conditions[1].status")]
    [InlineData("""{"metadata":{"name":"a"}} {}""", null)]
    [InlineData("", null)]
    public void An_invalid_field_is_a_JsonException_with_the_path(string json, string? path)
    {
        var errors = new[] { Assert.Throws<JsonException>(() => Pod(json)), Assert.Throws<JsonException>(() => Node(json)) };
        Assert.All(errors, e => Assert.True(path is null || path == e.Path, e.Message));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"nodeName":true}}""", "$.spec.nodeName")]
    [InlineData("""{"metadata":{"name":"a"},"status":{"phase":3}}""", "$.status.phase")]
    [InlineData("""{"metadata":{"name":"a"},"status":{"podIPs":["10.0.0.1"]}}""", "$.status.podIPs[0]")]
    [InlineData("""{"metadata":{"name":"a"},"status":{"podIP":"\ud800"}}""", "$.status.podIP")]
    public void An_invalid_field_of_a_pod_is_a_JsonException_with_the_path(string json, string path) =>
        Assert.Equal(path, Assert.Throws<JsonException>(() => Pod(json)).Path);

    [Fact]
    public void An_invalid_field_of_a_node_is_a_JsonException_with_the_path() => Assert.Equal(
        "$.spec.unschedulable",
        Assert.Throws<JsonException>(() => Node("""{"metadata":{"name":"a"},"spec":{"unschedulable":"yes"}}""")).Path);

    [Theory]
    [InlineData("cache-0", "StatefulSet", "cache", null, 0)]
    [InlineData("cache-11", "StatefulSet", "cache", null, 11)]
    [InlineData("cache-11", "StatefulSet", "cache", "4", 4)] // the label is set by the server
    [InlineData("cache-11", "StatefulSet", "cache", "x", 11)]
    [InlineData("cache-a-3", "StatefulSet", "cache", null, null)]
    [InlineData("cache-a-3", "StatefulSet", "cache-a", null, 3)]
    [InlineData("cache-", "StatefulSet", "cache", null, null)]
    [InlineData("cache", "StatefulSet", "cache", null, null)]
    [InlineData("cache--1", "StatefulSet", "cache", null, null)]
    [InlineData("cachex1", "StatefulSet", "cache", null, null)]
    [InlineData("other-1", "StatefulSet", "cache", null, null)]
    [InlineData("cache-99999999999", "StatefulSet", "cache", null, null)]
    [InlineData("cache-7", "ReplicaSet", "cache", null, null)]
    [InlineData("cache-7", null, "", null, null)]
    [InlineData("cache-7", null, "", "7", 7)]
    public void TheOrdinal_IsReadFromTheLabel_ElseFromTheName(string name, string? owner, string ownerName, string? label, int? ordinal)
    {
        var owners = owner is null ? "" : $$""", "ownerReferences":[{"kind":"{{owner}}","name":"{{ownerName}}","controller":true}]""";
        var labels = label is null ? "" : $$""", "labels":{"apps.kubernetes.io/pod-index":"{{label}}"}""";
        Assert.Equal(ordinal, Pod($$"""{"metadata":{"name":"{{name}}"{{owners}}{{labels}} } }""").Ordinal);
    }

    [Fact]
    public void Equality_ignores_the_resource_version_only()
    {
        var (pod, node) = (Pod(FullPod), Node(FullNode));
        Assert.Equal(pod, Pod(FullPod.Replace("4711", "4712", StringComparison.Ordinal)));
        Assert.Equal(node, Node(FullNode.Replace("\"9\"", "\"10\"", StringComparison.Ordinal)));
        Assert.NotEqual(pod.Metadata, Pod(FullPod.Replace("4711", "4712", StringComparison.Ordinal)).Metadata);
        foreach (var (old, changed) in new[]
        {
            ("p-2", "p-3"), ("04:05Z", "04:06Z"), ("\"cache\",\"apps", "\"other\",\"apps"), ("s-1", "s-2"),
            ("nodeName\":\"n1", "nodeName\":\"n2"),
            ("Running", "Failed"), ("\"True\",\"type\":\"Ready\"", "\"False\",\"type\":\"Ready\""), ("fd00::1", "fd00::2"),
        })
        {
            Assert.NotEqual(pod, Pod(FullPod.Replace(old, changed, StringComparison.Ordinal)));
        }

        foreach (var (old, changed) in new[]
        {
            ("n-1", "n-2"), ("eu-1a", "eu-1b"), ("true", "false"),
            ("\"Ready\",\"status\":\"True\"", "\"Ready\",\"status\":\"Unknown\""),
        })
        {
            Assert.NotEqual(node, Node(FullNode.Replace(old, changed, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void The_kinds_have_the_servers_names()
    {
        Assert.Equal(("pods", true), (ResourceKinds.Pods.ToString(), ResourceKinds.Pods.Namespaced));
        Assert.Equal(("nodes", false), (ResourceKinds.Nodes.ToString(), ResourceKinds.Nodes.Namespaced));
        Assert.Throws<ArgumentNullException>(() => KubeConnectionWatches.Pods(null!));
        Assert.Throws<ArgumentNullException>(() => KubeConnectionWatches.Nodes(null!));
    }

    private static Pod Pod(string json) => new PodDecoder().Decode(Encoding.UTF8.GetBytes(json));

    private static Node Node(string json) => new NodeDecoder().Decode(Encoding.UTF8.GetBytes(json));
}
