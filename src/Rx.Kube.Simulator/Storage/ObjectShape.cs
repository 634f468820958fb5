using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Storage;

/// <summary>
/// Converts an object to the form in which a real server answers: typed decoding drops unknown fields,
/// omits empty ones and writes a few fields that are not optional.
/// </summary>
internal static class ObjectShape
{
    private static readonly string[] MetadataFields =
    [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers",

        // As they were written: only a real server keeps account of them.
        "managedFields",
    ];

    private static readonly string[] NodeInfoFields =
    [
        "machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion", "kubeletVersion", "kubeProxyVersion",
        "operatingSystem", "architecture",
    ];

    /// <summary>Returns a new object in canonical form; the argument does not change.</summary>
    internal static JsonObject Canonical(ResourceType type, JsonObject source)
    {
        var result = new JsonObject { ["kind"] = type.Kind, ["apiVersion"] = type.ApiVersion, ["metadata"] = Metadata(source["metadata"]) };
        var custom = source.Select(p => p.Key).Where(f => f is not ("kind" or "apiVersion" or "metadata"));
        foreach (var field in type.IsCustom ? [.. custom] : type.Fields)
        {
            // Without a schema nothing says that a null means nothing.
            if ((type.IsCustom ? source[field]?.DeepClone() : WithoutNulls(source[field])) is { } value) result[field] = value;
        }
        Complete(type.Kind, result);
        return result;
    }

    private static JsonObject Metadata(JsonNode? source)
    {
        var result = new JsonObject();
        if (source is not JsonObject meta) return result;
        foreach (var field in MetadataFields)
        {
            var value = WithoutNulls(meta[field]);
            if (value is null || IsEmpty(value)) continue;
            result[field] = value;
        }
        return result;
    }

    private static bool IsEmpty(JsonNode value) => value switch
    {
        JsonObject o => o.Count == 0,
        JsonArray a => a.Count == 0,
        JsonValue v when v.TryGetValue(out string? text) => text.Length == 0,
        _ => false,
    };

    private static void Complete(string kind, JsonObject o)
    {
        switch (kind)
        {
            case "EndpointSlice":
                o["addressType"] ??= "";
                Slice(o);
                break;
            case "Pod":
                var pod = Child(o, "spec");
                if (pod["containers"] is not JsonArray { Count: > 0 }) pod["containers"] = null;
                foreach (var container in Objects(pod["containers"])) Child(container, "resources");
                foreach (var condition in Objects(Child(o, "status")["conditions"]))
                {
                    condition["lastProbeTime"] ??= null;
                    condition["lastTransitionTime"] ??= null;
                }
                break;
            case "Service":
                foreach (var port in Objects(Child(o, "spec")["ports"])) port["targetPort"] ??= 0;
                Child(Child(o, "status"), "loadBalancer");
                break;
            case "Namespace":
                Child(o, "spec");
                Child(o, "status");
                break;
            case "Node":
                Child(o, "spec");
                var status = Child(o, "status");
                Child(Child(status, "daemonEndpoints"), "kubeletEndpoint")["Port"] ??= 0;
                var info = Child(status, "nodeInfo");
                foreach (var field in NodeInfoFields) info[field] ??= "";
                break;
            case "Endpoints":
                if (o["subsets"] is JsonArray { Count: 0 }) o.Remove("subsets");
                break;
        }
    }

    private static void Slice(JsonObject o)
    {
        foreach (var field in (string[])["endpoints", "ports"])
        {
            var list = o[field] is JsonArray { Count: > 0 } some ? some : null;
            o.Remove(field);
            o[field] = list;
        }
        foreach (var endpoint in Objects(o["endpoints"]))
        {
            if (endpoint["addresses"] is not JsonArray { Count: > 0 }) endpoint["addresses"] = null;
            Child(endpoint, "conditions");
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => list is JsonArray a ? a.OfType<JsonObject>() : [];

    private static JsonObject Child(JsonObject parent, string field)
    {
        if (parent[field] is JsonObject child) return child;
        child = [];
        parent[field] = child;
        return child;
    }

    private static JsonNode? WithoutNulls(JsonNode? node) => node switch
    {
        null => null,
        JsonObject o => new JsonObject(o.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, WithoutNulls(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(WithoutNulls)]),
        _ => node.DeepClone(),
    };
}
