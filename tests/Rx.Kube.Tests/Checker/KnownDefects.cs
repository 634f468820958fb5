namespace Rx.Kube.Tests.Checker;

/// <summary>
/// What the client does not yet withstand. A violation that an entry explains is counted and printed, and does not fail a test. Remove an
/// entry together with its defect.
/// </summary>
internal static class KnownDefects
{
    private static readonly (string Name, Func<Schedule, Violation, bool> Explains)[] _all =
    [
    ];

    /// <summary>The defect that explains a violation; null if it is a new one.</summary>
    public static string? Of(Schedule schedule, Violation violation) =>
        Array.Find(_all, d => d.Explains(schedule, violation)).Name;
}
