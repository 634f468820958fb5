using System.Runtime.CompilerServices;

namespace Rx.Kube;

/// <summary>The ranges that options of time are checked against, so that no sum of them can overflow and no timer refuses them.</summary>
internal static class TimeRange
{
    /// <summary>The longest time that an option takes. Timers cannot be set for more than 49 days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Checks that a time is positive and at most <see cref="Longest"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static TimeSpan Positive(TimeSpan value, [CallerMemberName] string name = "") =>
        value > TimeSpan.Zero && value <= Longest ? value : throw OutOfRange(name, value, "must be more than 0");

    /// <summary>Checks that a time is at least another one and at most <see cref="Longest"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static TimeSpan AtLeast(TimeSpan least, TimeSpan value, [CallerMemberName] string name = "") =>
        value >= least && value <= Longest ? value : throw OutOfRange(name, value, $"must be at least {least}");

    private static ArgumentOutOfRangeException OutOfRange(string name, TimeSpan value, string least) =>
        new(name, value, $"{name} {least} and at most {Longest.TotalDays:0} day.");
}
