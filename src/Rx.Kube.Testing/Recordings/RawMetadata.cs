using System.Text.Json;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>What identifies an object of any kind. Each part is empty where it is absent, or not a text.</summary>
internal readonly record struct RawMetadata(string Namespace, string Name, string Uid, string ResourceVersion)
{
    private const string InitialEventsEnd = "k8s.io/initial-events-end";

    /// <summary>Gets whether the annotation is there that ends the initial events of a streaming list.</summary>
    public bool EndsInitialEvents { get; private init; }

    /// <summary>Gets the token of the next page; empty if this is no list, or its last page.</summary>
    public string Continue { get; private init; } = "";

    public ObjectMeta ToModel() => new() { Name = Name, Namespace = Namespace, Uid = Uid, ResourceVersion = ResourceVersion };

    /// <summary>Reads a whole object.</summary>
    /// <exception cref="JsonException">It is not JSON, not an object, nested too deeply, or something follows it.</exception>
    public static RawMetadata Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, RecordingFormat.Reading);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("it is not an object");
        }

        var metadata = new RawMetadata("", "", "", "") { Continue = "" };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = JsonText.Is(reader, "metadata"u8);
            reader.Read();
            if (isMetadata && reader.TokenType == JsonTokenType.StartObject)
            {
                metadata = Properties(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return reader.Read() ? throw new JsonException("something follows the object") : metadata;
    }

    private static RawMetadata Properties(ref Utf8JsonReader reader)
    {
        string @namespace = "", name = "", uid = "", version = "", next = "";
        var ends = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonText.Is(reader, "namespace"u8))
            {
                @namespace = Text(ref reader);
            }
            else if (JsonText.Is(reader, "name"u8))
            {
                name = Text(ref reader);
            }
            else if (JsonText.Is(reader, "uid"u8))
            {
                uid = Text(ref reader);
            }
            else if (JsonText.Is(reader, "resourceVersion"u8))
            {
                version = Text(ref reader);
            }
            else if (JsonText.Is(reader, "continue"u8))
            {
                next = Text(ref reader);
            }
            else if (JsonText.Is(reader, "annotations"u8))
            {
                ends = HasEnd(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new(@namespace, name, uid, version) { Continue = next, EndsInitialEvents = ends };
    }

    private static bool HasEnd(ref Utf8JsonReader reader)
    {
        reader.Read();
        var ends = false;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isEnd = JsonText.Of(reader) == InitialEventsEnd;
                ends |= Text(ref reader) == "true" && isEnd;
            }
        }
        else
        {
            reader.Skip();
        }

        return ends;
    }

    /// <summary>Reads on and returns a text; empty for another value.</summary>
    private static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return JsonText.Of(reader) ?? "";
        }

        reader.Skip();
        return "";
    }
}
