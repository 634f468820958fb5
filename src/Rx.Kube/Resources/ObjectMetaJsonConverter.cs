using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Kube.Models;

/// <summary>
/// Reads and writes <see cref="ObjectMeta"/> with System.Text.Json, whatever the naming policy of the options. It is public for
/// source-generated contracts of types that have metadata; there is no need to use it directly.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ObjectMetaJsonConverter : JsonConverter<ObjectMeta>
{
    private const string LastChange = "endpoints.kubernetes.io/last-change-trigger-time";

    /// <inheritdoc/>
    /// <exception cref="JsonException">The value is not the metadata of an object, or has no name.</exception>
    public override ObjectMeta? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        var json = Encoding.UTF8.GetBytes(value.RootElement.GetRawText());
        var own = new Utf8JsonReader(json);
        return new ObjectMetaReader(new StringPool(slots: 16)).Read(ref own, json); // the pool lives as long as this call
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ObjectMeta value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WriteString("name", value.Name);
        WriteUnlessEmpty(writer, "namespace", value.Namespace);
        WriteUnlessEmpty(writer, "uid", value.Uid);
        WriteUnlessEmpty(writer, "resourceVersion", value.ResourceVersion);
        if (value.Labels.Count > 0)
        {
            writer.WriteStartObject("labels");
            foreach (var (name, label) in value.Labels)
            {
                writer.WriteString(name, label);
            }

            writer.WriteEndObject();
        }

        if (value.LastChangeTriggerTime is { } time)
        {
            writer.WriteStartObject("annotations");
            writer.WriteString(LastChange, Text(time));
            writer.WriteEndObject();
        }

        if (value.DeletionTimestamp is { } deletion)
        {
            writer.WriteString("deletionTimestamp", Text(deletion));
        }

        if (value.Controller is { } controller)
        {
            writer.WriteStartArray("ownerReferences");
            writer.WriteStartObject();
            writer.WriteString("kind", controller.Kind);
            writer.WriteString("name", controller.Name);
            writer.WriteString("uid", controller.Uid);
            writer.WriteBoolean("controller", true);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteUnlessEmpty(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }

    private static string Text(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
