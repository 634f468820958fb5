using System.Collections.Frozen;

namespace Rx.Kube.Tests.Checker;

/// <summary>What a kind of action is: the ranges of its parameters, and what it does to the promises of the server.</summary>
/// <param name="MostA">The largest first parameter; the smallest is 0.</param>
/// <param name="MostB">The largest second parameter; the smallest is 0.</param>
/// <param name="Meaning">The parameters in words.</param>
internal sealed record ActionSpec(int MostA, int MostB, string Meaning)
{
    /// <summary>Whether it is a write, and no fault.</summary>
    public bool IsWrite { get; init; }

    /// <summary>Whether the server breaks its contract: then detection or repair is due, and not a perfect stream.</summary>
    public bool BreaksContract { get; init; }

    /// <summary>Whether a connection can be dead without an end that the client sees.</summary>
    public bool IsSilent { get; init; }

    /// <summary>How long the effect lasts at most, in milliseconds; -1 if that is the first parameter.</summary>
    public int Lasts { get; init; }
}

/// <summary>All kinds of actions.</summary>
internal static class ActionTable
{
    /// <summary>A fault that waits for its request or event is dropped after this time.</summary>
    public const int Armed = 8_000;

    /// <summary>How long a proxy cuts watches, in milliseconds.</summary>
    public const int CutsLast = 12_000;

    public static readonly FrozenDictionary<ActionKind, ActionSpec> Of = new Dictionary<ActionKind, ActionSpec>
    {
        [ActionKind.Put] = new(5, 0, "key") { IsWrite = true },
        [ActionKind.Move] = new(5, 0, "key, which changes its Service") { IsWrite = true },
        [ActionKind.Delete] = new(5, 0, "key") { IsWrite = true },
        [ActionKind.Recreate] = new(5, 0, "key, deleted and created again") { IsWrite = true },
        [ActionKind.Burst] = new(5, 5, "first key, and how many more writes") { IsWrite = true },
        [ActionKind.Spoil] = new(5, 1, "key, whose object cannot be decoded; endpoints of the wrong type, an address of the wrong type")
        {
            IsWrite = true,
        },
        [ActionKind.Bump] = new(9, 0, "versions used by other kinds") { IsWrite = true },
        [ActionKind.RemoveNamespace] = new(4_000, 0, "milliseconds until the objects are back") { IsWrite = true, Lasts = -1 },
        [ActionKind.Compact] = new(3, 1, "versions kept; 1: the 410 is an event") { Lasts = 0 },
        [ActionKind.Restart] = new(1, 1, "1: reset, 0: clean; 1: the 410 is an event"),
        [ActionKind.Restore] = new(4, 3, "states lost; watches: 0: stay silent, 1: are cut, 2: continue in the new history, "
            + "3: as lists, continue from the watch cache until the server restarts")
        {
            BreaksContract = true,
        },
        [ActionKind.RemoveResource] = new(4_000, 1, "milliseconds until the resource and its objects are back; 1: missing at first too")
        {
            Lasts = -1,
        },
        [ActionKind.Throttle] = new(4_000, 9, "milliseconds; form of Retry-After: seconds, dates, absurd ones") { Lasts = -1 },
        [ActionKind.ServerError] = new(15_000, 4, "milliseconds; code") { Lasts = -1 },
        [ActionKind.Unauthorized] = new(4_000, 1, "milliseconds; 1: at first too") { Lasts = -1 },
        [ActionKind.Rotate] = new(3_000, 1, "milliseconds until the new token is there; 1: at once after a refusal") { Lasts = -1 },
        [ActionKind.Forbidden] = new(4_000, 2, "milliseconds; 1: every other request, 2: at first too") { Lasts = -1 },
        [ActionKind.NotFound] = new(4_000, 1, "milliseconds; 1: at first too") { Lasts = -1 },
        [ActionKind.OddStatus] = new(1, 5, "requests beyond one; code") { Lasts = Armed },
        [ActionKind.TooLarge] = new(1, 1, "lists beyond one; 1: the message of older servers") { Lasts = Armed },
        [ActionKind.OldList] = new(3, 1, "states behind; lists beyond one") { Lasts = Armed },
        [ActionKind.Lag] = new(3, 6_000, "most states behind; milliseconds") { Lasts = 6_000 },
        [ActionKind.ExpireContinue] = new(1, 0, "pages beyond one") { Lasts = Armed },
        [ActionKind.TwoVersions] = new(1, 0, "pages beyond one") { Lasts = Armed },
        [ActionKind.EndlessPages] = new(1, 0, "1: alternating tokens, 0: a new one each time") { Lasts = 4_000 },
        [ActionKind.InstantClose] = new(8, 1, "watches beyond one; 1: after a bookmark") { Lasts = Armed },
        [ActionKind.Close] = new(0, 0, "a clean end of open watches"),
        [ActionKind.Gone] = new(2, 0, "lines before an ERROR 410") { Lasts = Armed },
        [ActionKind.GoneAgain] = new(20_000, 2, "milliseconds; 410 by status, by event, after 1.1 s and a bookmark") { Lasts = -1 },
        [ActionKind.ErrorEvent] = new(4, 6_000, "code, the last one with a time to wait; milliseconds in which watches from there fail")
        {
            Lasts = 6_000,
        },
        [ActionKind.Garbage] = new(3, 0, "not JSON, no version, unknown type, an object that cannot be decoded"),
        [ActionKind.Bookmark] = new(3, 0, "early, duplicate, regressed, 0"),
        [ActionKind.NoBookmarks] = new(20_000, 0, "milliseconds") { Lasts = -1 },
        [ActionKind.Lose] = new(1, 0, "events beyond one") { BreaksContract = true, Lasts = Armed },
        [ActionKind.Duplicate] = new(1, 1, "events beyond one; 1: again two events later") { Lasts = Armed },
        [ActionKind.Reorder] = new(1, 0, "window beyond two") { BreaksContract = true, Lasts = Armed },
        [ActionKind.Outdated] = new(0, 0, "the object before comes instead of the next change") { BreaksContract = true, Lasts = Armed },
        [ActionKind.Refuse] = new(15_000, 0, "milliseconds") { Lasts = -1 },
        [ActionKind.NoAnswer] = new(4_000, 0, "milliseconds in which requests are never answered") { Lasts = -1, IsSilent = true },
        [ActionKind.LateHeaders] = new(1, 0, "watches beyond one") { Lasts = Armed, IsSilent = true },
        [ActionKind.Buffer] = new(1, 0, "watches beyond one") { Lasts = Armed, IsSilent = true },
        [ActionKind.Split] = new(4, 8_000, "class of offset; milliseconds") { Lasts = 8_000 },
        [ActionKind.Coalesce] = new(3, 8_000, "lines beyond two; milliseconds") { Lasts = 8_000 },
        [ActionKind.Delay] = new(400, 8_000, "most milliseconds; milliseconds") { Lasts = 8_000 },
        [ActionKind.Stall] = new(12_000, 0, "milliseconds") { Lasts = -1, IsSilent = true },
        [ActionKind.Blackhole] = new(1, 4_000, "0: open watches say nothing more, 1: nothing arrives at the server either; milliseconds")
        {
            Lasts = 4_000,
            IsSilent = true,
        },
        [ActionKind.HalfClose] = new(2, 4_000, "0: the server's half of connections is closed, 1: the client's half, "
            + "2: the client's half, and the server notices; milliseconds in which requests are not heard")
        {
            Lasts = 4_000,
            IsSilent = true,
        },
        [ActionKind.Fin] = new(4, 0, "class of offset in the next line") { Lasts = Armed },
        [ActionKind.Reset] = new(4, 2, "class of offset in the next line; reset, HTTP/2 stream error, aborted") { Lasts = Armed },
        [ActionKind.ResetStream] = new(13, 4, "code of HTTP/2's RST_STREAM; class of offset in the next line") { Lasts = Armed },
        [ActionKind.GoAway] = new(2, 4_000, "HTTP/2's GOAWAY: 0: and silence on open watches, 1: which ends them at once, "
            + "2: and a clean end later; milliseconds")
        {
            Lasts = 4_000,
            IsSilent = true,
        },
        [ActionKind.CutEvery] = new(8_000, 3, "milliseconds that a watch lives; cleanly, reset, HTTP/2 stream error, aborted")
        {
            Lasts = CutsLast,
        },
        [ActionKind.Slow] = new(800, 3, "milliseconds for an event; events beyond one") { Lasts = Armed },
        [ActionKind.Throw] = new(0, 0, "the next event") { Lasts = Armed },
        [ActionKind.Reenter] = new(0, 0, "the next event") { Lasts = Armed },
        [ActionKind.Dispose] = new(0, 0, "the next event") { Lasts = Armed },
        [ActionKind.DisposeConnection] = new(0, 0, ""),
        [ActionKind.JumpClock] = new(120, 0, "minutes, from one hour back to one hour ahead"),
        [ActionKind.Starve] = new(3_000, 0, "milliseconds in which nothing runs") { Lasts = -1 },
    }.ToFrozenDictionary();

    public static readonly ActionKind[] Kinds = Enum.GetValues<ActionKind>();
    public static readonly ActionKind[] Writes = [.. Kinds.Where(k => Of[k].IsWrite)];
    public static readonly ActionKind[] Faults = [.. Kinds.Where(k => !Of[k].IsWrite)];

    /// <summary>When the effect of an action is over.</summary>
    public static int End(FaultAction action) => action.At + Of[action.Kind].Lasts switch
    {
        -1 => action.A,
        var lasts => lasts,
    };
}
