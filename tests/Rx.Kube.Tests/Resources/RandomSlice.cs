using System.Text.Json.Nodes;

namespace Rx.Kube.Tests.Resources;

/// <summary>The JSON of a random EndpointSlice.</summary>
internal sealed class RandomSlice(Random random) : RandomJson(random)
{
    public JsonObject Next() => Object(
        "EndpointSlice", "discovery.k8s.io/v1",
        ("addressType", Text),
        ("endpoints", () => Many(Endpoint)),
        ("ports", () => Many(Port)));

    private JsonObject Endpoint() => Fields(
        ("addresses", () => Many(Text)),
        ("conditions", () => Fields(("ready", Flag), ("serving", Flag), ("terminating", Flag), ("x", Anything))),
        ("hostname", Text),
        ("nodeName", Text),
        ("zone", Text),
        ("targetRef", () => Fields(("kind", Text), ("namespace", Text), ("name", Text), ("uid", Text), ("x", Anything))),
        ("hints", () => Fields(("forZones", () => Many(Name)), ("forNodes", () => Many(Name)))),
        ("deprecatedTopology", Anything));

    private JsonObject Port() => Fields(
        ("name", Text), ("port", () => Random.Next(70_000) - 1000), ("protocol", () => "UDP"), ("appProtocol", Text));

    private JsonObject Name() => Fields(("name", Text), ("x", Anything));
}
