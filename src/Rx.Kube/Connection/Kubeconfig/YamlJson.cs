using System.Text.Json;

namespace Rx.Kube;

/// <summary>Writes YAML as the JSON that kubectl makes of it. Depth and expanded size were checked when the YAML was read.</summary>
internal static class YamlJson
{
    public static void Write(Utf8JsonWriter json, YamlNode node)
    {
        switch (node)
        {
            case YamlMapping mapping:
                json.WriteStartObject();
                foreach (var (key, value) in mapping.Children)
                {
                    json.WritePropertyName(key);
                    Write(json, value);
                }

                json.WriteEndObject();
                break;
            case YamlSequence sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case YamlScalar { IsNull: true }:
                json.WriteNullValue();
                break;
            case YamlScalar { Flag: { } flag }:
                json.WriteBooleanValue(flag);
                break;
            case YamlScalar { Integer: { } integer }:
                json.WriteNumberValue(integer);
                break;
            case YamlScalar { Real: { } real }:
                json.WriteNumberValue(real);
                break;
            case YamlScalar scalar:
                json.WriteStringValue(scalar.Text);
                break;
        }
    }
}
