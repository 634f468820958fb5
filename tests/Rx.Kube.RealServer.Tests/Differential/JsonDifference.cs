using System.Text.Json.Nodes;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Compares two JSON documents field by field.</summary>
internal static class JsonDifference
{
    internal static IEnumerable<string> Between(JsonNode? real, JsonNode? simulator, string path = "$")
    {
        switch (real, simulator)
        {
            case (JsonObject r, JsonObject s):
                return r.Select(p => p.Key).Union(s.Select(p => p.Key))
                    .SelectMany(k => (r.ContainsKey(k), s.ContainsKey(k)) switch
                    {
                        (true, false) => [$"{path}.{k}: real {Show(r[k])}, simulator: missing"],
                        (false, true) => [$"{path}.{k}: real: missing, simulator {Show(s[k])}"],
                        _ => Between(r[k], s[k], $"{path}.{k}"),
                    });
            case (JsonArray r, JsonArray s) when r.Count == s.Count:
                return r.Zip(s).SelectMany((pair, i) => Between(pair.First, pair.Second, $"{path}[{i}]"));
            default:
                return JsonNode.DeepEquals(real, simulator) ? [] : [$"{path}: real {Show(real)}, simulator {Show(simulator)}"];
        }
    }

    private static string Show(JsonNode? node) => node?.ToJsonString() ?? "null";
}
