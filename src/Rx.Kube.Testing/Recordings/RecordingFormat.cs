using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>The names and numbers of the format. Specification: docs/recordings.md.</summary>
internal static class RecordingFormat
{
    public const string Name = "rxkube-recording";
    public const int Major = 1;
    public const int Minor = 0;

    /// <summary>The depth of a line. An object that is nested deeper is recorded as skipped; a decoder accepts 64 levels.</summary>
    public const int MaxDepth = 128;

    /// <summary>What a line may have around its object, in bytes.</summary>
    public const int MaxEnvelope = 64 * 1024;

    /// <summary>The size after which a page of a list ends, in bytes.</summary>
    public const int PageSize = 1 << 20;

    /// <summary>The longest text that is not part of an object, in characters.</summary>
    public const int MaxText = 8 * 1024;

    public const string List = "LIST";
    public const string Added = "ADDED";
    public const string Modified = "MODIFIED";
    public const string Deleted = "DELETED";
    public const string Bookmark = "BOOKMARK";
    public const string Error = "ERROR";
    public const string Skipped = "SKIPPED";
    public const string Opened = "OPENED";
    public const string Closed = "CLOSED";
    public const string Gap = "GAP";
    public const string Resumed = "RESUMED";
    public const string Mark = "MARK";
    public const string Failed = "FAILED";
    public const string End = "END";

    public static readonly JsonReaderOptions Reading = new() { MaxDepth = MaxDepth };

    /// <summary>The longest recording, and the longest wait in one.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>Gets a time in seconds, exact to 100 ns.</summary>
    public static decimal Seconds(TimeSpan time) => time.Ticks / (decimal)TimeSpan.TicksPerSecond;

    /// <summary>Reads a time in seconds.</summary>
    /// <exception cref="JsonException">It is not a number, or out of range.</exception>
    public static TimeSpan Time(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var seconds)
            || Math.Abs(seconds) > (decimal)Longest.TotalSeconds)
        {
            throw new JsonException($"a time is not a number of seconds of at most {Longest.TotalDays} days");
        }

        return TimeSpan.FromTicks((long)decimal.Round(seconds * TimeSpan.TicksPerSecond));
    }
}
