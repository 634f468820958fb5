using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Models;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Browser.Tests.Support;

/// <summary>A simulated server, <c>rxkube ring --web</c> on it, and beside it <c>rxkube ring -o json</c>.</summary>
internal sealed partial class RingOfTool : IAsyncDisposable
{
    // Its own, so that no socket of another test takes the port while the page has no server.
    private const string Address = "127.0.0.78";

    private readonly Kubeconfig _config;
    private readonly InProcessTool _json = new();
    private readonly Dictionary<string, int> _numbers = [];
    private InProcessTool _web = new();

    private RingOfTool(ApiServerSimulator server) => (Server, _config) = (server, new(server.Url));

    public ApiServerSimulator Server { get; }

    public Uri Url { get; private set; } = null!;

    public static async Task<RingOfTool> StartAsync(params string[] members)
    {
        var ring = new RingOfTool(await ApiServerSimulator.StartAsync());
        ring.Set(members);
        ring._json.Start("ring", "cache", "--kubeconfig", ring._config.Path, "--replicas", "2", "-o", "json");
        await ring.ServeAsync();
        return ring;
    }

    /// <summary>Starts the tool that serves the page: on any free port, or on one it was served on before.</summary>
    public async Task ServeAsync(int port = 0)
    {
        _web = new();
        _web.Start("ring", "cache", "--kubeconfig", _config.Path, "--replicas", "2", "--web", $"{Address}:{port}");
        Url = await UrlOfAsync(_web);
    }

    /// <summary>Starts the tool on the server.</summary>
    public InProcessTool Start(params string[] args)
    {
        var tool = new InProcessTool();
        tool.Start([.. args, "--kubeconfig", _config.Path]);
        return tool;
    }

    /// <summary>Gets the address in the line that a tool with <c>--web</c> prints.</summary>
    public static async Task<Uri> UrlOfAsync(InProcessTool tool) => new(UrlPattern().Match(await tool.LineAsync()).Value);

    public Task StopServingAsync() => _web.StopAsync();

    /// <summary>Replaces the members of the Service: NAME/ZONE, NAME/ without a zone, or NAME in zone-a.</summary>
    public void Set(params string[] members) => Server.Cluster.Apply(SliceOf(members).Manifest());

    /// <summary>Creates further slices of up to 1,000 members each.</summary>
    public void SetMany(int count)
    {
        for (var slice = 0; slice * 1000 < count; slice++)
        {
            var members = Enumerable.Range(slice * 1000, Math.Min(1000, count - (slice * 1000))).Select(i => $"cache-{i}/zone-{i % 3}");
            Server.Cluster.Apply(SliceOf([.. members], $"many-{slice}").Manifest());
        }
    }

    /// <summary>Gets the next line of <c>-o json</c>.</summary>
    public async Task<JsonNode> LineAsync() => JsonNode.Parse(await _json.LineAsync())!;

    /// <summary>Gets the next line of <c>-o json</c> with a number of members and a freshness.</summary>
    public async Task<JsonNode> LineAsync(int members, string freshness = "live")
    {
        while (true)
        {
            var line = await LineAsync();
            if (line["members"]!.AsArray().Count == members && (string?)line["freshness"] == freshness)
            {
                return line;
            }
        }
    }

    /// <summary>Asks <c>rxkube explain -o json</c>.</summary>
    public async Task<JsonNode> ExplainAsync(string key)
    {
        var tool = new InProcessTool();
        tool.Start("explain", "cache", key, "--kubeconfig", _config.Path, "--replicas", "2", "-o", "json");
        return JsonNode.Parse(await tool.LineAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _json.StopAsync();
        await Server.DisposeAsync();
        _config.Dispose();
    }

    private EndpointSlice SliceOf(string[] members, string name = "cache-abc") => members.Aggregate(
        Slice.Of(name, "cache", @namespace: "prod").WithPort(8080, "http"),
        (slice, member) => slice.With(
            member.Split('/')[0], AddressOf(member.Split('/')[0]),
            zone: member.Split('/') is [_, var zone] ? zone.Length > 0 ? zone : null : "zone-a"));

    // A member keeps its address, and no two have the same.
    private string AddressOf(string member)
    {
        if (!_numbers.TryGetValue(member, out var number))
        {
            _numbers[member] = number = _numbers.Count;
        }

        return $"10.1.{number / 250}.{number % 250}";
    }

    [GeneratedRegex("http://[^ ]+")]
    private static partial Regex UrlPattern();
}
