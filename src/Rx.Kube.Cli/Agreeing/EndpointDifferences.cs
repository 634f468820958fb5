using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Agreeing;

/// <summary>How the endpoints of a process differ from those of the API server, by the names of their members.</summary>
/// <param name="Missing">Members that only the API server has.</param>
/// <param name="Extra">Members that only the process has.</param>
/// <param name="Other">Members with another address, zone or condition.</param>
internal sealed record EndpointDifferences(EquatableArray<string> Missing, EquatableArray<string> Extra, EquatableArray<string> Other)
{
    private const int MostNames = 5;

    /// <summary>Gets whether nothing differs.</summary>
    public bool AreNone => Missing.IsEmpty && Extra.IsEmpty && Other.IsEmpty;

    /// <summary>Compares. A process tells at most a thousand endpoints, in the order of a snapshot; the others are not compared.</summary>
    /// <param name="belief">What the process believes.</param>
    /// <param name="server">The API server's snapshot.</param>
    /// <returns>The differences.</returns>
    public static EndpointDifferences Of(Belief belief, ServiceTopology server)
    {
        var isCut = belief.Endpoints.Length < belief.EndpointCount;
        var there = belief.Endpoints.ToLookup(endpoint => endpoint.Member, StringComparer.Ordinal);
        var here = server.Endpoints.Select(BelievedEndpoint.Of).ToLookup(endpoint => endpoint.Member, StringComparer.Ordinal);
        var last = isCut && !belief.Endpoints.IsEmpty ? belief.Endpoints[^1].Member : null;
        return new(
            [.. here.Where(e => !there.Contains(e.Key) && (last is null || string.CompareOrdinal(e.Key, last) < 0)).Select(e => e.Key)],
            [.. there.Where(e => !here.Contains(e.Key)).Select(e => e.Key)],
            [.. there.Where(e => e.Key != last && here.Contains(e.Key) && !e.ToHashSet().SetEquals(here[e.Key])).Select(e => e.Key)]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", new[]
    {
        Names("lacks ", Missing, ""), Names("still has ", Extra, ""), Names("has ", Other, " in another state"),
    }.Where(text => text.Length > 0));

    private static string Names(string before, EquatableArray<string> names, string after) => names.IsEmpty ? "" :
        before + string.Join(", ", names.Take(MostNames).Select(EndpointFormat.Name))
        + (names.Length > MostNames ? $" and {names.Length - MostNames} more" : "") + after;
}
