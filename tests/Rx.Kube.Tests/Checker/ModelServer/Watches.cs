using System.Net;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>How the server answers a watch: what it sends at first, every change from then on, and how it ends by itself.</summary>
internal sealed class Watches(ServerTime time, Schedule schedule, World world, PendingFaults faults, Accounts accounts)
{
    private readonly List<Exchange> _open = [];
    private int _poison;
    private long _poisoned = -1;
    private long _poisonedUntil;

    /// <summary>Whether an expired version is told by an event, and not by a status.</summary>
    public bool GoneAsEvent { get; set; }

    /// <summary>Until when the server sends no bookmarks by itself.</summary>
    public long NoBookmarksUntil { get; set; }

    /// <summary>Answers a watch.</summary>
    public void Answer(Exchange x)
    {
        if (faults.Take(ActionKind.LateHeaders, x.Log.Client) is not null)
        {
            x.HoldHeaders();
        }
        else if (faults.Take(ActionKind.Buffer, x.Log.Client) is not null)
        {
            x.Buffer();
        }

        if (x.Log.Initial)
        {
            Stream(x);
        }
        else
        {
            Watch(x);
        }
    }

    /// <summary>Does something to all open watches of the clients that an action concerns.</summary>
    public void Each(FaultAction action, Action<Exchange> act)
    {
        foreach (var x in _open.ToArray())
        {
            if (!x.IsOver && x.IsFed && action.Concerns(x.Log.Client))
            {
                act(x);
            }
        }
    }

    /// <summary>Does something to all open watches.</summary>
    public void Each(Action<Exchange> act) => _open.ForEach(act);

    /// <summary>Sends all open watches what is new for them.</summary>
    public void PumpAll()
    {
        _open.RemoveAll(x => x.IsOver);
        foreach (var x in _open.ToArray())
        {
            Pump(x);
        }
    }

    /// <summary>Fails every watch that starts from the present version, for a time.</summary>
    public void Poison(int code, int milliseconds) =>
        (_poison, _poisoned, _poisonedUntil) = (code, world.ServedVersion, time.Now + milliseconds);

    /// <summary>Ends what fails watches.</summary>
    public void Heal()
    {
        (NoBookmarksUntil, _poisonedUntil) = (0, 0);
        Each(x => x.Disarm());
    }

    /// <summary>Reads the current history again, and ends the watches of the one before.</summary>
    public void Thaw()
    {
        world.Thaw();
        Each(x => x.Finish());
    }

    public void SendBookmarks()
    {
        foreach (var x in _open.ToArray())
        {
            Bookmark(x);
        }
    }

    private void Bookmark(Exchange x)
    {
        if (!x.IsFed || x.IsOver || !x.Log.AllowsBookmarks || schedule.Setup.Bookmarks == 0 || time.Now < NoBookmarksUntil)
        {
            return;
        }

        var version = x.Lag == 0 && x.History == world.Served ? world.ServedVersion : x.Index > 0 ? x.History[x.Index - 1].Version : 0;
        if (version > x.Bookmarked)
        {
            x.Bookmarked = version;
            x.Write(Wire.Bookmark(world.Text(version)), "BOOKMARK", world.Text(version));
        }
    }

    /// <summary>A proxy ends a watch, however well it works.</summary>
    public void CutLater(Exchange x, FaultAction cut) => time.After(cut.A, () =>
    {
        if (x.IsFed && !x.IsOver)
        {
            x.Finish(cut.B == 0 ? null : BrokenConnection.Error(cut.B - 1));
        }
    });

    /// <summary>Ends a watch because its version is gone.</summary>
    public static void Gone(Exchange x)
    {
        x.Log.IsGone = true;
        x.Write(Wire.Error(410, "Expired", "too old resource version"), "ERROR", "410");
        x.Finish();
    }

    /// <summary>Ends a watch with an error of the server.</summary>
    public void Fail(Exchange x, int code)
    {
        if (code == 4)
        {
            x.Log.NotBefore = time.Now + 3_000;
        }

        x.Write(
            code switch
            {
                0 => Wire.Error(500, "InternalError", "unexpected: PrevKv=nil"),
                1 => Wire.Error(503, "ServiceUnavailable", "later"),
                2 => Wire.Error(429, "TooManyRequests", "slow down"),
                4 => Wire.Error(429, "TooManyRequests", "slow down", "\"details\":{\"retryAfterSeconds\":3},"),
                _ => Wire.Error(400, "BadRequest", "no"),
            },
            "ERROR", "500");
        x.Finish();
    }

    private void Stream(Exchange x)
    {
        if (schedule.Setup.Streaming == 0 || x.Log.Match != "NotOlderThan")
        {
            Statuses.Answer(x, 422, "Invalid");
            return;
        }

        var lag = Math.Max(x.Log.Version is { Length: > 0 } ? x.Lag : 0, x.Log.Version == "0" ? schedule.Setup.Cached - 1 : 0);
        var index = Math.Max(0, world.Served.Count - 1 - lag);
        var version = index == world.Served.Count - 1 ? world.ServedVersion : world.Served[index].Version;
        if (world.Read(x.Log.Version) > version)
        {
            time.After(3_000, () => Statuses.TooLarge(x, isOlder: false));
            return;
        }

        x.Answer(HttpStatusCode.OK);
        accounts.Of(x.Log.Client).Established = true;
        foreach (var thing in world.Served[index].Things.OfType<Thing>().Where(t => t.Matches(x.Selection)).Reverse())
        {
            x.Write(Wire.Event("ADDED", thing.Json), "INITIAL", thing.VersionText);
        }

        if (schedule.Setup.Streaming == 1)
        {
            x.Log.ListVersion = world.Text(version);
            x.Write(Wire.Bookmark(world.Text(version), endsInitialEvents: true), "END", world.Text(version));
        }

        Feed(x, index + 1, version);
    }

    private void Watch(Exchange x)
    {
        var (client, its) = (x.Log.Client, accounts.Of(x.Log.Client));
        var from = world.Read(x.Log.Version);
        var again = faults.Window(ActionKind.GoneAgain, client);
        if (again is { B: 2 })
        {
            x.Answer(HttpStatusCode.OK);
            its.Established = true;
            x.Write(Wire.Bookmark(x.Log.Version!), "BOOKMARK", x.Log.Version!);
            time.After(1_100, () => Gone(x));
            return;
        }

        if (from < world.ServedOldest || again is not null)
        {
            x.Log.IsGone = true;
            if (again is null ? !GoneAsEvent : again.Value.B == 0)
            {
                Statuses.Answer(x, 410, "Expired");
                return;
            }

            x.Answer(HttpStatusCode.OK);
            its.Established = true;
            x.Write(Wire.Error(410, "Expired", "too old resource version"), "ERROR", "410");
            x.Finish();
            return;
        }

        x.Answer(HttpStatusCode.OK);
        its.Established = true;
        if (faults.Take(ActionKind.InstantClose, client) is { } instant)
        {
            if (instant.B == 1)
            {
                x.Write(Wire.Bookmark(x.Log.Version!), "BOOKMARK", x.Log.Version!);
            }

            x.Finish();
            return;
        }

        if (from == _poisoned && time.Now < _poisonedUntil)
        {
            Fail(x, _poison);
            return;
        }

        Feed(x, World.IndexAt(world.Served, from) + 1, from);
    }

    private void Feed(Exchange x, int index, long bookmarked)
    {
        (x.History, x.Index, x.Bookmarked, x.IsFed) = (world.Served, index, bookmarked, true);
        _open.Add(x);
        Pump(x);
        if (faults.Window(ActionKind.CutEvery, x.Log.Client) is { } cut)
        {
            CutLater(x, cut);
        }

        if (schedule.Setup.Deaf == 0 && x.Log.Timeout is { } seconds)
        {
            time.After(seconds * 1_000, () =>
            {
                if (!x.IsOver && x.IsFed)
                {
                    Bookmark(x);
                    x.Finish();
                }
            });
        }
    }

    // The type of the next event that is there already.
    private static string? Next(Exchange x) =>
        x.Index < x.History.Count - x.Lag ? x.History[x.Index].TypeFor(x.Selection) : null;

    /// <summary>Sends what is new.</summary>
    private void Pump(Exchange x)
    {
        while (x.IsFed && !x.IsOver && x.Index < x.History.Count - x.Lag)
        {
            var state = x.History[x.Index++];
            if (state.TypeFor(x.Selection) is not { } type)
            {
                continue;
            }

            var version = world.Text(state.Version);
            if (x.GoneAfter == 0)
            {
                Gone(x);
                return;
            }

            x.GoneAfter = x.GoneAfter > 0 ? x.GoneAfter - 1 : x.GoneAfter;
            if (faults.Take(ActionKind.Lose, x.Log.Client) is not null)
            {
                continue;
            }

            var line = state.Line(type, version);
            if (type == "MODIFIED" && faults.Take(ActionKind.Outdated, x.Log.Client) is not null)
            {
                (line, version) = (Wire.Event(type, state.Before!.Json), state.Before.VersionText);
            }

            if (Next(x) is not null && faults.Take(ActionKind.Reorder, x.Log.Client) is { } reorder)
            {
                // A window of events comes in the other order.
                List<(byte[] Line, string Type, string Version)> later = [];
                while (later.Count <= reorder.A && Next(x) is { } after)
                {
                    var other = x.History[x.Index++];
                    later.Add((other.Line(after, world.Text(other.Version)), after, world.Text(other.Version)));
                }

                later.Reverse();
                later.ForEach(e => x.Write(e.Line, e.Type, e.Version));
            }

            x.Write(line, type, version);
            if (faults.Take(ActionKind.Duplicate, x.Log.Client) is { } duplicate)
            {
                if (duplicate.B == 0)
                {
                    x.Write(line, type, version);
                }
                else
                {
                    time.After(700, () =>
                    {
                        if (x.IsFed)
                        {
                            x.Write(line, type, version);
                        }
                    });
                }
            }
        }
    }
}
