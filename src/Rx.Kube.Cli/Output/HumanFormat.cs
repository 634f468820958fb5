using System.Globalization;

namespace Rx.Kube.Cli.Output;

/// <summary>Formats durations and counts as kubectl does.</summary>
internal static class HumanFormat
{
    /// <summary>Formats a duration in at most two units: <c>7s</c>, <c>1m5s</c>, <c>2h3m</c>, <c>4d1h</c>.</summary>
    /// <param name="span">The duration; a negative one counts as zero.</param>
    /// <returns>The text.</returns>
    public static string Span(TimeSpan span)
    {
        var seconds = Math.Max(0, (long)span.TotalSeconds);
        return seconds switch
        {
            < 60 => Text($"{seconds}s"),
            < 3600 => Two(seconds / 60, "m", seconds % 60, "s"),
            < 86400 => Two(seconds / 3600, "h", seconds / 60 % 60, "m"),
            _ => Two(seconds / 86400, "d", seconds / 3600 % 24, "h"),
        };
    }

    /// <summary>Formats a wait, in tenths below ten seconds: <c>now</c>, <c>in 0.8s</c>, <c>in 12s</c>.</summary>
    /// <param name="wait">The wait.</param>
    /// <returns>The text.</returns>
    public static string Wait(TimeSpan wait) =>
        wait <= TimeSpan.Zero ? "now"
        : wait < TimeSpan.FromSeconds(10) ? Text($"in {Math.Ceiling(wait.TotalSeconds * 10) / 10:0.0}s")
        : "in " + Span(wait);

    /// <summary>Formats a number and its noun: <c>1 endpoint</c>, <c>2 endpoints</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="noun">The noun, singular.</param>
    /// <returns>The text.</returns>
    public static string Count(int count, string noun) => Text($"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Two(long big, string bigUnit, long small, string smallUnit) =>
        small == 0 ? Text($"{big}{bigUnit}") : Text($"{big}{bigUnit}{small}{smallUnit}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
