using System.Runtime.CompilerServices;

namespace Rx.Kube;

/// <summary>Checks the ranges of time options, so that no sum of them overflows and no timer rejects them.</summary>
internal static class TimeRange
{
    /// <summary>The longest time that an option accepts. Timers accept at most 49 days.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Checks that a time is positive and at most <see cref="Longest"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of range.</exception>
    public static TimeSpan Positive(TimeSpan value, [CallerMemberName] string name = "") =>
        value > TimeSpan.Zero && value <= Longest ? value : throw OutOfRange(name, value, "must be more than 0");

    /// <summary>Checks that a time is at least another one and at most <see cref="Longest"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is out of range.</exception>
    public static TimeSpan AtLeast(TimeSpan least, TimeSpan value, [CallerMemberName] string name = "") =>
        value >= least && value <= Longest ? value : throw OutOfRange(name, value, $"must be at least {least}");

    private static ArgumentOutOfRangeException OutOfRange(string name, TimeSpan value, string least) =>
        new(name, value, $"{name} {least} and at most {Longest.TotalDays:0} day.");
}
