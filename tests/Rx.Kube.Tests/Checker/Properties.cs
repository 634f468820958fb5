namespace Rx.Kube.Tests.Checker;

/// <summary>
/// What must hold for every trace. Each property is a function that returns its violations; numbers are those of the list in
/// <c>docs/reliability.md</c>. The files of this class: the stream, the wire, freshness, lifetime.
/// </summary>
internal static partial class Properties
{
    /// <summary>A property of one client's part of a trace.</summary>
    private delegate IEnumerable<Violation> Property(Trace trace, ClientTrace client, List<Step> steps);

    // Properties of a perfect stream, which a server that breaks its contract makes impossible.
    private static readonly Property[] _ofHonestServers =
    [
        P02_Ordered, P03_Unique, P04_Reliable, P05_Resumable, P08_SnapshotIsState, P09_ListIsWhole, P12_Differences,
    ];

    private static readonly Property[] _always =
    [
        P01_Matches, P06_Cursor, P07_BookmarkKeepsState, P08_SnapshotIsTheFold, P08_SnapshotFollowsStream, P09_ListIsPublishedOnce,
        P09_PagesAreAsked, P10_NoTimeTravel, P10_GoingBackIsSaid, P13_SnapshotsStay, P14_Grammar, P14_EndsOnlyAtFirst,
        P15_RingIsAFunction, P16_StaleIsSaid, P16_EmptyIsNotLive, P16_ShortGapsAreSilent, P16_ResumedIsProven, P16_ResumedIsSaid,
        P16_SnapshotsSayWhatTheStreamSays, P16_SinceIsTheLoss, P18_Converged, P19_SilenceEnds, P20_GoneMeansList,
        P20_TooLargeMeansMostRecent, P21_BoundedRate, P21_WaitsGrow, P21_RetryAfter, P21_FewLists, P21_ComesBack, P21_WaitsStartOver,
        P21_Spread, P22_NewestIsSeen, P23_DisposalCloses, P24_RefusedCredentialsAreRefreshed, P25_NoTokenIsTold,
        P26_RequestsAreWellFormed, P26_FirstListIsAsConfigured,
    ];

    /// <summary>The names of all properties.</summary>
    public static IEnumerable<string> Names => _ofHonestServers.Concat(_always).Select(p => p.Method.Name);

    /// <summary>Checks everything; at most three violations of each property and client.</summary>
    public static List<Violation> Check(Trace trace)
    {
        List<Violation> found = [.. trace.Leaks.Take(3).Select(l => new Violation(nameof(P23_DisposalCloses), 0, trace.Horizon, l))];
        if (trace.Threads.Count > 1)
        {
            found.Add(new(nameof(P14_Grammar), 0, 0, $"{trace.Threads.Count} threads"));
        }

        foreach (var client in trace.Clients)
        {
            var steps = StreamFold.Of(client, trace.World);
            foreach (var property in trace.Schedule.BreaksContract ? _always : [.. _ofHonestServers, .. _always])
            {
                found.AddRange(property(trace, client, steps).Take(3));
            }
        }

        return found;
    }

    private static Violation Of(string property, ClientTrace client, long at, string evidence) => new(property, client.Index, at, evidence);
}
