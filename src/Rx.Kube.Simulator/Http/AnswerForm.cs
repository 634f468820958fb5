using System.Buffers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rx.Kube.Simulator.Protobuf;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>The form of objects in an answer, chosen by the client's <c>Accept</c> header: JSON, a table for people, or protobuf.</summary>
internal abstract class AnswerForm
{
    internal abstract string MediaType { get; }

    internal abstract string WatchMediaType { get; }

    /// <summary>The form for objects of a kind.</summary>
    internal static AnswerForm Of(HttpRequest request, ResourceType type, SimulatorOptions options) =>
        Of(request, options, hasProtobuf: !type.IsCustom && ProtobufTypes.Has(type.Kind));

    /// <summary>The form for a Status, which is never refused.</summary>
    internal static AnswerForm OfStatus(HttpRequest request, SimulatorOptions options)
    {
        foreach (var clause in AcceptClause.Parse(request.Headers.Accept.ToString(), options.MaxMediaTypes))
        {
            if (clause.MediaType == ProtobufForm.Type) return new ProtobufForm();
            if (clause.MediaType is JsonForm.Type or "*/*") break;
        }
        return new PlainForm();
    }

    internal abstract void WriteObject(IBufferWriter<byte> to, StoredObject o);

    /// <summary>Writes a list, and returns each object when it is written, so that the caller can send what is there.</summary>
    internal abstract IEnumerable<StoredObject> WriteList(IBufferWriter<byte> to, ResourceType type, ListPage page);

    /// <summary>Writes an event of a watch.</summary>
    internal abstract void WriteEvent(IBufferWriter<byte> to, string type, ResourceType resource, WatchItem item);

    /// <summary>Writes the event of an error.</summary>
    internal abstract void WriteError(IBufferWriter<byte> to, JsonObject status);

    /// <summary>Writes the body of an error.</summary>
    internal abstract void WriteStatus(IBufferWriter<byte> to, JsonObject status);

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

    private static AnswerForm Of(HttpRequest request, SimulatorOptions options, bool hasProtobuf)
    {
        var accept = request.Headers.Accept.ToString();
        if (accept.Length == 0) return new PlainForm();
        var served = hasProtobuf ? $"{JsonForm.Type}, {ProtobufForm.Type}" : JsonForm.Type;
        var refusedForm = false;
        foreach (var clause in AcceptClause.Parse(accept, options.MaxMediaTypes))
        {
            var isProtobuf = hasProtobuf && clause.MediaType == ProtobufForm.Type;
            if (!isProtobuf && clause.MediaType is not (JsonForm.Type or "*/*")) continue;
            switch (clause.Parameter("as"))
            {
                case null:
                    return isProtobuf ? new ProtobufForm()
                        : new PlainForm(dropsManagedFields: clause.Parameter("drop") == "metadata.managedFields");
                case "Table" when !isProtobuf && clause.Parameter("g") == "meta.k8s.io" && clause.Parameter("v") is "v1" or "v1beta1":
                    return new TableForm(request.Query["includeObject"].ToString());
                default:
                    refusedForm = true;
                    break;
            }
        }
        throw refusedForm
            ? new ApiStatusException(406, "NotAcceptable", $"only the following media types are accepted: {served}")
            : new ApiStatusException(
                406,
                "NotAcceptable",
                $"406: Not Acceptable\n\nAvailable representations: {served}, "
                + string.Join(", ", served.Split(", ").Select(t => $"{t};stream=watch")),
                []);
    }
}
