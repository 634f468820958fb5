using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>The form of objects in an answer, chosen by the client's <c>Accept</c> header: plain, or as a table for people.</summary>
internal abstract class AnswerForm
{
    internal const string MediaType = "application/json";

    /// <summary>The first form in <c>Accept</c> that is served. Quality values are ignored: clients of Kubernetes send none.</summary>
    internal static AnswerForm Of(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        if (accept.Length == 0) return new PlainForm();
        var refusedForm = false;
        foreach (var clause in accept.Split(','))
        {
            var parts = clause.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not (MediaType or "*/*")) continue;
            var asked = parts.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToLookup(p => p[0], p => p[1]);
            switch (asked["as"].FirstOrDefault())
            {
                case null:
                    return new PlainForm();
                case "Table" when asked["g"].FirstOrDefault() == "meta.k8s.io" && asked["v"].FirstOrDefault() is "v1" or "v1beta1":
                    return new TableForm(request.Query["includeObject"].ToString());
                default:
                    refusedForm = true;
                    break;
            }
        }
        throw refusedForm
            ? new ApiStatusException(406, "NotAcceptable", $"only the following media types are accepted: {MediaType}")
            : new ApiStatusException(
                406,
                "NotAcceptable",
                $"406: Not Acceptable\n\nAvailable representations: {MediaType}, {MediaType};stream=watch",
                []);
    }

    internal abstract void WriteObject(Utf8JsonWriter writer, StoredObject o);

    /// <summary>Writes a list, and returns each object when it is written, so that the caller can send what is there.</summary>
    internal abstract IEnumerable<StoredObject> WriteList(Utf8JsonWriter writer, ResourceType type, ListPage page);

    internal abstract void WriteBookmark(Utf8JsonWriter writer, ResourceType type, WatchItem bookmark);

    protected static JsonObject ListMetadata(ListPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = Json.Version(page.Version) };
        if (page.Continue is not null) metadata["continue"] = page.Continue;
        if (page.Remaining is not null) metadata["remainingItemCount"] = page.Remaining;
        return metadata;
    }

    protected static JsonObject BookmarkMetadata(WatchItem bookmark)
    {
        var metadata = new JsonObject { ["resourceVersion"] = Json.Version(bookmark.Version) };
        if (bookmark.InitialEnd) metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        return metadata;
    }
}
