using System.Text.Json.Nodes;

namespace Rx.Kube.Tests.Resources;

/// <summary>The JSON of a random Pod.</summary>
internal sealed class RandomPod(Random random) : RandomJson(random)
{
    public JsonObject Next() => Object(
        "Pod", "v1",
        ("spec", () => Fields(("nodeName", Text), ("containers", () => Many(Anything)), ("x", Anything))),
        ("status", () => Fields(
            ("podIP", Text), ("podIPs", () => Many(() => Random.Next(9) == 0 ? null : Fields(("ip", Text), ("x", Anything)))),
            ("phase", Text), ("conditions", Conditions), ("containerStatuses", Anything))));

    protected override IEnumerable<KeyValuePair<string, JsonNode?>> Labels() =>
    [
        .. base.Labels(),
        .. Random.Next(2) == 0
            ? [KeyValuePair.Create("apps.kubernetes.io/pod-index", (JsonNode?)Random.GetItems(["7", "-1", "x", "99999999999"], 1)[0])]
            : Array.Empty<KeyValuePair<string, JsonNode?>>(),
        KeyValuePair.Create("controller-revision-hash", Text()),
    ];
}
