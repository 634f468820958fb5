using System.Globalization;
using System.Text.Json.Nodes;

namespace Rx.Kube.Cli.Demo;

/// <summary>Creates the EndpointSlice that the endpoint slice controller writes for the pods of the demonstration.</summary>
internal static class DemoSlice
{
    /// <summary>Gets the name of the slice.</summary>
    /// <param name="service">The Service.</param>
    /// <returns>The name.</returns>
    public static string NameOf(string service) => $"{service}-x7k2p";

    /// <summary>Creates the slice.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="service">The Service.</param>
    /// <param name="pods">The pods.</param>
    /// <returns>A <c>discovery.k8s.io/v1</c> EndpointSlice.</returns>
    public static JsonObject Of(string @namespace, string service, IEnumerable<DemoPod> pods) => new()
    {
        ["apiVersion"] = "discovery.k8s.io/v1",
        ["kind"] = "EndpointSlice",
        ["metadata"] = new JsonObject
        {
            ["name"] = NameOf(service),
            ["namespace"] = @namespace,
            ["labels"] = new JsonObject
            {
                ["kubernetes.io/service-name"] = service,
                ["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io",
            },
        },
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray([.. pods.Select(pod => Endpoint(@namespace, service, pod))]),
        ["ports"] = new JsonArray(Port("gossip", 7946), Port("http", 8080)),
    };

    private static JsonObject Endpoint(string @namespace, string service, DemoPod pod)
    {
        var name = Text($"{service}-{pod.Ordinal}");
        return new JsonObject
        {
            ["addresses"] = new JsonArray(Text($"10.244.{pod.Node + 1}.{(pod.Incarnation % 250) + 4}")),
            ["conditions"] = new JsonObject
            {
                ["ready"] = pod.Phase is DemoPhase.Ready,
                ["serving"] = pod.Phase is DemoPhase.Ready or DemoPhase.Draining,
                ["terminating"] = pod.Phase is DemoPhase.Draining or DemoPhase.Stopped,
            },
            ["hostname"] = name,
            ["nodeName"] = Text($"node-{pod.Node + 1}"),
            ["zone"] = Text($"zone-{"abc"[pod.Node % 3]}"),
            ["targetRef"] = new JsonObject
            {
                ["kind"] = "Pod",
                ["namespace"] = @namespace,
                ["name"] = name,
                ["uid"] = Text($"00000000-0000-4000-8000-{pod.Incarnation:x12}"),
            },
        };
    }

    private static JsonObject Port(string name, int port) => new JsonObject { ["name"] = name, ["port"] = port, ["protocol"] = "TCP" };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
