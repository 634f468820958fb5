using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>Create, get, update, patch and delete.</summary>
internal sealed class ObjectEndpoint(Store store, Lister lister)
{
    internal async Task<StoredObject> Get(HttpRequest request, ApiPath path, CancellationToken cancel)
    {
        var version = request.Query["resourceVersion"].ToString();
        if (version is not ("" or "0")) await lister.Reach(version, "", cancel).ConfigureAwait(false);
        return store.Get(path.Type!, path.Namespace ?? "", path.Name!) ?? throw Errors.NotFound(path.Type!, path.Name!);
    }

    internal async Task<StoredObject> Create(HttpContext context, ApiPath path)
    {
        var (type, ns) = (path.Type!, path.Namespace ?? "");
        var o = await Read(context, path).ConfigureAwait(false);
        var dryRun = DryRun(context.Request, "CreateOptions");
        SameNamespace(o, type, ns);
        return store.Create(type, ns, o, dryRun);
    }

    internal async Task<StoredObject> Update(HttpContext context, ApiPath path)
    {
        var (type, ns, name) = (path.Type!, path.Namespace ?? "", path.Name!);
        var o = await Read(context, path).ConfigureAwait(false);
        var dryRun = DryRun(context.Request, "UpdateOptions");
        if ((string?)o["metadata"]?["name"] is not { Length: > 0 } given)
            throw Errors.BadRequest($"the name of the object ({name} based on URL) was undeterminable: name must be provided");
        SameName(given, name);
        SameNamespace(o, type, ns);
        return store.Update(type, ns, name, _ => o, dryRun);
    }

    internal async Task<StoredObject> Patch(HttpContext context, ApiPath path)
    {
        var (type, ns, name) = (path.Type!, path.Namespace ?? "", path.Name!);
        var body = await Bodies.Read(context.Request, store.Options, context.RequestAborted).ConfigureAwait(false);
        var patch = Patching.Patch.Parse(Bodies.MediaType(context.Request), body, store.Options);
        var dryRun = DryRun(context.Request, "PatchOptions");
        return store.Update(type, ns, name, Patched, dryRun);

        JsonObject Patched(StoredObject before)
        {
            var o = patch.Apply(before);
            try
            {
                TypedDecoding.Check(o, type);
                UnknownFields.Report(context, o, type);
            }
            catch (ApiStatusException e)
            {
                // The patch is valid, but its result is not.
                throw Errors.Invalid("", "", "", InvalidField.Invalid("patch", Encoding.UTF8.GetString(Json.Bytes(o)), e.Message));
            }
            SameName((string?)o["metadata"]?["name"] ?? "", name);
            SameNamespace(o, type, ns);
            return o;
        }
    }

    internal async Task<JsonObject> Delete(HttpContext context, ApiPath path)
    {
        var (type, ns, name) = (path.Type!, path.Namespace ?? "", path.Name!);
        var (check, dryRun) = await DeleteOptions(context, type).ConfigureAwait(false);
        var (last, gone) = store.Delete(type, ns, name, check, dryRun);
        if (!gone) return last.ToJson();
        var details = Errors.About(type, name);
        details["uid"] = last.Uid;
        return new()
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }

    internal async Task<ListPage> DeleteCollection(HttpContext context, ApiPath path)
    {
        var type = path.Type!;
        var (check, dryRun) = await DeleteOptions(context, type).ConfigureAwait(false);
        var page = await lister.List(ListOptions.Parse(context.Request.Query, path, type), context.RequestAborted).ConfigureAwait(false);
        foreach (var o in page.Objects)
        {
            try
            {
                store.Delete(type, o.Namespace, o.Name, check, dryRun);
            }
            catch (ApiStatusException e) when (e.Code == 404)
            {
                // Another request deleted it first.
            }
        }
        return page;
    }

    private async Task<JsonObject> Read(HttpContext context, ApiPath path)
    {
        var body = await Bodies.Read(context.Request, store.Options, context.RequestAborted).ConfigureAwait(false);
        var o = Bodies.Object(context.Request, body, path.Type!, store.Options);
        UnknownFields.Report(context, o, path.Type!);
        return o;
    }

    private static void SameName(string given, string inPath)
    {
        if (given != inPath) throw Errors.BadRequest($"the name of the object ({given}) does not match the name on the URL ({inPath})");
    }

    private static void SameNamespace(JsonObject o, ResourceType type, string ns)
    {
        if (type.Namespaced && (string?)o["metadata"]?["namespace"] is { Length: > 0 } given && given != ns)
            throw Errors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
    }

    private static bool DryRun(HttpRequest request, string kind)
    {
        var asked = request.Query["dryRun"].ToString();
        return asked switch
        {
            "" => false,
            "All" => true,
            _ => throw Errors.Invalid("meta.k8s.io", kind, "", InvalidField.Unsupported("dryRun", $"[\"{asked}\"]", "All")),
        };
    }

    private async Task<(Action<StoredObject>? Check, bool DryRun)> DeleteOptions(HttpContext context, ResourceType type)
    {
        var body = await Bodies.Read(context.Request, store.Options, context.RequestAborted).ConfigureAwait(false);
        var dryRun = DryRun(context.Request, "DeleteOptions");
        if (body.Length == 0) return (null, dryRun);
        Bodies.RequireJson(context.Request);
        JsonObject options;
        try
        {
            options = Json.Parse(body, store.Options) as JsonObject ?? [];
        }
        catch (JsonException e)
        {
            throw Errors.BadRequest($"couldn't get version/kind; json parse error: {e.Message}");
        }
        dryRun |= (options["dryRun"] as JsonArray)?.Any(d => d?.ToString() == "All") == true;
        var preconditions = options["preconditions"] as JsonObject;
        var uid = preconditions?["uid"]?.ToString();
        var version = preconditions?["resourceVersion"]?.ToString();
        return (Check, dryRun);

        void Check(StoredObject o)
        {
            if (uid is not null && uid != o.Uid)
            {
                throw Errors.DeletePrecondition(
                    type,
                    o.Name,
                    $"the UID in the precondition ({uid}) does not match the UID in record ({o.Uid}). "
                    + "The object might have been deleted and then recreated");
            }
            if (version is not null && version != Json.Version(o.Version))
            {
                throw Errors.DeletePrecondition(
                    type,
                    o.Name,
                    $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({o.Version}). "
                    + "The object might have been modified");
            }
        }
    }
}
