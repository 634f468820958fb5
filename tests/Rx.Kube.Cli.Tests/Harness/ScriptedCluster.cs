using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>
/// Answers requests as a small cluster does: a namespace prod with the Service cache, its slices, pods and nodes. A test replaces what
/// it is about.
/// </summary>
internal sealed class ScriptedCluster
{
    public const string CacheService =
        """
        {"metadata":{"name":"cache","namespace":"prod"},"spec":{"type":"ClusterIP","clusterIP":"10.96.0.7",
        "selector":{"app":"cache"},"ports":[{"name":"http","port":80,"targetPort":"http"}]}}
        """;

    public ScriptedTool Tool { get; }

    public ScriptedCluster(TimeSpan skew = default) => Tool = new() { Answer = Answer, Skew = skew };

    /// <summary>The Services, as JSON.</summary>
    public string[] Services { get; set; } = [CacheService];

    /// <summary>The slices of the namespace.</summary>
    public Rx.Kube.Models.EndpointSlice[] Slices { get; set; } = [Slice("cache-abc", "cache", "cache-0", "cache-1")];

    /// <summary>The pods and the nodes, as JSON.</summary>
    public string[] Pods { get; set; } = [];

    public string[] Nodes { get; set; } = [];

    /// <summary>The verbs that are refused, with the plural: <c>watch endpointslices</c>.</summary>
    public string[] Refused { get; set; } = [];

    /// <summary>Replaces an answer; null for the usual one.</summary>
    public Func<ScriptedRequest, ScriptedResponse?> Before { get; set; } = _ => null;

    /// <summary>The answer to a watch, without its end.</summary>
    public ScriptedResponse Watch(string diagram) => new(diagram, new Dictionary<char, string>
    {
        ['a'] = string.Concat(Slices.Select(SliceJson.Added)),
        ['b'] = SliceJson.Bookmark("7", endsInitialEvents: true),
        ['c'] = SliceJson.Bookmark("8"),
    });

    public static Rx.Kube.Models.EndpointSlice Slice(string name, string service, params string[] pods) => pods.Aggregate(
        Testing.Slice.Of(name, service, @namespace: "prod").WithPort(8080, "http"),
        (slice, pod) => slice.With(pod, $"10.0.0.{pod[^1]}", hostname: pod, uid: $"{pod}-uid", node: "n1", zone: "a"));

    public static bool IsWatch(ScriptedRequest request) => request.Query("watch") is "true" or "1";

    public static bool IsStreaming(ScriptedRequest request) => request.Query("sendInitialEvents") == "true";

    private ScriptedResponse? Answer(ScriptedRequest request)
    {
        if (Before(request) is { } other)
        {
            return other;
        }

        var plural = request.Path.Split('/')[^1];
        var verb = request.Method == HttpMethod.Get ? IsWatch(request) ? "watch" : "list" : "create";
        if (IsStreaming(request) && plural != "endpointslices")
        {
            return Tool.Status(422, "Invalid", "no streaming lists of them here");
        }

        if (Refused.Contains($"{verb} {plural}"))
        {
            return Tool.Status(403, "Forbidden", $"{plural} is forbidden: User \"reader\" cannot {verb} resource \"{plural}\"");
        }

        return plural switch
        {
            "version" => Tool.Json("""{"gitVersion":"v1.36.4"}"""),
            "selfsubjectreviews" => Tool.Json(
                """{"status":{"userInfo":{"username":"reader","groups":["team-a","system:authenticated"]}}}"""),
            "selfsubjectaccessreviews" => Tool.Json("""{"status":{"allowed":true}}"""),
            "endpointslices" when IsStreaming(request) => Watch("(ab)"),
            "endpointslices" when verb == "watch" => Watch("^"),
            "endpointslices" => Tool.List([.. Selected(request).Select(SliceJson.Of)]),
            "services" when verb == "list" => Tool.List([.. Services.Where(s => request.Query("fieldSelector") is not { } f || s.Contains(
                $"\"name\":\"{f.Split('=')[^1]}\"", StringComparison.Ordinal))]),
            "pods" when verb == "list" => Tool.List(Pods),
            "nodes" when verb == "list" => Tool.List(Nodes),
            "pods" or "nodes" or "services" => new ScriptedResponse("^", new Dictionary<char, string>()),
            _ => null,
        };
    }

    private IEnumerable<Rx.Kube.Models.EndpointSlice> Selected(ScriptedRequest request)
    {
        const string Label = Rx.Kube.Models.EndpointSlice.ServiceNameLabel;
        var service = request.Query("labelSelector")?.Split(',').FirstOrDefault(l => l.StartsWith(Label, StringComparison.Ordinal));
        return Slices.Where(s => service is null || s.Metadata.Labels[Label] == service[(Label.Length + 1)..]);
    }
}
