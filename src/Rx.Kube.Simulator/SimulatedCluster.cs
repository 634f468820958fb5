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
/// <c>nodes</c>, and what <see cref="Declare"/> adds; any other name throws <see cref="ArgumentException"/>. A request that a server
/// would refuse throws <see cref="ApiStatusException"/>. Arguments are copied; returned objects belong to the caller.
/// </remarks>
public sealed class SimulatedCluster
{
    private readonly Store _store;

    internal SimulatedCluster(Store store) => _store = store;

    /// <summary>Gets the version of the last change over all resources: the <c>resourceVersion</c> of a list made now.</summary>
    public long Version => _store.Version;

    /// <summary>Serves a custom resource from now on, over HTTP too: without a schema, so all its fields are kept.</summary>
    /// <param name="apiVersion">The group and the version: <c>example.com/v1</c>.</param>
    /// <param name="kind">The kind: <c>Widget</c>.</param>
    /// <param name="plural">The plural, which is a part of paths: <c>widgets</c>. One that is served by another group is refused.</param>
    /// <param name="namespaced">Whether objects are in namespaces. The default is true.</param>
    /// <exception cref="ArgumentException">
    /// The version has no group, a name is empty, or another kind has the same plural. Declaring the same resource again does nothing.
    /// </exception>
    public void Declare(string apiVersion, string kind, string plural, bool namespaced = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentException.ThrowIfNullOrEmpty(plural);
        if (apiVersion?.Split('/') is not [{ Length: > 0 } group, { Length: > 0 } version])
            throw new ArgumentException("apiVersion is the group and the version: example.com/v1.", nameof(apiVersion));
        _store.Declare(new(group, plural, kind.ToLowerInvariant(), kind, namespaced) { ServedVersion = version, IsCustom = true });
    }

    /// <summary>Creates an object, or replaces the one of the same name, as <c>kubectl apply</c> does with a complete manifest.</summary>
    /// <param name="manifest">
    /// The object as JSON, with its <c>apiVersion</c> and <c>kind</c>; the namespace is <c>default</c> if there is none. A
    /// <c>uid</c> and a <c>resourceVersion</c> in it are ignored. For a slice of Rx.Kube.Testing: <c>slice.Manifest()</c>.
    /// </param>
    /// <returns>The stored object. Each call is a change with a version of its own.</returns>
    /// <exception cref="ArgumentException">The text is not a JSON object, or its kind is not served.</exception>
    public JsonObject Apply(string manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (Parsed(manifest) is not { } obj) throw new ArgumentException("The manifest is not a JSON object.", nameof(manifest));
        var (apiVersion, kind) = ((string?)obj["apiVersion"], (string?)obj["kind"]);
        var type = _store.Types.OfManifest(apiVersion, kind) ?? throw new ArgumentException(
            $"'{kind}' of '{apiVersion}' is not served. To fix: call Declare first, or correct apiVersion and kind.", nameof(manifest));
        if (obj["metadata"] is JsonObject meta)
        {
            meta.Remove("uid");
            meta.Remove("resourceVersion");
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var name = (string?)obj["metadata"]?["name"] ?? "";
                return Get(type.Plural, NamespaceOf(type, obj), name) is null ? Create(type.Plural, obj) : Replace(type.Plural, obj);
            }
            catch (ApiStatusException e) when (e.Code is 404 or 409 && attempt < 10)
            {
                // Another thread has created or deleted it in between.
            }
        }
    }

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
        var type = _store.Types.ByPlural(plural);
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
        _store.Delete(_store.Types.ByPlural(plural), ns, name).Last.ToJson();

    /// <summary>Returns an object, or null if there is none.</summary>
    public JsonObject? Get(string plural, string ns, string name) => _store.Get(_store.Types.ByPlural(plural), ns, name)?.ToJson();

    /// <summary>
    /// Returns the objects that match a label selector, in the order of the server's lists. If <paramref name="ns"/> is null, it returns
    /// the objects of all namespaces.
    /// </summary>
    public IReadOnlyList<JsonObject> List(string plural, string? ns = null, string? labelSelector = null)
    {
        var what = new Selection(_store.Types.ByPlural(plural), ns, LabelSelectorParser.Parse(labelSelector), FieldSelector.Parse(null));
        return [.. _store.Read(what).Objects.Where(what.Matches).Select(o => o.ToJson())];
    }

    /// <summary>
    /// Removes the history up to a version (all of it by default), as etcd's compaction does. New watches from earlier
    /// versions, and lists at exactly an earlier version, are answered with 410. Open watches are not affected.
    /// </summary>
    public void Compact(long? version = null) => _store.Compact(version);

    private JsonObject? Parsed(string manifest)
    {
        try
        {
            return Json.Parse(System.Text.Encoding.UTF8.GetBytes(manifest), _store.Options) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private (ResourceType Type, JsonObject Source) Checked(string plural, JsonObject obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        var type = _store.Types.ByPlural(plural);
        // The caller's nodes may be of any kind: converting to text and back makes them plain JSON.
        var source = Json.Parse(Json.Bytes(obj), _store.Options)!.AsObject();
        TypedDecoding.Check(source, type);
        return (type, source);
    }

    private static string NamespaceOf(ResourceType type, JsonObject source) =>
        type.Namespaced ? (string?)source["metadata"]?["namespace"] ?? "default" : "";
}
