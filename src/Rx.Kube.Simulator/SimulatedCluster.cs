using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Http;
using Rx.Kube.Simulator.Patching;
using Rx.Kube.Simulator.Selectors;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator;

/// <summary>
/// The objects of the simulated server, for use in the same process: the same rules as over HTTP. Every member is thread-safe.
/// Each change is queued for the open watches before the call returns.
/// </summary>
/// <remarks>
/// Resources are named by their plural: <c>endpointslices</c>, <c>endpoints</c>, <c>pods</c>, <c>services</c>, <c>namespaces</c>,
/// <c>nodes</c>; any other name throws <see cref="ArgumentException"/>. A request that a server would refuse throws
/// <see cref="ApiStatusException"/>. Arguments are copied; returned objects belong to the caller.
/// </remarks>
public sealed class SimulatedCluster
{
    private readonly Store _store;

    internal SimulatedCluster(Store store) => _store = store;

    /// <summary>Gets the version of the last change over all resources: the <c>resourceVersion</c> of a list made now.</summary>
    public long Version => _store.Version;

    /// <summary>Creates an object in <c>metadata.namespace</c>, or in <c>default</c>. If the name exists, the error is a 409.</summary>
    public JsonObject Create(string plural, JsonObject obj)
    {
        var (type, source) = Checked(plural, obj);
        return _store.Create(type, NamespaceOf(type, source), source).ToJson();
    }

    /// <summary>Replaces an object. If <c>metadata.resourceVersion</c> is set and not the current one, the error is a 409.</summary>
    public JsonObject Replace(string plural, JsonObject obj)
    {
        var (type, source) = Checked(plural, obj);
        return _store.Update(type, NamespaceOf(type, source), (string?)source["metadata"]?["name"] ?? "", _ => source).ToJson();
    }

    /// <summary>Changes an object with a JSON merge patch (RFC 7396). <paramref name="ns"/> is "" for nodes and namespaces.</summary>
    public JsonObject Patch(string plural, string ns, string name, JsonObject mergePatch)
    {
        var type = ResourceType.ByPlural(plural);
        return _store.Update(type, ns, name, Patched).ToJson();

        JsonObject Patched(StoredObject before)
        {
            var o = MergePatch.Apply(before.ToJson(), mergePatch)!.AsObject();
            TypedDecoding.Check(o, type);
            return o;
        }
    }

    /// <summary>Deletes an object and returns its last state. An object with finalizers is only marked as being deleted.</summary>
    public JsonObject Delete(string plural, string ns, string name) =>
        _store.Delete(ResourceType.ByPlural(plural), ns, name).Last.ToJson();

    /// <summary>Returns an object, or null if there is none.</summary>
    public JsonObject? Get(string plural, string ns, string name) => _store.Get(ResourceType.ByPlural(plural), ns, name)?.ToJson();

    /// <summary>
    /// Returns the objects that match a label selector, in the order of the server's lists. If <paramref name="ns"/> is null, it returns
    /// the objects of all namespaces.
    /// </summary>
    public IReadOnlyList<JsonObject> List(string plural, string? ns = null, string? labelSelector = null)
    {
        var what = new Selection(ResourceType.ByPlural(plural), ns, LabelSelectorParser.Parse(labelSelector), FieldSelector.Parse(null));
        return [.. _store.Read(what).Objects.Where(what.Matches).Select(o => o.ToJson())];
    }

    /// <summary>
    /// Removes the history up to a version (all of it by default), as etcd's compaction does. New watches from earlier
    /// versions, and lists at exactly an earlier version, are answered with 410. Open watches are not affected.
    /// </summary>
    public void Compact(long? version = null) => _store.Compact(version);

    private static (ResourceType Type, JsonObject Source) Checked(string plural, JsonObject obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        var type = ResourceType.ByPlural(plural);
        // The caller's nodes may be of any kind: converting to text and back makes them plain JSON.
        var source = Json.Parse(Json.Bytes(obj))!.AsObject();
        TypedDecoding.Check(source, type);
        return (type, source);
    }

    private static string NamespaceOf(ResourceType type, JsonObject source) =>
        type.Namespaced ? (string?)source["metadata"]?["namespace"] ?? "default" : "";
}
