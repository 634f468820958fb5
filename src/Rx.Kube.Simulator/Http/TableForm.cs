using System.Text.Json;
using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>Objects as rows of a table with the columns that every resource has: the output of <c>kubectl get</c>.</summary>
internal sealed class TableForm(string includeObject) : JsonForm
{
    private const string ApiVersion = "meta.k8s.io/v1";

    private bool _columnsTold;

    protected override void WriteObject(Utf8JsonWriter writer, StoredObject o)
    {
        var metadata = new JsonObject { ["resourceVersion"] = Json.Version(o.Version) };
        Table(metadata, withColumns: true, Row(o)).WriteTo(writer);
    }

    protected override IEnumerable<StoredObject> WriteList(Utf8JsonWriter writer, ResourceType type, ListPage page)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in Table(ListMetadata(page), withColumns: true))
        {
            writer.WritePropertyName(name);
            if (name == "rows") writer.WriteStartArray();
            else if (value is null) writer.WriteNullValue();
            else value.WriteTo(writer);
        }
        foreach (var o in page.Objects)
        {
            Row(o).WriteTo(writer);
            yield return o;
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    protected override void WriteBookmark(Utf8JsonWriter writer, ResourceType type, WatchItem bookmark)
    {
        JsonObject partial = new() { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = ApiVersion };
        partial["metadata"] = BookmarkMetadata(bookmark);
        var row = new JsonObject { ["cells"] = new JsonArray("", "0001-01-01T00:00:00Z"), ["object"] = partial };
        Table(new JsonObject { ["resourceVersion"] = Json.Version(bookmark.Version) }, withColumns: false, row).WriteTo(writer);
    }

    private static JsonObject Column(string name, string type, string format, string description) => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["format"] = format,
        ["description"] = description,
        ["priority"] = 0,
    };

    private JsonObject Table(JsonObject metadata, bool withColumns, params JsonNode[] rows)
    {
        // In a watch only the first event has the columns.
        var columns = withColumns && !_columnsTold
            ? new JsonArray(
                Column("Name", "string", "name", "The name of the object, unique in its namespace."),
                Column("Created At", "date", "", "When the object was created."))
            : null;
        _columnsTold |= withColumns;
        return new()
        {
            ["kind"] = "Table",
            ["apiVersion"] = ApiVersion,
            ["metadata"] = metadata,
            ["columnDefinitions"] = columns,
            ["rows"] = new JsonArray(rows),
        };
    }

    private JsonObject Row(StoredObject o)
    {
        var json = o.ToJson();
        var metadata = json["metadata"]!.DeepClone();
        JsonNode? included = includeObject switch
        {
            "None" => null,
            "Object" => json,
            _ => new JsonObject { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = ApiVersion, ["metadata"] = metadata },
        };
        return new() { ["cells"] = new JsonArray(o.Name, (string?)metadata["creationTimestamp"]), ["object"] = included };
    }
}
