using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Processes that tell what they believe, as MapKubeTopology does.</summary>
internal sealed class FakeProcesses : HttpMessageHandler
{
    private readonly Dictionary<string, Func<HttpRequestMessage, Task<HttpResponseMessage>>> _answers = [];

    /// <summary>The requests so far, and the headers of the last one.</summary>
    public List<string> Requests { get; } = [];

    public string? LastAuthorization { get; private set; }

    /// <summary>What a process believes: members as NAME, NAME! (not ready), NAME~ (terminating).</summary>
    public static JsonObject Belief(
        string version, string[] members, string freshness = "live", int replicas = 1, string[]? ring = null,
        string layout = "HashRing/1(160)",
        double age = 0.5, string? cause = null)
    {
        var names = members.Select(m => m.TrimEnd('!', '~')).ToArray();
        var hash = HashRing.Create(
            (ring ?? names).Distinct().Select(name => new RingMember(name, 1, "a")),
            m => m.Name, m => m.Weight, m => m.Zone, LayoutOf(layout));
        return new JsonObject
        {
            ["name"] = "cache",
            ["namespace"] = "prod",
            ["service"] = "cache",
            ["version"] = version,
            ["freshness"] = freshness,
            ["ageSeconds"] = age,
            ["presence"] = "ready",
            ["since"] = null,
            ["cause"] = cause is null ? null : new JsonObject { ["kind"] = "Transport", ["message"] = cause, ["failedAttempts"] = 3 },
            ["fingerprint"] = Text(new ReplicatedRing<RingMember>(hash, replicas).Fingerprint),
            ["ring"] = freshness == "syncing" ? null : new JsonObject
            {
                ["version"] = version,
                ["fingerprint"] = Text(hash.Fingerprint),
                ["layout"] = layout,
                ["replicas"] = replicas,
                ["memberCount"] = hash.Members.Length,
                ["members"] = new JsonArray([.. hash.Members.Select(m => JsonValue.Create(m.Name))]),
            },
            ["endpointCount"] = members.Length,
            ["endpoints"] = new JsonArray([.. members.Select((m, i) => new JsonObject
            {
                ["member"] = names[i],
                ["address"] = $"10.0.0.{1 + i}",
                ["ready"] = m.EndsWith('~') || !m.EndsWith('!'),
                ["serving"] = true,
                ["terminating"] = m.EndsWith('~'),
                ["zone"] = "a",
                ["node"] = null,
            })]),
        };
    }

    public FakeProcesses Tell(string url, params JsonObject[] beliefs)
    {
        var asked = 0;
        return Answer(url, _ => Ok($"{beliefs[Math.Min(asked++, beliefs.Length - 1)]}"));
    }

    public FakeProcesses Answer(string url, HttpStatusCode status) =>
        Answer(url, _ => Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent("") }));

    public FakeProcesses Answer(string url, string body) => Answer(url, _ => Ok(body));

    public FakeProcesses Answer(string url, Func<HttpRequestMessage, Task<HttpResponseMessage>> answer)
    {
        _answers[url] = answer;
        return this;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add($"{request.Method} {request.RequestUri}");
        LastAuthorization = request.Headers.TryGetValues("Authorization", out var values) ? values.Single() : null;
        return _answers[$"{request.RequestUri}"](request).WaitAsync(cancellationToken);
    }

    private static Task<HttpResponseMessage> Ok(string body) =>
        Task.FromResult(new HttpResponseMessage { Content = new StringContent(body, Encoding.UTF8, "application/json") });

    private static RingLayout LayoutOf(string text) => text.StartsWith("HashRing/1(", StringComparison.Ordinal)
        ? RingLayout.Native(int.Parse(text["HashRing/1(".Length..^1], System.Globalization.CultureInfo.InvariantCulture))
        : RingLayout.Default;

    private static string Text(ulong fingerprint) => new KeyHash(fingerprint).ToString();
}
