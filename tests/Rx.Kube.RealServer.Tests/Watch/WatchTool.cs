using System.Text.Json;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>Runs <c>rxkube watch</c>.</summary>
public sealed class WatchTool : ToolProcess<WatchLine>
{
    private WatchTool(params string[] arguments)
        : base(WatchLine.Parse, arguments)
    {
    }

    public static WatchTool StartJson(string kubeconfig, string service) => new("watch", service, "--kubeconfig", kubeconfig, "-o", "json");

    /// <summary>Runs the tool until it exits.</summary>
    public static Task<CommandResult> RunAsync(params string[] arguments) =>
        CommandResult.RunAsync("dotnet", [Assembly, .. arguments]);
}

/// <summary>Represents a line of <c>rxkube watch -o json</c> as a script reads it.</summary>
public sealed record WatchLine(
    string Version,
    string Freshness,
    string? Cause,
    long? RetryInMs,
    string[] Endpoints,
    string[] Added,
    string[] Removed,
    string[] Updated)
{
    public bool IsLive => Freshness == "live";

    public override string ToString() =>
        $"{Version} {Freshness} {Cause} endpoints: {Endpoints.Length}, " +
        $"added: {string.Join(',', Added)}, removed: {string.Join(',', Removed)}";

    public static WatchLine Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        string[] Names(string property) => [.. root.GetProperty(property).EnumerateArray().Select(name => name.GetString()!)];
        return new(
            root.GetProperty("version").GetString()!,
            root.GetProperty("freshness").GetString()!,
            root.TryGetProperty("cause", out var cause) ? cause.GetString() : null,
            root.TryGetProperty("retryInMs", out var retry) ? retry.GetInt64() : null,
            [.. root.GetProperty("endpoints").EnumerateArray().Select(EndpointFacts.OfToolEndpoint).Order(StringComparer.Ordinal)],
            Names("added"),
            Names("removed"),
            Names("updated"));
    }
}
