namespace Rx.Kube.Tests.Checker;

/// <summary>The bounds of time that a schedule allows, in milliseconds, with the options of <see cref="CheckedClient.Options"/>.</summary>
internal static class Liveness
{
    /// <summary>How long a gap may last before it is said.</summary>
    public const int Grace = 1_000;

    /// <summary>The longest wait between attempts: 5 s and as much jitter, and the time over which clients are spread.</summary>
    public const int Wait = 10_000 + 1_500;

    /// <summary>The longest wait between attempts: 5 s and as much jitter; and what an attempt takes.</summary>
    public const int Backoff = 10_000 + 2_000 + 3_500;

    /// <summary>How long a dead connection may go undetected: the longest life of a watch, and the client's grace on top.</summary>
    public const int Silence = 60_000 + 30_000 + 2_000;

    /// <summary>How long a server that breaks its contract may go undetected.</summary>
    public const int Audit = 45_000 + 10_000 + 5_000;

    /// <summary>The silence timeout, and what it takes.</summary>
    public const int KnownSilence = 35_000 + 2_000;

    /// <summary>How long a watch may be unanswered after a list.</summary>
    public const int LateAnswer = 30_000;

    /// <summary>How long after the last fault all clients have the server's state.</summary>
    public static long Bound(Schedule schedule)
    {
        var asked = schedule.Actions.Any(a => a is { Kind: ActionKind.Throttle, B: 5 or 7 }) ? 600_000
            : schedule.Has(ActionKind.Throttle, ActionKind.ServerError) ? 5_000 + 2_000 : 0;
        return Backoff + asked + (schedule.BreaksContract ? Audit : 0)
            + (schedule.Actions.Any(a => ActionTable.Of[a.Kind].IsSilent) ? Silence : 0)
            + (schedule.Setup is { Streaming: 2, Selection: not 1 } ? 62_000 : 0)
            + (schedule.Has(ActionKind.Slow, ActionKind.Starve) ? 10_000 : 0);
    }

    public static long Horizon(Schedule schedule) => schedule.Quiet + Bound(schedule);
}
