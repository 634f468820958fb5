using System.Globalization;

namespace Rx.Kube.Cli.CommandLine;

/// <summary>Reads durations in kubectl's notation: <c>300ms</c>, <c>5s</c>, <c>1m30s</c>, <c>2h</c>, and <c>0</c>.</summary>
internal static class Duration
{
    private static readonly (string Unit, double Milliseconds)[] _units =
        [("ms", 1), ("us", 0.001), ("µs", 0.001), ("ns", 0.000001), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];

    /// <summary>The longest duration, which is one year.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>Reads a duration.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration, at most one year; zero when the text is not a duration.</param>
    /// <returns>True if the text is a duration; otherwise, false.</returns>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        var (rest, total) = (text, 0.0);
        while (rest.Length > 0)
        {
            var digits = rest.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var unit = Array.Find(_units, u => rest.StartsWith(u.Unit, StringComparison.Ordinal));
            if (unit.Unit is null)
            {
                return false;
            }

            total += number * unit.Milliseconds;
            rest = rest[unit.Unit.Length..];
        }

        if (text.Length == 0 || total > Longest.TotalMilliseconds)
        {
            return false;
        }

        // Zero means no limit.
        duration = TimeSpan.FromTicks(Math.Max(total > 0 ? 1 : 0, TimeSpan.FromMilliseconds(total).Ticks));
        return true;
    }
}
