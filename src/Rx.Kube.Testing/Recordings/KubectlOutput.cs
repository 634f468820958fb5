using System.Collections.Immutable;
using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>
/// Reads what <c>kubectl get … -w --output-watch-events -o json</c> prints: one event after another, each over several lines. The objects
/// that are there at the start come as ADDED, so the first ADDED events are the list. There are no times: the events are a second apart.
/// </summary>
internal static class KubectlOutput
{
    private static readonly TimeSpan _apart = TimeSpan.FromSeconds(1);

    /// <summary>Reads the events. A torn last one is ignored.</summary>
    /// <exception cref="RecordingException">The text is something else.</exception>
    public static Recording Parse(ReadOnlyMemory<byte> content, WireLimits limits)
    {
        var (items, lines, warnings) = (ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(), new List<RecordedLine>(), new List<string>());
        var (listVersion, header, number) = ("", new RecordingHeader(), 0);
        try
        {
            while (Next(ref content, limits) is var (type, its))
            {
                number++;
                var at = _apart * (lines.Count + 1);
                switch (type)
                {
                    case RecordingFormat.Added when lines.Count == 0:
                        var version = RecordedLineReader.Change(at, type, its, null).Version;
                        listVersion = IsNewer(version, listVersion) ? version : listVersion;
                        header = items.Count == 0 ? KubectlHeader.Of(its.Span) : KubectlHeader.Both(header, KubectlHeader.Of(its.Span));
                        items.Add(its);
                        break;
                    case RecordingFormat.Added or RecordingFormat.Modified or RecordingFormat.Deleted:
                        lines.Add(RecordedLineReader.Change(at, type, its, null));
                        header = header.Plural.Length == 0 ? KubectlHeader.Of(its.Span)
                            : KubectlHeader.Both(header, KubectlHeader.Of(its.Span));
                        break;
                    case RecordingFormat.Bookmark when RawMetadata.Read(its.Span) is { ResourceVersion.Length: > 0 } read:
                        lines.Add(new RecordedLine.Bookmark(at, read.ResourceVersion, read.EndsInitialEvents));
                        break;
                    case RecordingFormat.Error:
                        lines.Add(new RecordedLine.Failed(at, RecordedErrors.OfStatus(its.Span)));
                        break;
                }
            }
        }
        catch (JsonException e) when (number == 0)
        {
            throw new RecordingException(
                "This is neither a recording nor what 'kubectl get NAME -w --output-watch-events -o json' prints: "
                + SafeText.Of(e.Message, 300), e);
        }
        catch (JsonException e)
        {
            warnings.Add($"what follows event {number} cannot be read, and is ignored: {SafeText.Of(e.Message, 300)}");
        }

        // Without an object at the start, the version of the list is not known; no version of an event is "1" in a real cluster.
        lines.Insert(0, new RecordedLine.List(
            TimeSpan.Zero, listVersion.Length > 0 ? listVersion : "1", items.DrainToImmutable(), [], Continuity.First));
        return new(header with { Tool = "kubectl", Started = DateTimeOffset.UnixEpoch }, [.. lines], [.. warnings], limits);
    }

    /// <summary>Reads the first event, and removes it; null at the end.</summary>
    private static (string Type, ReadOnlyMemory<byte> Object)? Next(ref ReadOnlyMemory<byte> content, WireLimits limits)
    {
        if (content.Span.TrimStart(" \t\r\n"u8).IsEmpty)
        {
            return null;
        }

        var reader = new Utf8JsonReader(content.Span, RecordingFormat.Reading with { AllowMultipleValues = true });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("it is not an object");
        }

        var (type, its) = ((string?)null, (ReadOnlyMemory<byte>?)null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isType, isObject) = (JsonText.Is(reader, "type"u8), JsonText.Is(reader, "object"u8));
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            type = isType && reader.TokenType == JsonTokenType.String ? JsonText.Of(reader) : type;
            reader.Skip();
            its = isObject ? content[start..(int)reader.BytesConsumed] : its;
        }

        content = content[(int)reader.BytesConsumed..];
        return type is null || its is null
            ? throw new JsonException("it is not an event. To fix: record with --output-watch-events")
            : its.Value.Length > limits.MaxObjectBytes
            ? throw new JsonException($"an object is longer than {limits.MaxObjectBytes} bytes")
            : (type, its.Value);
    }

    private static bool IsNewer(string version, string than) =>
        version.Length != than.Length ? version.Length > than.Length : string.CompareOrdinal(version, than) > 0;
}
