namespace Rx.Kube.Tests.Checker;

/// <summary>
/// What the client does not yet withstand. A violation that an entry explains is counted and printed, and does not fail a test. Remove an
/// entry together with its defect.
/// </summary>
internal static class KnownDefects
{
    private static readonly (string Name, Func<Schedule, Violation, bool> Explains)[] _all =
    [
        ("a disposed connection leaves its watches open", (s, _) => s.Has(ActionKind.DisposeConnection)),
        ("pages without an end are read", (s, _) => s.Has(ActionKind.EndlessPages)),
        ("a date in Retry-After is compared with the client's clock", (s, v) =>
            s.Actions.Any(a => a is { Kind: ActionKind.Throttle, B: 1 }) && v.Property is "P18_Converged" or "P21_RetryAfter"),
        ("Since is the time of the failure", (_, v) => v.Property == "P16_SinceIsTheLoss"),
        ("an audit is given up when its watch ends while a difference settles", (s, v) =>
            s.BreaksContract && v.Property == "P18_Converged"),
    ];

    /// <summary>The defect that explains a violation; null if it is a new one.</summary>
    public static string? Of(Schedule schedule, Violation violation) =>
        Array.Find(_all, d => d.Explains(schedule, violation)).Name;
}
