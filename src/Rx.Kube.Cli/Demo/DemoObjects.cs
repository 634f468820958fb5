using System.Globalization;
using System.Text.Json.Nodes;

namespace Rx.Kube.Cli.Demo;

/// <summary>Creates the objects behind the slice of the demonstration: the Service, its pods, and their nodes.</summary>
internal static class DemoObjects
{
    private const string AppLabel = "app";

    // A pod that is being deleted stays until its containers have stopped: here, until this is removed.
    private const string Finalizer = "rxkube.demo/containers";

    /// <summary>Creates the Service.</summary>
    /// <param name="service">Its name.</param>
    /// <returns>A <c>v1</c> Service.</returns>
    public static JsonObject Service(ServiceName service) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject { ["name"] = service.Name, ["namespace"] = service.Namespace },
        ["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["clusterIP"] = "10.96.0.7",
            ["selector"] = new JsonObject { [AppLabel] = service.Name },
            ["ports"] = new JsonArray(Port("gossip", 7946), Port("http", 8080)),
        },
    };

    /// <summary>Creates a node.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <returns>A <c>v1</c> Node.</returns>
    public static JsonObject Node(int number) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject
        {
            ["name"] = NodeName(number),
            ["labels"] = new JsonObject { ["topology.kubernetes.io/zone"] = ZoneOf(number) },
        },
        ["status"] = new JsonObject { ["conditions"] = new JsonArray(Condition("Ready", isTrue: true)) },
    };

    /// <summary>Creates a pod.</summary>
    /// <param name="service">The Service that selects it.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="isRunning">Whether its containers run: without, a pod that is being deleted goes.</param>
    /// <returns>A <c>v1</c> Pod.</returns>
    public static JsonObject Pod(ServiceName service, DemoPod pod, bool isRunning = true)
    {
        var isReady = pod.Phase is DemoPhase.Ready or DemoPhase.Draining;
        return new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = PodName(service.Name, pod),
                ["namespace"] = service.Namespace,
                ["labels"] = new JsonObject { [AppLabel] = service.Name },
                ["finalizers"] = isRunning ? new JsonArray(Finalizer) : null,
            },
            ["spec"] = new JsonObject
            {
                ["nodeName"] = NodeName(pod.Node),
                ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "app" }),
            },
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["podIP"] = Address(pod),
                ["conditions"] = new JsonArray(Condition("PodScheduled", isTrue: true), Condition("Ready", isReady)),
                ["containerStatuses"] = new JsonArray(new JsonObject
                {
                    ["name"] = "app",
                    ["image"] = "app",
                    ["imageID"] = "",
                    ["ready"] = isReady,
                    ["restartCount"] = 0,
                    ["state"] = new JsonObject { ["running"] = new JsonObject() },
                }),
            },
        };
    }

    /// <summary>Gets the name of a pod.</summary>
    /// <param name="service">The name of the Service.</param>
    /// <param name="pod">The pod.</param>
    /// <returns>The name, as a StatefulSet gives it.</returns>
    public static string PodName(string service, DemoPod pod) => Text($"{service}-{pod.Ordinal}");

    /// <summary>Gets the address of a pod.</summary>
    /// <param name="pod">The pod.</param>
    /// <returns>The address.</returns>
    public static string Address(DemoPod pod) => Text($"10.244.{pod.Node + 1}.{(pod.Incarnation % 250) + 4}");

    /// <summary>Gets the name of a node.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <returns>The name.</returns>
    public static string NodeName(int number) => Text($"node-{number + 1}");

    /// <summary>Gets the zone of a node.</summary>
    /// <param name="number">Its number, from 0.</param>
    /// <returns>The zone.</returns>
    public static string ZoneOf(int number) => Text($"zone-{"abc"[number % 3]}");

    private static JsonObject Condition(string type, bool isTrue) => new() { ["type"] = type, ["status"] = isTrue ? "True" : "False" };

    private static JsonObject Port(string name, int port) =>
        new() { ["name"] = name, ["port"] = port, ["targetPort"] = name, ["protocol"] = "TCP" };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
