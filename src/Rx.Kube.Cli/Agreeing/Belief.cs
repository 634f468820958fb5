using System.Globalization;
using System.Text.Json;

namespace Rx.Kube.Cli.Agreeing;

/// <summary>Represents what a process believes about one Service: an object of <c>MapKubeTopology</c>. Nothing of it is escaped.</summary>
/// <param name="Name">The name of the topology in the process.</param>
/// <param name="Service">The Service.</param>
/// <param name="Version">The resourceVersion of its snapshot; empty while it has none.</param>
/// <param name="Freshness"><c>syncing</c>, <c>live</c> or <c>stale</c>.</param>
internal sealed record Belief(string Name, ServiceName Service, string Version, string Freshness)
{
    /// <summary>Gets how long ago the process heard the API server when it answered; null for never.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Gets why it is not live; null for no reason.</summary>
    public string? Cause { get; init; }

    /// <summary>Gets the fingerprint of its ring with the replicas; null while it has none.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Gets its ring; null while it has none.</summary>
    public BelievedRing? Ring { get; init; }

    /// <summary>Gets the number of endpoints of its snapshot.</summary>
    public int EndpointCount { get; init; }

    /// <summary>Gets the endpoints of its snapshot, as far as it tells them.</summary>
    public EquatableArray<BelievedEndpoint> Endpoints { get; init; } = [];

    /// <summary>Gets whether it has a complete snapshot.</summary>
    public bool IsSynced => Freshness != "syncing";

    /// <summary>Reads an answer: one topology, or all of a process.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="redact">Removes secrets from a text, which has no escapes any more.</param>
    /// <returns>The topologies.</returns>
    /// <exception cref="JsonException">The answer is none of <c>MapKubeTopology</c>.</exception>
    public static IReadOnlyList<Belief> Read(string body, Func<string, string> redact)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (!root.TryGetProperty("topologies", out var all))
                return [Read(root, redact)];
            return all.GetArrayLength() > 0
                ? [.. all.EnumerateArray().Select(one => Read(one, redact))]
                : throw new FormatException("It has no topology.");
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new JsonException("The answer is none of MapKubeTopology.", e);
        }
    }

    private static Belief Read(JsonElement json, Func<string, string> redact) => new(
        Text(json, "name", redact), ServiceOf(json), Text(json, "version", redact), Text(json, "freshness", redact))
    {
        Age = json.GetProperty("ageSeconds") is { ValueKind: JsonValueKind.Number } age
            ? TimeSpan.FromSeconds(Math.Clamp(age.GetDouble(), 0, int.MaxValue))
            : null,
        Cause = json.GetProperty("cause") is { ValueKind: JsonValueKind.Object } cause ? Text(cause, "message", redact) : null,
        Fingerprint = json.GetProperty("fingerprint").GetString() is { } fingerprint ? redact(fingerprint) : null,
        Ring = json.GetProperty("ring") is { ValueKind: JsonValueKind.Object } ring ? ReadRing(ring, redact) : null,
        EndpointCount = json.GetProperty("endpointCount").GetInt32(),
        Endpoints = [.. json.GetProperty("endpoints").EnumerateArray().Select(endpoint => ReadEndpoint(endpoint, redact))],
    };

    private static BelievedRing ReadRing(JsonElement json, Func<string, string> redact) => new(
        Text(json, "fingerprint", redact), Text(json, "layout", redact), json.GetProperty("replicas").GetInt32(),
        [.. json.GetProperty("members").EnumerateArray().Select(member => redact(member.GetString() ?? ""))]);

    private static BelievedEndpoint ReadEndpoint(JsonElement json, Func<string, string> redact) => new(
        Text(json, "member", redact), Text(json, "address", redact))
    {
        IsReady = json.GetProperty("ready").GetBoolean(),
        IsTerminating = json.GetProperty("terminating").GetBoolean(),
        Zone = json.GetProperty("zone").GetString() is { } zone ? redact(zone) : null,
    };

    // A Service that cannot be would be an argument of a request to the API server.
    private static ServiceName ServiceOf(JsonElement json)
    {
        var (@namespace, service) = (Text(json, "namespace", text => text), Text(json, "service", text => text));
        return KubeNames.IsLabel(@namespace) && KubeNames.IsLabel(service)
            ? new(@namespace, service)
            : throw new FormatException("It tells of no Service that can be.");
    }

    private static string Text(JsonElement json, string name, Func<string, string> redact) =>
        json.GetProperty(name).GetString() is { } text
            ? redact(text)
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name} is null"));
}

/// <summary>Represents the ring of a process.</summary>
/// <param name="Fingerprint">The fingerprint without replicas.</param>
/// <param name="Layout">The layout with its parameters.</param>
/// <param name="Replicas">The number of members that own a key.</param>
/// <param name="Members">The members, at most 1,000.</param>
internal sealed record BelievedRing(string Fingerprint, string Layout, int Replicas, EquatableArray<string> Members);

/// <summary>Represents an endpoint in the snapshot of a process.</summary>
/// <param name="Member">The name of the member.</param>
/// <param name="Address">The address.</param>
internal sealed record BelievedEndpoint(string Member, string Address)
{
    /// <summary>Gets whether it is ready.</summary>
    public bool IsReady { get; init; }

    /// <summary>Gets whether it is terminating.</summary>
    public bool IsTerminating { get; init; }

    /// <summary>Gets the zone; null for none.</summary>
    public string? Zone { get; init; }

    /// <summary>Gets what a process believes about an endpoint as the API server has it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static BelievedEndpoint Of(TopologyEndpoint endpoint) => new(endpoint.Member, endpoint.Address)
    {
        IsReady = endpoint.Ready,
        IsTerminating = endpoint.Terminating,
        Zone = endpoint.Zone,
    };
}
