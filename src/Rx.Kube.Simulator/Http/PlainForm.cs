using System.Text.Json;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>Objects as plain JSON.</summary>
/// <param name="dropsManagedFields">
/// Whether objects are written without <c>metadata.managedFields</c>, as with the gate <c>ManagedFieldsOptOut</c> of a real server.
/// </param>
internal sealed class PlainForm(bool dropsManagedFields = false) : JsonForm
{
    protected override void WriteObject(Utf8JsonWriter writer, StoredObject o) => o.Write(writer, asItem: false, dropsManagedFields);

    protected override IEnumerable<StoredObject> WriteList(Utf8JsonWriter writer, ResourceType type, ListPage page)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", type.Kind + "List");
        writer.WriteString("apiVersion", type.ApiVersion);
        writer.WritePropertyName("metadata");
        ListMetadata(page).WriteTo(writer);
        writer.WriteStartArray("items");
        foreach (var o in page.Objects)
        {
            o.Write(writer, asItem: true, dropsManagedFields);
            yield return o;
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    protected override void WriteBookmark(Utf8JsonWriter writer, ResourceType type, WatchItem bookmark)
    {
        var o = ObjectShape.Canonical(type, []);
        o["metadata"] = BookmarkMetadata(bookmark);
        o.WriteTo(writer);
    }
}
