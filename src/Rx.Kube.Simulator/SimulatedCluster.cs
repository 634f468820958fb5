using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Http;
using Rx.Kube.Simulator.Patching;
using Rx.Kube.Simulator.Selectors;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator;

/// <summary>
/// What the simulated server stores, for use in the same process: the same rules as over HTTP, without it. Every member is thread-safe;
/// watchers see each change before the call returns to the caller's thread.
/// </summary>
/// <remarks>
/// Resources are named by their plural: <c>endpointslices</c>, <c>endpoints</c>, <c>pods</c>, <c>services</c>, <c>namespaces</c>,
/// <c>nodes</c>; any other throws <see cref="ArgumentException"/>. What a server would refuse throws <see cref="ApiStatusException"/>.
/// Objects given are copied, objects returned are the caller's own.
/// </remarks>
public sealed class SimulatedCluster
{
    private readonly Store _store;

    internal SimulatedCluster(Store store) => _store = store;

    /// <summary>The version of the last change, over all resources: what a list now has as its <c>resourceVersion</c>.</summary>
    public long Version => _store.Version;

    /// <summary>Creates an object in <c>metadata.namespace</c>, or in <c>default</c>. An existing name is a 409.</summary>
    public JsonObject Create(string plural, JsonObject obj)
    {
        var (type, source) = Checked(plural, obj);
        return _store.Create(type, NamespaceOf(type, source), source).ToJson();
    }

    /// <summary>Replaces an object; a <c>metadata.resourceVersion</c> that is not the current one is a 409.</summary>
    public JsonObject Replace(string plural, JsonObject obj)
    {
        var (type, source) = Checked(plural, obj);
        return _store.Update(type, NamespaceOf(type, source), (string?)source["metadata"]?["name"] ?? "", _ => source).ToJson();
    }

    /// <summary>Changes an object by a JSON merge patch (RFC 7396); <paramref name="ns"/> is "" for nodes and namespaces.</summary>
    public JsonObject Patch(string plural, string ns, string name, JsonObject mergePatch)
    {
        var type = ResourceType.ByPlural(plural);
        return _store.Update(type, ns, name, Patched).ToJson();

        JsonObject Patched(StoredObject before)
        {
            var o = MergePatch.Apply(before.ToJson(), mergePatch)!.AsObject();
            Typed.Check(o, type);
            return o;
        }
    }

    /// <summary>Deletes an object and returns its last state; one with finalizers is only marked as being deleted.</summary>
    public JsonObject Delete(string plural, string ns, string name) =>
        _store.Delete(ResourceType.ByPlural(plural), ns, name).Last.ToJson();

    /// <summary>An object, or null.</summary>
    public JsonObject? Get(string plural, string ns, string name) => _store.Get(ResourceType.ByPlural(plural), ns, name)?.ToJson();

    /// <summary>All objects in the order of the server's lists: in one namespace or, with null, in all, as selected by labels.</summary>
    public IReadOnlyList<JsonObject> List(string plural, string? ns = null, string? labelSelector = null)
    {
        var what = new Selection(ResourceType.ByPlural(plural), ns, LabelSelectorParser.Parse(labelSelector), FieldSelector.Parse(null));
        return [.. _store.Read(what).Objects.Where(what.Matches).Select(o => o.ToJson())];
    }

    /// <summary>
    /// Forgets the history up to a version (all of it by default), as etcd's compaction does: watches and exact lists from before it
    /// are answered with 410. Open watches are not affected.
    /// </summary>
    public void Compact(long? version = null) => _store.Compact(version);

    private static (ResourceType Type, JsonObject Source) Checked(string plural, JsonObject obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        var type = ResourceType.ByPlural(plural);
        // The caller's nodes may be of any kind: text and back makes them plain JSON.
        var source = Json.Parse(Json.Bytes(obj))!.AsObject();
        Typed.Check(source, type);
        return (type, source);
    }

    private static string NamespaceOf(ResourceType type, JsonObject source) =>
        type.Namespaced ? (string?)source["metadata"]?["namespace"] ?? "default" : "";
}
