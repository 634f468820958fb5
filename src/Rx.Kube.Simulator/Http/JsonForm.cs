using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>Objects as JSON; an event is a line.</summary>
internal abstract class JsonForm : AnswerForm
{
    internal const string Type = "application/json";

    internal override string MediaType => Type;

    internal override string WatchMediaType => Type;

    internal override void WriteObject(IBufferWriter<byte> to, StoredObject o) => Line(to, writer => WriteObject(writer, o));

    internal override IEnumerable<StoredObject> WriteList(IBufferWriter<byte> to, ResourceType type, ListPage page)
    {
        using var writer = new Utf8JsonWriter(to, Json.Writing);
        foreach (var o in WriteList(writer, type, page))
        {
            writer.Flush();
            yield return o;
        }
        writer.Flush();
        to.Write("\n"u8);
    }

    internal override void WriteEvent(IBufferWriter<byte> to, string type, ResourceType resource, WatchItem item) => Line(to, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WritePropertyName("object");
        if (item.Object is null) WriteBookmark(writer, resource, item);
        else WriteObject(writer, item.Object);
        writer.WriteEndObject();
    });

    internal override void WriteError(IBufferWriter<byte> to, JsonObject status) =>
        Line(to, writer => new JsonObject { ["type"] = "ERROR", ["object"] = status }.WriteTo(writer));

    internal override void WriteStatus(IBufferWriter<byte> to, JsonObject status) => Line(to, writer => status.WriteTo(writer));

    protected abstract void WriteObject(Utf8JsonWriter writer, StoredObject o);

    protected abstract IEnumerable<StoredObject> WriteList(Utf8JsonWriter writer, ResourceType type, ListPage page);

    protected abstract void WriteBookmark(Utf8JsonWriter writer, ResourceType type, WatchItem bookmark);

    private static void Line(IBufferWriter<byte> to, Action<Utf8JsonWriter> write)
    {
        using (var writer = new Utf8JsonWriter(to, Json.Writing)) write(writer);
        to.Write("\n"u8);
    }
}
