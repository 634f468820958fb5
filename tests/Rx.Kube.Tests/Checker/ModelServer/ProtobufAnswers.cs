using System.Runtime.CompilerServices;
using System.Text.Json;
using Rx.Kube.Simulator.Protobuf;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>
/// The server's texts in protobuf, for clients that accept it: each answer, event and error has the same meaning, also where it is wrong.
/// The writer is the simulator's, which shares no code with the client.
/// </summary>
internal static class ProtobufAnswers
{
    public const string Type = "application/vnd.kubernetes.protobuf";
    private const string Kind = "EndpointSlice";
    private const string Version = "discovery.k8s.io/v1";

    // Most events go to several clients, and are sent again after a cut.
    private static readonly ConditionalWeakTable<byte[], byte[]> _written = [];

    /// <summary>Converts one body, or one line.</summary>
    /// <param name="json">The text.</param>
    /// <param name="type">What it is, as <see cref="Exchange.Write"/> is told.</param>
    public static byte[] Of(byte[] json, string type) => _written.GetValue(json, text => type switch
    {
        "LIST" => List(JsonElement.Parse(text)),
        "STATUS" => text is [(byte)'{', ..] ? Status(JsonElement.Parse(text)) : text,
        _ => Event(text),
    });

    private static byte[] List(JsonElement list)
    {
        var message = new System.Buffers.ArrayBufferWriter<byte>();
        ProtobufWriter.Put(message, 1, ProtobufWriter.Message("ListMeta", list.GetProperty("metadata")));
        foreach (var item in list.GetProperty("items").EnumerateArray())
        {
            ProtobufWriter.Put(message, 2, ProtobufWriter.Message(Kind, item));
        }

        return ProtobufWriter.Envelope(Version, Kind + "List", message.WrittenSpan);
    }

    private static byte[] Status(JsonElement status) => ProtobufWriter.Envelope("v1", "Status", ProtobufWriter.Message("Status", status));

    private static byte[] Event(byte[] line)
    {
        if (line is not [(byte)'{', ..])
        {
            return ProtobufWriter.Frame(line); // no event at all
        }

        var read = JsonElement.Parse(line);
        if (!read.TryGetProperty("object", out var o))
        {
            return ProtobufWriter.Frame([]);
        }

        var type = read.GetProperty("type").GetString()!;
        return ProtobufWriter.Frame(
            type, type == "ERROR" ? Status(o) : ProtobufWriter.Envelope(Version, Kind, ProtobufWriter.Message(Kind, o)));
    }
}
