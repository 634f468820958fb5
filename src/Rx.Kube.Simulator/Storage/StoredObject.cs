using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Storage;

/// <summary>One version of one object: its canonical JSON and the fields that selectors use. Immutable.</summary>
internal sealed class StoredObject
{
    internal StoredObject(ResourceType type, JsonObject canonical)
    {
        var meta = canonical["metadata"]!.AsObject();
        Type = type;
        Namespace = (string?)meta["namespace"] ?? "";
        Name = (string?)meta["name"] ?? "";
        Uid = (string?)meta["uid"] ?? "";
        Version = long.TryParse((string?)meta["resourceVersion"], out var v) ? v : 0;
        Labels = meta["labels"] is JsonObject labels
            ? labels.ToFrozenDictionary(l => l.Key, l => (string?)l.Value ?? "", StringComparer.Ordinal)
            : FrozenDictionary<string, string>.Empty;
        Utf8 = Json.Bytes(canonical);
    }

    internal ResourceType Type { get; }

    internal string Namespace { get; }

    internal string Name { get; }

    internal string Uid { get; }

    internal long Version { get; }

    internal FrozenDictionary<string, string> Labels { get; }

    /// <summary>The object as JSON, <c>kind</c> and <c>apiVersion</c> first.</summary>
    internal byte[] Utf8 { get; }

    /// <summary>The order of lists, as in etcd: namespace, then name, byte by byte.</summary>
    internal string Key => KeyOf(Namespace, Name);

    internal static string KeyOf(string ns, string name) => ns.Length == 0 ? name : $"{ns}/{name}";

    /// <summary>Returns a copy that may be changed.</summary>
    internal JsonObject ToJson() => JsonNode.Parse(Utf8, documentOptions: Json.ReadingStored)!.AsObject();

    /// <summary>Writes the object without some of its properties.</summary>
    /// <param name="writer">Writes the JSON.</param>
    /// <param name="asItem">Whether it is an item of a list, without <c>kind</c> and <c>apiVersion</c>.</param>
    /// <param name="dropsManagedFields">Whether it has no <c>metadata.managedFields</c>.</param>
    internal void Write(Utf8JsonWriter writer, bool asItem, bool dropsManagedFields)
    {
        if (!asItem && !dropsManagedFields)
        {
            writer.WriteRawValue(Utf8, skipInputValidation: true);
            return;
        }
        using var document = JsonDocument.Parse(Utf8, Json.ReadingStored);
        writer.WriteStartObject();
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (asItem && (property.NameEquals("kind") || property.NameEquals("apiVersion"))) continue;
            if (dropsManagedFields && property.NameEquals("metadata")) WriteMetadata(writer, property.Value);
            else property.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    /// <summary>The same state with another version, for a deletion event.</summary>
    internal StoredObject At(long version)
    {
        var json = ToJson();
        json["metadata"]!["resourceVersion"] = Json.Version(version);
        return new(Type, json);
    }

    private static void WriteMetadata(Utf8JsonWriter writer, JsonElement metadata)
    {
        writer.WriteStartObject("metadata");
        foreach (var property in metadata.EnumerateObject())
        {
            if (!property.NameEquals("managedFields")) property.WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}
