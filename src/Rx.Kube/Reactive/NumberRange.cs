using System.Runtime.CompilerServices;

namespace Rx.Kube;

/// <summary>Checks the ranges of options that are numbers.</summary>
internal static class NumberRange
{
    /// <summary>Checks that a number is within a range, whose ends belong to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static long Within(long value, long most, long least = 1, [CallerMemberName] string name = "") =>
        value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(
                name, value, most is int.MaxValue or long.MaxValue ? $"At least {least}." : $"From {least} to {most}.");
}
