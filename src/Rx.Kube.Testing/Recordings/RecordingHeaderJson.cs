using System.Globalization;
using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>Writes and reads the first line of a recording.</summary>
internal static class RecordingHeaderJson
{
    private static readonly DateTimeOffset _latest = DateTimeOffset.MaxValue - (RecordingFormat.Longest * 3);

    private static readonly string[] _paths =
    [
        "format", "version", "resource/group", "resource/version", "resource/plural", "namespace", "service", "labelSelector",
        "fieldSelector", "server", "started", "tool", "anonymized",
    ];

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
        var facts = new JsonFacts(line, _paths);
        if (facts.Text("format") != RecordingFormat.Name)
        {
            return null;
        }

        CheckVersion(Text(facts, "version"));
        return new()
        {
            Group = Text(facts, "resource/group"),
            Version = Text(facts, "resource/version"),
            Plural = Text(facts, "resource/plural"),
            Namespace = Text(facts, "namespace"),
            Service = Text(facts, "service"),
            LabelSelector = Text(facts, "labelSelector"),
            FieldSelector = Text(facts, "fieldSelector"),
            Server = Text(facts, "server"),
            Tool = Text(facts, "tool"),
            Started = DateTimeOffset.TryParse(
                Text(facts, "started"), CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                && time <= _latest // its end, and a wait after it, are times too
                ? time : throw Wrong("started is not a time, or too late"),
            IsAnonymized = facts.IsTrue("anonymized"),
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

    private static string Text(JsonFacts facts, string path) => facts.Text(path) switch
    {
        null => throw Wrong($"{path} is not a text"),
        { Length: > RecordingFormat.MaxText } => throw Wrong($"{path} is too long"),
        var text => text,
    };

    private static RecordingException Wrong(string why) => new($"The header of the recording cannot be read: {why}.");

    private static void WriteUnlessEmpty(Utf8JsonWriter w, string name, string value)
    {
        if (value.Length > 0)
        {
            w.WriteString(name, value);
        }
    }
}
