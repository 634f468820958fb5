using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Patching;

/// <summary>The size of a JSON value: bytes as text, values, and levels of objects and arrays. The last are 0 for a text.</summary>
internal readonly record struct JsonWeight(long Bytes, long Nodes, int Levels)
{
    internal static JsonWeight Of(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                var inObject = new JsonWeight(2, 1, 1);
                foreach (var (name, value) in o) inObject = inObject.With(Of(value), Encoding.UTF8.GetByteCount(name) + 4);
                return inObject;
            case JsonArray a:
                var inArray = new JsonWeight(2, 1, 1);
                foreach (var item in a) inArray = inArray.With(Of(item), 1);
                return inArray;
            case JsonValue v when v.TryGetValue(out JsonElement element):
                return new(JsonMarshal.GetRawUtf8Value(element).Length, 1, 0);
            default:
                return new(node?.ToJsonString().Length ?? 4, 1, 0);
        }
    }

    private JsonWeight With(JsonWeight inner, int more) =>
        new(Bytes + inner.Bytes + more, Nodes + inner.Nodes, Math.Max(Levels, inner.Levels + 1));
}
