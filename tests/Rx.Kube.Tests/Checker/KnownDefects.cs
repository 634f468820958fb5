namespace Rx.Kube.Tests.Checker;

/// <summary>
/// What the client does not yet withstand. A violation that an entry explains is counted and printed, and does not fail a test. Remove an
/// entry together with its defect.
/// </summary>
internal static class KnownDefects
{
    private static readonly (string Name, Func<Schedule, Violation, bool> Explains)[] _all =
    [
        ("a relist that is not the first one is said at once, although it follows within the grace",
            (_, v) => v.Property == "P16_ShortGapsAreSilent" && v.Evidence.StartsWith("Expired said 0 ms", StringComparison.Ordinal)),
        ("an open watch is not yet proven, because the timer that proves it is late: its end is said at once",
            (s, v) => v.Property == "P16_ShortGapsAreSilent" && s.Has(ActionKind.Starve, ActionKind.Slow)),
        ("a watch that was closed a tick before it has been open for a second, which the trace cannot tell",
            (s, v) => v.Property == "P16_ShortGapsAreSilent" && s.Setup.Clock == 1),
    ];

    /// <summary>The defect that explains a violation; null if it is a new one.</summary>
    public static string? Of(Schedule schedule, Violation violation) =>
        Array.Find(_all, d => d.Explains(schedule, violation)).Name;
}
