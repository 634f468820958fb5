using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>The parts of a request path: a resource, one object, or neither.</summary>
/// <param name="Group">The API group, empty for the core group; null when the path is not the path of a resource.</param>
/// <param name="Resource">The plural name as written.</param>
/// <param name="Namespace">The namespace in the path, or null.</param>
/// <param name="Name">The object's name, or null.</param>
/// <param name="IsWatchPath">Whether the path has the deprecated form <c>/api/v1/watch/…</c>.</param>
/// <param name="Rest">The remainder, such as a subresource, which is not served.</param>
internal sealed record ApiPath(string? Group, string Resource, string? Namespace, string? Name, bool IsWatchPath, string? Rest)
{
    private static readonly ApiPath None = new(null, "", null, null, false, null);

    /// <summary>The type, if it is served and matches the path; else null.</summary>
    internal ResourceType? Type { get; private init; }

    /// <summary>Parses a path without its query.</summary>
    internal static ApiPath Parse(string path, ResourceTypes types)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, version, used) = parts switch
        {
            ["api", ResourceType.Version, _, ..] => ("", ResourceType.Version, 2),
            ["apis", var g, var v, _, ..] when v == ResourceType.Version || types.VersionsOf(g).Contains(v) => (g, v, 3),
            _ => (null, "", 0),
        };
        if (group is null) return None;
        var rest = parts.AsSpan(used);
        var watch = rest is ["watch", _, ..];
        if (watch) rest = rest[1..];
        string? ns = null;
        // "/namespaces/x" itself is an object, "/namespaces/x/pods" a collection in it.
        if (rest is ["namespaces", var n, _, ..])
        {
            ns = n;
            rest = rest[2..];
        }
        var resource = rest[0];
        var name = rest.Length > 1 ? rest[1] : null;
        var more = rest.Length > 2 ? string.Join('/', rest[2..]!) : null;
        var type = types.Find(group, version, resource);
        var fits = type is not null && more is null && (type.Namespaced ? ns is not null || name is null : ns is null);
        return new(group, resource, ns, name, watch, more) { Type = fits ? type : null };
    }
}
