namespace Rx.Kube;

/// <summary>The next request.</summary>
internal enum RequestKind
{
    List,
    StreamingList,
    Watch,
}

/// <summary>What a resumed stream knows between two attempts. Immutable.</summary>
internal sealed record ResumeState
{
    /// <summary>The next request.</summary>
    public required RequestKind Next { get; init; }

    /// <summary>The version reached: where a watch starts.</summary>
    public string Version { get; init; } = "";

    /// <summary>The version that the next list must have reached; null for the most recent state.</summary>
    public string? NotOlderThan { get; init; }

    /// <summary>Whether a complete list has arrived.</summary>
    public bool HasListed { get; init; }

    /// <summary>Whether a watch has ended before, with or without an answer; after that no refusal fails the stream.</summary>
    public bool WatchTried { get; init; }

    /// <summary>Whether lists are streamed until the server refuses.</summary>
    public bool StreamsLists { get; init; }

    /// <summary>Failed attempts in a row.</summary>
    public int Failures { get; init; }

    /// <summary>When the wait after the last failure or expiry was over.</summary>
    public TimeSpan? FailureOver { get; init; }

    /// <summary>Watches from <see cref="Version"/> in a row that the server failed: with a 5xx, or as soon as they were open.</summary>
    public int FailuresAtVersion { get; init; }

    /// <summary>Relists in a row after expiries and errors, without a watch in between that lived and moved.</summary>
    public int Expiries { get; init; }

    /// <summary>Whether the last watch was closed as soon as it was open.</summary>
    public bool WasInstant { get; init; }

    /// <summary>The state after a complete list: a watch from its version is next.</summary>
    /// <param name="version">The version of the list.</param>
    /// <param name="isStreamed">Whether it was the first part of a watch.</param>
    public ResumeState After(string version, bool isStreamed) => this with
    {
        Next = RequestKind.Watch,
        Version = version,
        NotOlderThan = null,
        HasListed = true,
        WatchTried = WatchTried || isStreamed,
        FailuresAtVersion = 0,
    };
}

/// <summary>An attempt that has ended.</summary>
/// <param name="Request">The request.</param>
/// <param name="End">What ended it.</param>
/// <param name="EndedAt">When, on the stopwatch of the stream.</param>
/// <param name="Life">How long the request lived.</param>
/// <param name="OpenFor">How long the watch was open; null if the server never accepted it.</param>
/// <param name="Heard">Whether an event arrived.</param>
/// <param name="Moved">Whether the version reached has changed.</param>
/// <param name="IsDue">Whether the watch has reached the lifetime that was requested for it.</param>
internal sealed record Attempt(
    RequestKind Request, AttemptEnd End, TimeSpan EndedAt, TimeSpan Life, TimeSpan? OpenFor = null, bool Heard = false, bool Moved = false,
    bool IsDue = false);

/// <summary>What follows an attempt.</summary>
/// <param name="State">The next state, with the next request.</param>
/// <param name="Wait">How long until that request.</param>
/// <param name="IsRefusal">Whether the interruption is reported at once; otherwise only if the gap outlasts the grace.</param>
/// <param name="Fails">Whether the stream ends with the error of the attempt.</param>
internal sealed record Decision(ResumeState State, TimeSpan Wait, bool IsRefusal = false, bool Fails = false);

/// <summary>
/// What a resumed stream does when an attempt ends. Pure: one switch, which reads like the table in <see cref="KubeObservable.Resume"/>.
/// </summary>
/// <param name="options">The waits: after failures, after refusals, and those that a server asks for.</param>
/// <param name="rules">The safeguards.</param>
internal sealed class ResumePolicy(ResumeOptions options, ResumeRules rules)
{
    /// <summary>Decides what follows an attempt.</summary>
    /// <param name="before">The state before the attempt, with the version that the attempt reached.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="random">A random number in [0, 1), for the wait.</param>
    public Decision Decide(ResumeState before, Attempt attempt, double random)
    {
        var state = Learn(before, attempt);
        return attempt.End.Kind switch
        {
            EndKind.Disposed => Fail(state),
            EndKind.Refused when CanList(attempt) =>
                new(state with { StreamsLists = false, Next = RequestKind.List }, Asked(attempt, random)),
            EndKind.Refused when options.RefusalBackoff is null && IsFirst(before, attempt) => Fail(state),
            EndKind.Closed or EndKind.Silent or EndKind.Overdue or EndKind.Broken when IsLivedWatch(before, attempt) =>
                new(state with { Next = RequestKind.Watch }, ResumeJitter(attempt, random)),
            EndKind.Expired => Relist(state, attempt, Known(state), random),
            EndKind.WentBack or EndKind.Diverged => Relist(state, attempt, notOlderThan: null, random),
            EndKind.TooLarge when rules.FallsBackToMostRecent => Relist(state, attempt, notOlderThan: null, random),
            EndKind.Protocol when rules.ListsAfterStreamErrors => ListAfterError(state, attempt, random),
            EndKind.Failed or EndKind.Closed or EndKind.Broken when state.FailuresAtVersion >= rules.FailuresBeforeRelist =>
                Wait(List(state, attempt), attempt, random),
            _ => Wait(state, attempt, random),
        };
    }

    private ResumeState Learn(ResumeState before, Attempt attempt)
    {
        var isWatch = attempt.Request == RequestKind.Watch;
        var lived = IsLivedWatch(before, attempt);
        var failedAtVersion = isWatch &&
            (attempt.End.Kind == EndKind.Failed || (attempt.End.Kind is EndKind.Closed or EndKind.Broken && attempt.OpenFor is not null));
        var isLongAgo = rules.WaitsStartOver && attempt.EndedAt - before.FailureOver >= options.Backoff.ResetAfter;
        return before with
        {
            WatchTried = before.WatchTried || (isWatch && rules.FailsOnlyAtFirst),
            Failures = isLongAgo || (lived && rules.WaitsStartOver) ? 0 : before.Failures,
            FailuresAtVersion = attempt.Moved || lived ? 0 : before.FailuresAtVersion + (failedAtVersion ? 1 : 0),
            Expiries = isLongAgo || (attempt.Moved && attempt.Life >= rules.ExpiryForgottenAfter) ? 0 : before.Expiries,
            WasInstant = isWatch && attempt.OpenFor is { } open ? open < rules.InstantClose : before.WasInstant,
        };
    }

    // Only the answers to the first list and to the very first watch show a mistake that waiting does not fix.
    private bool IsFirst(ResumeState before, Attempt attempt) => attempt.Request == RequestKind.Watch
        ? !before.WatchTried || !rules.FailsOnlyAtFirst
        : !before.HasListed;

    // A server without streaming lists refuses the option, not the client.
    private static bool CanList(Attempt attempt) =>
        attempt.Request == RequestKind.StreamingList && attempt.End.Cause == InterruptionKind.Protocol;

    // A watch that sent something and closed at once is allowed once; a server that does it again is broken or overloaded, unless the
    // answer took its time: a proxy that buffers delivers a watch as a whole, at its end. A streaming list that ends before its last
    // initial event has reached no version from which a watch could start.
    private bool IsLivedWatch(ResumeState before, Attempt attempt) =>
        attempt.Request == RequestKind.Watch && attempt.OpenFor is { } open &&
        (!rules.CountsInstantCloses || open >= rules.InstantClose ||
            (attempt.Heard && (!before.WasInstant || attempt.Life >= rules.InstantClose)));

    private Decision Relist(ResumeState state, Attempt attempt, string? notOlderThan, double random)
    {
        // The list that follows a list that could not answer is a part of the same relist.
        var isSecondStep = attempt.Request != RequestKind.Watch && state.NotOlderThan is not null;
        var isRepeated = rules.RepeatedExpiryBacksOff && !isSecondStep && state.Expiries > 0;
        var next = state with
        {
            Next = ListKind(state),
            NotOlderThan = attempt.Request == RequestKind.Watch ? notOlderThan : null,
            Expiries = state.Expiries + (isSecondStep ? 0 : 1),
        };
        if (!rules.ListsAfterExpiry && attempt.Request == RequestKind.Watch)
        {
            next = state;
        }

        var spread = isSecondStep || !rules.Spreads ? TimeSpan.Zero : rules.Spread * random;
        return isRepeated
            ? Wait(next, attempt, random, failures: state.Expiries - 1)
            : AtOnce(next, attempt, wait: Longer(spread, Asked(attempt, random)));
    }

    // A server that opens a watch and then reports the same error again and again costs a list each time, however long the watch lived.
    private Decision ListAfterError(ResumeState state, Attempt attempt, double random) => Wait(
        List(state, attempt) with { Expiries = state.Expiries + 1, Failures = Math.Max(state.Failures, state.Expiries) }, attempt, random);

    private ResumeState List(ResumeState state, Attempt attempt) => state with
    {
        Next = ListKind(state),
        NotOlderThan = attempt.Request == RequestKind.Watch ? Known(state) : null,
        FailuresAtVersion = 0,
    };

    private string? Known(ResumeState state) => rules.RelistsNotOlder && state.HasListed ? state.Version : null;

    private static RequestKind ListKind(ResumeState state) => state.StreamsLists ? RequestKind.StreamingList : RequestKind.List;

    private static Decision Fail(ResumeState state) => new(state, TimeSpan.Zero, Fails: true);

    private static Decision AtOnce(ResumeState state, Attempt attempt, TimeSpan wait) =>
        new(state with { FailureOver = attempt.EndedAt + wait }, wait);

    // With a number of failures, the wait is that after so many, and this one does not count: a repeated expiry is no failed request.
    private Decision Wait(ResumeState state, Attempt attempt, double random, int? failures = null)
    {
        var waits = attempt.End.Kind == EndKind.Refused ? options.RefusalBackoff ?? options.Backoff : options.Backoff;
        var wait = Longer(waits.Delay(rules.WaitsGrow ? failures ?? state.Failures : 0, random), Asked(attempt, random));
        var next = state with { Failures = state.Failures + (failures is null ? 1 : 0), FailureOver = attempt.EndedAt + wait };
        if (next.Next == RequestKind.StreamingList &&
            (next.Failures >= rules.FailuresBeforePlainLists ||
                (attempt.Request == RequestKind.StreamingList && attempt.Life >= rules.StreamingListPause)))
        {
            next = next with { Next = RequestKind.List, StreamsLists = false };
        }

        return new(next, wait, IsRefusal: attempt.End.Kind == EndKind.Refused);
    }

    private TimeSpan Asked(Attempt attempt, double random)
    {
        if (attempt.End.RetryAfter is not { } asked || !rules.HonoursRetryAfter)
        {
            return TimeSpan.Zero;
        }

        return (asked < options.MaxRetryAfter ? asked : options.MaxRetryAfter) + (rules.Spreads ? rules.Spread * random : TimeSpan.Zero);
    }

    // The lifetimes that are requested are random already, and so is the time until a watch counts as silent. A break has another cause,
    // which many clients may share, even after the requested lifetime.
    private TimeSpan ResumeJitter(Attempt attempt, double random) =>
        (attempt.IsDue && attempt.End.Kind != EndKind.Broken) || attempt.End.Kind == EndKind.Silent
            ? TimeSpan.Zero
            : rules.Jitter(attempt.Life, random);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
