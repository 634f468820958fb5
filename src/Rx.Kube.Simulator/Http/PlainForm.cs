using System.Text.Json;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>Objects as plain JSON.</summary>
internal sealed class PlainForm : JsonForm
{
    protected override void WriteObject(Utf8JsonWriter writer, StoredObject o) => writer.WriteRawValue(o.Utf8, skipInputValidation: true);

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
            o.WriteAsItem(writer);
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
