namespace Rx.Kube.Cli.Granting;

/// <summary>Represents the permission to list and watch a resource.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Resource">The plural.</param>
/// <param name="IsOfCluster">Whether the resource has no namespaces.</param>
/// <param name="IsWatched">Whether it is also watched.</param>
internal sealed record Grant(string Group, string Resource, bool IsOfCluster = false, bool IsWatched = true);

/// <summary>The least permissions that each command needs.</summary>
internal static class Grants
{
    private static readonly Grant _slices = new("discovery.k8s.io", "endpointslices");
    private static readonly Grant _services = new("", "services");
    private static readonly Grant _pods = new("", "pods");
    private static readonly Grant _nodes = new("", "nodes", IsOfCluster: true);
    private static readonly Grant _endpoints = new("", "endpoints");

    private static readonly Dictionary<string, Grant[]> _byCommand = new(StringComparer.Ordinal)
    {
        ["watch"] = [_slices],
        ["ring"] = [_slices],
        ["explain"] = [_slices],
        ["wait"] = [_slices],
        ["record"] = [_slices],
        ["agree"] = [_slices],
        ["doctor"] = [_slices, _services with { IsWatched = false }, _pods with { IsWatched = false }],
        ["tree"] = [_slices, _services, _pods, _nodes],
    };

    /// <summary>Gets the commands that need permissions.</summary>
    public static IReadOnlyCollection<string> Commands => _byCommand.Keys;

    /// <summary>Gets the name of the Role of a command.</summary>
    /// <param name="command">The command.</param>
    /// <returns>The name; for commands that need only slices, the one that errors about them print too.</returns>
    public static string NameFor(string command) =>
        _byCommand[command] is [var only] ? $"watch-{only.Resource}" : $"rxkube-{command}";

    /// <summary>Gets the permissions of a command and of the options.</summary>
    /// <param name="settings">The command and the options.</param>
    /// <returns>The permissions, each resource once.</returns>
    public static IReadOnlyList<Grant> Of(RbacSettings settings)
    {
        IEnumerable<Grant> more =
        [
            .. settings.Pods ? [_pods] : Array.Empty<Grant>(),
            .. settings.Nodes ? [_nodes] : Array.Empty<Grant>(),
            .. settings.Endpoints ? [_endpoints] : Array.Empty<Grant>(),
        ];
        return [.. _byCommand[settings.Command].Concat(more).GroupBy(g => g.Resource).Select(same => same.MaxBy(g => g.IsWatched)!)];
    }
}
