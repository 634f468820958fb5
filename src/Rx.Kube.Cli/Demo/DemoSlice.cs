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
    /// <param name="service">The Service.</param>
    /// <param name="pods">The pods.</param>
    /// <param name="uidOf">Gets the uid of a pod.</param>
    /// <returns>A <c>discovery.k8s.io/v1</c> EndpointSlice.</returns>
    public static JsonObject Of(ServiceName service, IEnumerable<DemoPod> pods, Func<DemoPod, string> uidOf) => new()
    {
        ["apiVersion"] = "discovery.k8s.io/v1",
        ["kind"] = "EndpointSlice",
        ["metadata"] = new JsonObject
        {
            ["name"] = NameOf(service.Name),
            ["namespace"] = service.Namespace,
            ["labels"] = new JsonObject
            {
                ["kubernetes.io/service-name"] = service.Name,
                ["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io",
            },
        },
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray([.. pods.Select(pod => Endpoint(service, pod, uidOf(pod)))]),
        ["ports"] = new JsonArray(Port("gossip", 7946), Port("http", 8080)),
    };

    private static JsonObject Endpoint(ServiceName service, DemoPod pod, string uid)
    {
        var name = DemoObjects.PodName(service.Name, pod);
        return new JsonObject
        {
            ["addresses"] = new JsonArray(DemoObjects.Address(pod)),
            ["conditions"] = new JsonObject
            {
                ["ready"] = pod.Phase is DemoPhase.Ready,
                ["serving"] = pod.Phase is DemoPhase.Ready or DemoPhase.Draining,
                ["terminating"] = pod.Phase is DemoPhase.Draining or DemoPhase.Stopped,
            },
            ["hostname"] = name,
            ["nodeName"] = DemoObjects.NodeName(pod.Node),
            ["zone"] = DemoObjects.ZoneOf(pod.Node),
            ["targetRef"] = new JsonObject
            {
                ["kind"] = "Pod",
                ["namespace"] = service.Namespace,
                ["name"] = name,
                ["uid"] = uid,
            },
        };
    }

    private static JsonObject Port(string name, int port) => new JsonObject { ["name"] = name, ["port"] = port, ["protocol"] = "TCP" };
}
