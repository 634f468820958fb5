using System.Text.Json;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>One line of <c>rxkube watch -o json</c>, as a script would read it.</summary>
public sealed record ToolLine(
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
        $"{Version} {Freshness} {Cause} endpoints: {Endpoints.Length}, added: {string.Join(',', Added)}, removed: {string.Join(',', Removed)}";

    public static ToolLine Parse(string line)
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
