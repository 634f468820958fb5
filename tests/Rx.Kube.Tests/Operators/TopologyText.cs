using System.Text.RegularExpressions;
using Rx.Kube.Models;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Operators;

/// <summary>
/// Snapshots of the Service prod/cache as text: <c>cache-0 cache-1(not ready)</c>. A member may be followed by marks: not ready,
/// terminating, held, its zone, or its address if it is not the one derived from its number. <c>stale</c> precedes the members;
/// <c>syncing</c> and <c>empty</c> stand alone.
/// </summary>
internal static partial class TopologyText
{
    private static readonly ServiceName _cache = new("prod", "cache");

    public static ServiceTopology Snapshot(string text) => Snapshot(text, "1");

    public static ServiceTopology Snapshot(string text, string version) =>
        text == "syncing" ? Fold(_cache, Interrupted())[^1]
        : text.StartsWith("stale ", StringComparison.Ordinal) ? Fold(_cache, Listed(version, Members(text[6..])), Interrupted())[^1]
        : Fold(_cache, Listed(version, Members(text)))[^1];

    public static string Text(object value) => value is TopologyDiff changes ? Text(changes) : Text((ServiceTopology)value);

    public static string Text(ServiceTopology topology)
    {
        var members = topology.Endpoints.Select(Text);
        return (topology.Freshness.IsSynced, topology.Endpoints.IsEmpty) switch
        {
            (false, true) => "syncing",
            (true, true) => (topology.Freshness.IsLive ? "" : "stale ") + "empty",
            _ => (topology.Freshness.IsLive ? "" : $"{topology.Freshness} ") + string.Join(' ', members),
        };
    }

    public static string Text(TopologyDiff changes) => string.Join(' ', (string[])[
        .. changes.Added.Select(c => $"+{c.Member}"),
        .. changes.Removed.Select(c => $"-{c.Member}"),
        .. changes.Updated.Select(c => $"~{c.Member}"),
    ]);

    /// <summary>A slice with these members.</summary>
    public static EndpointSlice Members(string text) => text is "empty"
        ? Slice("s1")
        : Slice("s1", [.. Member().Matches(text).Select(m => Endpoint(m.Groups["name"].Value, m.Groups["marks"].Value))]);

    private static Endpoint Endpoint(string name, string marks)
    {
        string[] all = marks.Split(", ", StringSplitOptions.RemoveEmptyEntries);
        var endpoint = Pod(name, AddressOf(name));
        foreach (var mark in all)
        {
            endpoint = mark switch
            {
                "not ready" => endpoint with { Ready = false },
                "terminating" => endpoint with { Ready = false, Terminating = true },
                ['@', ..] => endpoint with { Addresses = [mark[1..]] },
                _ when mark.StartsWith("zone ", StringComparison.Ordinal) => endpoint with { Zone = mark[5..] },
                _ => throw new FormatException($"A member cannot be '{mark}'"),
            };
        }

        return endpoint;
    }

    private static string Text(TopologyEndpoint endpoint)
    {
        string?[] marks =
        [
            endpoint.Address == AddressOf(endpoint.Member) ? null : $"@{endpoint.Address}",
            endpoint switch
            {
                { IsHeld: true, Ready: false, Serving: false, Terminating: true } => "held",
                { IsHeld: true } => "held, but not as it should be",
                { Terminating: true } => "terminating",
                { Ready: false } => "not ready",
                _ => null,
            },
            endpoint.Zone is null ? null : $"zone {endpoint.Zone}",
        ];
        var text = string.Join(", ", marks.Where(m => m is not null));
        return endpoint.Member + (text.Length > 0 ? $"({text})" : "");
    }

    // Each member has its own address, derived from the end of its name.
    private static string AddressOf(string member) =>
        Number().Match(member) is { Length: > 0 } number ? $"10.0.0.{number}" : $"10.0.1.{(int)member[^1]}";

    [GeneratedRegex(@"(?<name>[^ (]+)(\((?<marks>[^)]*)\))?")]
    private static partial Regex Member();

    [GeneratedRegex(@"\d+$")]
    private static partial Regex Number();
}
