namespace Rx.Kube.Simulator.Storage;

/// <summary>The kinds that one server serves: the built-in ones, and those that were declared. Thread-safe.</summary>
internal sealed class ResourceTypes
{
    private readonly Lock _gate = new();
    private volatile ResourceType[] _all = ResourceType.BuiltIn;

    internal ResourceType[] All => _all;

    internal IEnumerable<string> Groups => All.Select(t => t.Group).Where(g => g.Length > 0).Distinct();

    internal IEnumerable<string> VersionsOf(string group) => All.Where(t => t.Group == group).Select(t => t.ServedVersion).Distinct();

    internal IEnumerable<ResourceType> Of(string group, string version) =>
        All.Where(t => t.Group == group && t.ServedVersion == version);

    internal ResourceType? Find(string group, string version, string plural) =>
        Array.Find(All, t => t.Group == group && t.ServedVersion == version && t.Plural == plural);

    internal ResourceType? OfManifest(string? apiVersion, string? kind) =>
        Array.Find(All, t => t.ApiVersion == apiVersion && t.Kind == kind);

    /// <summary>Finds a kind by its plural, for the API in the process.</summary>
    internal ResourceType ByPlural(string plural) =>
        Array.Find(All, t => t.Plural == plural)
        ?? throw new ArgumentException(
            $"'{plural}' is not served; there are {string.Join(", ", All.Select(t => t.Plural))}. To fix: declare a custom resource.",
            nameof(plural));

    private static (string ApiVersion, string Kind, string Plural, bool Namespaced) Name(ResourceType type) =>
        (type.ApiVersion, type.Kind, type.Plural, type.Namespaced);

    /// <summary>Adds a kind, unless it is served already.</summary>
    internal void Add(ResourceType type)
    {
        lock (_gate)
        {
            var same = Array.Find(_all, t => t.Plural == type.Plural || (t.ApiVersion == type.ApiVersion && t.Kind == type.Kind));
            if (same is null) _all = [.. _all, type];
            else if (Name(same) != Name(type))
                throw new ArgumentException($"{type.Qualified} cannot be served beside {same.Qualified}: its plural or kind is the same.");
        }
    }
}
