using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rx.Kube.Simulator.Protobuf;
using Rx.Kube.Simulator.Storage;

namespace Rx.Kube.Simulator.Http;

/// <summary>Objects as protobuf; an event has its length before it.</summary>
internal sealed class ProtobufForm : AnswerForm
{
    internal const string Type = "application/vnd.kubernetes.protobuf";
    private const int Metadata = 1;
    private const int Items = 2;

    internal override string MediaType => Type;

    internal override string WatchMediaType => $"{Type};stream=watch";

    internal override void WriteObject(IBufferWriter<byte> to, StoredObject o) =>
        to.Write(ProtobufWriter.Envelope(o.Type.ApiVersion, o.Type.Kind, Message(o)));

    // The length of the list comes before its items: each is written twice, so that they are not all in memory.
    internal override IEnumerable<StoredObject> WriteList(IBufferWriter<byte> to, ResourceType type, ListPage page)
    {
        var metadata = Message("ListMeta", ListMetadata(page));
        var length = ProtobufWriter.SizeOf(Metadata, metadata.Length)
            + page.Objects.Sum(o => ProtobufWriter.SizeOf(Items, Message(o).Length));
        ProtobufWriter.BeginEnvelope(to, type.ApiVersion, type.Kind + "List", length);
        ProtobufWriter.Put(to, Metadata, metadata);
        foreach (var o in page.Objects)
        {
            ProtobufWriter.Put(to, Items, Message(o));
            yield return o;
        }
        ProtobufWriter.EndEnvelope(to);
    }

    internal override void WriteEvent(IBufferWriter<byte> to, string type, ResourceType resource, WatchItem item)
    {
        var message = item.Object is { } o
            ? Message(o)
            : Message(resource.Kind, new JsonObject { ["metadata"] = BookmarkMetadata(item) });
        to.Write(ProtobufWriter.Frame(type, ProtobufWriter.Envelope(resource.ApiVersion, resource.Kind, message)));
    }

    internal override void WriteError(IBufferWriter<byte> to, JsonObject status) => to.Write(ProtobufWriter.Frame("ERROR", Status(status)));

    internal override void WriteStatus(IBufferWriter<byte> to, JsonObject status) => to.Write(Status(status));

    private static byte[] Status(JsonObject status) => ProtobufWriter.Envelope("v1", "Status", Message("Status", status));

    private static byte[] Message(StoredObject o)
    {
        using var json = JsonDocument.Parse(o.Utf8, Json.ReadingStored);
        return ProtobufWriter.Message(o.Type.Kind, json.RootElement);
    }

    private static byte[] Message(string name, JsonObject o)
    {
        using var json = JsonDocument.Parse(Json.Bytes(o), Json.ReadingStored);
        return ProtobufWriter.Message(name, json.RootElement);
    }
}
