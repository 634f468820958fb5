using System.Globalization;
using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>Writes and reads the first line of a recording.</summary>
internal static class RecordingHeaderJson
{
    public static void Write(Utf8JsonWriter w, RecordingHeader header)
    {
        w.WriteString("format", RecordingFormat.Name);
        w.WriteString("version", $"{RecordingFormat.Major}.{RecordingFormat.Minor}");
        w.WriteStartObject("resource");
        w.WriteString("group", header.Group);
        w.WriteString("version", header.Version);
        w.WriteString("plural", header.Plural);
        w.WriteEndObject();
        WriteUnlessEmpty(w, "namespace", header.Namespace);
        WriteUnlessEmpty(w, "service", header.Service);
        WriteUnlessEmpty(w, "labelSelector", header.LabelSelector);
        WriteUnlessEmpty(w, "fieldSelector", header.FieldSelector);
        WriteUnlessEmpty(w, "server", header.Server);
        w.WriteString("started", header.Started.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        WriteUnlessEmpty(w, "tool", header.Tool);
        w.WriteBoolean("anonymized", header.IsAnonymized);
    }

    /// <summary>Reads the header; null if the line is none.</summary>
    /// <exception cref="JsonException">The line is not JSON.</exception>
    /// <exception cref="RecordingException">The major version is not the one that is known, or a property has another type.</exception>
    public static RecordingHeader? Read(ReadOnlySpan<byte> line)
    {
        using var document = Parse(line);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Text(root, "format") != RecordingFormat.Name)
        {
            return null;
        }

        CheckVersion(Text(root, "version"));
        var resource = root.TryGetProperty("resource", out var its) && its.ValueKind == JsonValueKind.Object ? its : default;
        var started = Text(root, "started");
        return new()
        {
            Group = Text(resource, "group"),
            Version = Text(resource, "version"),
            Plural = Text(resource, "plural"),
            Namespace = Text(root, "namespace"),
            Service = Text(root, "service"),
            LabelSelector = Text(root, "labelSelector"),
            FieldSelector = Text(root, "fieldSelector"),
            Server = Text(root, "server"),
            Tool = Text(root, "tool"),
            Started = DateTimeOffset.TryParse(
                started, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                ? time : throw Wrong("started is not a time"),
            IsAnonymized = root.TryGetProperty("anonymized", out var flag) && flag.ValueKind == JsonValueKind.True,
        };
    }

    private static void CheckVersion(string version)
    {
        var major = version.Split('.')[0];
        if (major != RecordingFormat.Major.ToString(CultureInfo.InvariantCulture))
        {
            throw new RecordingException(int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out var newer)
                && newer > RecordingFormat.Major
                ? $"The recording has version {newer} of the format, and this program reads version {RecordingFormat.Major}. "
                    + "To fix: use a newer version of this program."
                : "The header of the recording has no valid version of the format.");
        }
    }

    private static JsonDocument Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, RecordingFormat.Reading);
        var document = JsonDocument.ParseValue(ref reader);
        if (!line[(int)reader.BytesConsumed..].TrimStart(" \t\r"u8).IsEmpty)
        {
            document.Dispose();
            throw new JsonException("something follows the header");
        }

        return document;
    }

    private static string Text(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value)
            || value.ValueKind == JsonValueKind.Null)
        {
            return "";
        }

        try
        {
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong($"{name} is not a text");
            return text.Length <= RecordingFormat.MaxText ? text : throw Wrong($"{name} is too long");
        }
        catch (InvalidOperationException e)
        {
            throw Wrong($"{name} is not valid UTF-8", e);
        }
    }

    private static RecordingException Wrong(string why, Exception? error = null) =>
        new($"The header of the recording cannot be read: {why}.", error);

    private static void WriteUnlessEmpty(Utf8JsonWriter w, string name, string value)
    {
        if (value.Length > 0)
        {
            w.WriteString(name, value);
        }
    }
}
