using System.Collections.Immutable;
using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>Reads one line of a recording after the header.</summary>
internal ref struct RecordedLineReader
{
    private const int MaxVersion = 4096; // as in Rx.Kube, WireLimits.LongestVersion
    private const int MaxName = 253; // source: apimachinery util/validation, DNS1123SubdomainMaxLength
    private readonly WireLimits _limits;
    private TimeSpan _at;
    private string _type = "";
    private ReadOnlyMemory<byte>? _object;
    private string? _version;
    private string _cause = "";
    private string _text = "";
    private Continuity _continuity;
    private TimeSpan? _since;
    private TimeSpan? _failed;
    private TimeSpan _retryAfter;
    private int _attempts = 1;
    private bool _isDeletion;
    private ImmutableArray<SkippedObject> _skipped = [];

    private RecordedLineReader(TimeSpan last, WireLimits limits) => (_at, _limits) = (last, limits);

    /// <summary>A page of a list.</summary>
    public sealed record Page(
        TimeSpan At, string Version, ImmutableArray<ReadOnlyMemory<byte>> Items, bool IsLast, ImmutableArray<SkippedObject> Skipped,
        Continuity Continuity);

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="last">The time of the line before, which is the time of a line that has none.</param>
    /// <param name="limits">The limits.</param>
    /// <returns>The line, or a page, or an unknown type.</returns>
    /// <exception cref="JsonException">It is not JSON, or not a line of a recording.</exception>
    public static (RecordedLine? Line, Page? List, string? Unknown) Read(ReadOnlyMemory<byte> line, TimeSpan last, WireLimits limits)
    {
        var read = new RecordedLineReader(last, limits);
        read.Properties(line);
        if (read._at < last)
        {
            throw new JsonException("its time is earlier than in the line before");
        }

        return read.Result();
    }

    /// <summary>Reads a change as Kubernetes sends it.</summary>
    public static RecordedLine.Change Change(TimeSpan at, string type, ReadOnlyMemory<byte> its, string? version)
    {
        version ??= RawMetadata.Read(its.Span).ResourceVersion;
        return new(at, type, its, Checked(version));
    }

    private void Properties(ReadOnlyMemory<byte> line)
    {
        var reader = new Utf8JsonReader(line.Span, RecordingFormat.Reading);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("it is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Of(reader);
            reader.Read();
            Property(name, ref reader, line);
        }

        if (reader.Read())
        {
            throw new JsonException("something follows the object");
        }
    }

    private void Property(string? name, ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        switch (name)
        {
            case "at":
                _at = RecordingFormat.Time(ref reader);
                break;
            case "type":
                _type = Text(reader, MaxName);
                break;
            case "object":
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                _object = line[start..(int)reader.BytesConsumed];
                break;
            case "resourceVersion":
                _version = Text(reader, MaxVersion);
                break;
            case "cause":
                _cause = Text(reader, MaxName);
                break;
            case "message" or "text" or "reason":
                _text = Text(reader, RecordingFormat.MaxText);
                break;
            case "continuity":
                // A value of a newer minor version is not known, as for a list after a gap.
                _continuity = Enum.TryParse<Continuity>(Text(reader, MaxName), out var continuity) && Enum.IsDefined(continuity)
                    ? continuity : Continuity.Relisted;
                break;
            case "since":
                _since = RecordingFormat.Time(ref reader);
                break;
            case "failed":
                _failed = RecordingFormat.Time(ref reader);
                break;
            case "retryAfter":
                _retryAfter = RecordingFormat.Time(ref reader) is var wait && wait >= TimeSpan.Zero ? wait : TimeSpan.Zero;
                break;
            case "attempts":
                _attempts = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var attempts) ? Math.Max(0, attempts)
                    : throw new JsonException("attempts is not a number");
                break;
            case "deletion":
                _isDeletion = reader.TokenType == JsonTokenType.True;
                reader.Skip();
                break;
            case "skipped" when reader.TokenType == JsonTokenType.StartArray:
                Skipped(ref reader, line);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void Skipped(ref Utf8JsonReader reader, ReadOnlyMemory<byte> line)
    {
        var skipped = ImmutableArray.CreateBuilder<SkippedObject>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var one = new RecordedLineReader(_at, _limits);
            one.Properties(line[start..(int)reader.BytesConsumed]);
            skipped.Add(one.SkippedObject());
            if (skipped.Count > _limits.MaxItems)
            {
                throw new JsonException("it has too many skipped objects");
            }
        }

        _skipped = skipped.DrainToImmutable();
    }

    private readonly (RecordedLine? Line, Page? List, string? Unknown) Result() => _type switch
    {
        RecordingFormat.List => (null, List(), null),
        RecordingFormat.Added or RecordingFormat.Modified or RecordingFormat.Deleted =>
            (Change(_at, _type, Object(), _version), null, null),
        RecordingFormat.Bookmark when RawMetadata.Read(Object().Span) is var read =>
            (new RecordedLine.Bookmark(_at, Checked(_version ?? read.ResourceVersion), read.EndsInitialEvents), null, null),
        RecordingFormat.Skipped => (new RecordedLine.Skipped(
            _at, SkippedObject(), Checked(_version ?? SkippedObject().ResourceVersion), _isDeletion), null, null),
        RecordingFormat.Opened => (new RecordedLine.Opened(_at), null, null),
        RecordingFormat.Closed => (new RecordedLine.End(_at, IsCompletion: true), null, null),
        RecordingFormat.End => (new RecordedLine.End(_at, IsCompletion: false), null, null),
        RecordingFormat.Resumed => (new RecordedLine.Resumed(_at), null, null),
        RecordingFormat.Mark => (new RecordedLine.Mark(_at, _text), null, null),
        RecordingFormat.Gap => (Gap(), null, null),
        RecordingFormat.Error => (new RecordedLine.Failed(_at, RecordedErrors.OfStatus(Object().Span)), null, null),
        RecordingFormat.Failed => (new RecordedLine.Failed(_at, RecordedErrors.Of(_text)), null, null),
        _ => (null, null, SafeText.Of(_type, 40)),
    };

    private readonly RecordedLine.Gap Gap()
    {
        // A cause of a newer minor version is not known; the message tells it.
        var cause = Enum.TryParse<InterruptionKind>(_cause, out var kind) && Enum.IsDefined(kind) ? kind : InterruptionKind.Unreachable;
        return new(_at, cause, _text, _since ?? _at, _failed ?? _since ?? _at, _retryAfter, _attempts);
    }

    private readonly ReadOnlyMemory<byte> Object() => _object ?? throw new JsonException("it has no object");

    private readonly SkippedObject SkippedObject()
    {
        var its = RawMetadata.Read(Object().Span);
        return new(Cut(its.Namespace, MaxName), Cut(its.Name, MaxName), Cut(its.ResourceVersion, MaxVersion), _text);
    }

    private readonly Page List()
    {
        var whole = Object();
        var metadata = RawMetadata.Read(whole.Span);
        var reader = new Utf8JsonReader(whole.Span, RecordingFormat.Reading);
        var items = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isItems = JsonText.Is(reader, "items"u8);
            reader.Read();
            if (!isItems || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                items.Add(whole[start..(int)reader.BytesConsumed]);
            }
        }

        return items.Count > _limits.MaxItems
            ? throw new JsonException($"the list has more than {_limits.MaxItems} objects")
            : new(
                _at, Checked(_version ?? metadata.ResourceVersion), items.DrainToImmutable(), metadata.Continue.Length == 0, _skipped,
                _continuity);
    }

    // The same rule as for a server: Rx.Kube, ResourceVersion.Checked.
    private static string Checked(string version) =>
        version.Length is > 0 and <= MaxVersion && version != "0" && !version.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? version
            : throw new JsonException("its resourceVersion is missing, or is none");

    private static string Text(in Utf8JsonReader reader, int max) =>
        reader.TokenType == JsonTokenType.String && JsonText.Of(reader) is { } text && text.Length <= max
            ? text
            : throw new JsonException($"a text is not one, or has more than {max} characters");

    private static string Cut(string text, int max) => text.Length <= max ? text : text[..max];
}
