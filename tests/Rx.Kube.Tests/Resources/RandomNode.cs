using System.Text.Json.Nodes;

namespace Rx.Kube.Tests.Resources;

/// <summary>The JSON of a random Node.</summary>
internal sealed class RandomNode(Random random) : RandomJson(random)
{
    public JsonObject Next() => Object(
        "Node", "v1",
        ("spec", () => Fields(("unschedulable", Flag), ("podCIDRs", Anything), ("taints", Anything))),
        ("status", () => Fields(("conditions", Conditions), ("images", Anything), ("capacity", Anything))));

    protected override IEnumerable<KeyValuePair<string, JsonNode?>> Labels() =>
    [
        .. base.Labels(),
        KeyValuePair.Create("topology.kubernetes.io/zone", Text()),
        KeyValuePair.Create("topology.kubernetes.io/region", Text()),
    ];
}
