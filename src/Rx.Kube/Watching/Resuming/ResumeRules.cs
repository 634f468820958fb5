namespace Rx.Kube;

/// <summary>
/// The safeguards of a resumed stream and their times. Production uses <see cref="Default"/>; tests switch safeguards off, one at a time,
/// to show that the checker finds the client that lacks one.
/// </summary>
internal sealed record ResumeRules
{
    public static ResumeRules Default { get; } = new();

    /// <summary>Whether an event at or below the version reached is dropped, and a lower version leads to a list.</summary>
    public bool GuardsVersions { get; init; } = true;

    /// <summary>Whether the version to resume from may only grow.</summary>
    public bool CursorOnlyGrows { get; init; } = true;

    /// <summary>Whether a bookmark moves the version to resume from.</summary>
    public bool BookmarksMoveCursor { get; init; } = true;

    /// <summary>Whether the version of a list is compared with the one that was asked for.</summary>
    public bool ChecksListVersions { get; init; } = true;

    /// <summary>Whether a list of which nothing can be decoded, and of which no good state is kept, is an interruption.</summary>
    public bool RefusesUndecodableLists { get; init; } = true;

    /// <summary>Whether a silent watch is replaced.</summary>
    public bool EndsSilentWatches { get; init; } = true;

    /// <summary>Whether a watch that outlives its requested lifetime is replaced.</summary>
    public bool EndsOverdueWatches { get; init; } = true;

    /// <summary>Whether a watch that is closed as soon as it is open counts as a failure.</summary>
    public bool CountsInstantCloses { get; init; } = true;

    /// <summary>Whether waits grow while attempts fail.</summary>
    public bool WaitsGrow { get; init; } = true;

    /// <summary>Whether waits start over by time and by a watch that lived.</summary>
    public bool WaitsStartOver { get; init; } = true;

    /// <summary>Whether a version that is gone again and again backs off.</summary>
    public bool RepeatedExpiryBacksOff { get; init; } = true;

    /// <summary>Whether a version that is gone leads to a list.</summary>
    public bool ListsAfterExpiry { get; init; } = true;

    /// <summary>Whether an error in the stream leads to a list.</summary>
    public bool ListsAfterStreamErrors { get; init; } = true;

    /// <summary>Whether the first relist asks for no older state than the last version.</summary>
    public bool RelistsNotOlder { get; init; } = true;

    /// <summary>Whether a list that cannot reach a version is followed by one of the most recent state.</summary>
    public bool FallsBackToMostRecent { get; init; } = true;

    /// <summary>Whether nothing is sent before the time that the server asked for.</summary>
    public bool HonoursRetryAfter { get; init; } = true;

    /// <summary>Whether requests that many clients send at the same time are spread.</summary>
    public bool Spreads { get; init; } = true;

    /// <summary>Whether only the first list and the first answer to a watch can fail the stream.</summary>
    public bool FailsOnlyAtFirst { get; init; } = true;

    /// <summary>Whether a lost connection is reported.</summary>
    public bool ReportsInterruptions { get; init; } = true;

    /// <summary>Whether an open watch must prove itself before the stream counts as resumed.</summary>
    public bool ResumedNeedsProof { get; init; } = true;

    /// <summary>Whether audits compare the state held with a list.</summary>
    public bool Audits { get; init; } = true;

    /// <summary>Whether a watch that the server does not answer is reported.</summary>
    public bool ReportsLateAnswers { get; init; } = true;

    /// <summary>How short a gap may be without being reported.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a watch must have been open to have lived (client-go's guard against instant closes).</summary>
    public TimeSpan InstantClose { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long after its requested lifetime a watch is ended by the client.</summary>
    public TimeSpan OverdueAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a watch may be unanswered before this is reported. The request stays open.</summary>
    public TimeSpan LateAnswer { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before a watch that lived is resumed, as a fraction of its life: an upper bound, uniformly random.</summary>
    public double ResumeJitter { get; init; } = 0.02;

    /// <summary>The longest wait before a watch that lived is resumed.</summary>
    public TimeSpan MaxResumeJitter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Over how long relists, and requests after <c>Retry-After</c>, of many clients are spread.</summary>
    public TimeSpan Spread { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a watch must have lived, and moved, so that the next expiry counts as the first one.</summary>
    public TimeSpan ExpiryForgottenAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many watches from one version the server may fail before a list is sent: it may not have that version.</summary>
    public int FailuresBeforeRelist { get; init; } = 5;

    /// <summary>How long a reopened watch may be silent before an audit.</summary>
    public TimeSpan AuditSilentWatchAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a difference must last before it counts.</summary>
    public TimeSpan AuditSettle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the initial events of a streaming list may pause before a list is sent instead.</summary>
    public TimeSpan StreamingListPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the initial events of a streaming list may take before a list is sent instead.</summary>
    public TimeSpan StreamingListTotal { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After how many failures in a row lists are no longer streamed.</summary>
    public int FailuresBeforePlainLists { get; init; } = 3;

    /// <summary>The time by which clients are spread whose watches end together.</summary>
    /// <param name="life">How long the watches lived.</param>
    /// <param name="random">A random number in [0, 1).</param>
    public TimeSpan Jitter(TimeSpan life, double random)
    {
        var most = life * ResumeJitter;
        return Spreads ? (most < MaxResumeJitter ? most : MaxResumeJitter) * random : TimeSpan.Zero;
    }
}
