using System.Globalization;
using System.Net;
using System.Reactive.Concurrency;
using System.Text;

namespace Rx.Kube.Tests.Checker;

/// <summary>
/// An API server with one collection, and the network in front of it. It answers requests from the true history, and does what the schedule
/// says. It shares no code with the client.
/// </summary>
internal sealed class Server(VirtualTimeScheduler<long, long> clock, Schedule schedule, World world)
{
    /// <summary>More requests than this, of one client, are a storm: they are not answered any more.</summary>
    public const int Storm = 400;

    private readonly List<Exchange> _open = [];
    private readonly NetworkMode _mode = new();
    private readonly List<Armed> _armed = [];
    private readonly List<(FaultAction Action, long Until)> _windows = [];
    private readonly Dictionary<int, Clientele> _clients = [];
    private int _lag;
    private long _lagUntil;
    private int _requests;
    private long _noBookmarksUntil;
    private bool _goneAsEvent;
    private long _poisoned = -1;
    private int _poison;
    private long _poisonedUntil;
    private bool _stopped;
    private int _token;
    private long _tokenSince;
    private bool _tokenOnRefusal;

    /// <summary>A fault that waits for requests.</summary>
    private sealed class Armed(FaultAction action, int times)
    {
        public FaultAction Action => action;

        public int Times { get; set; } = times;
    }

    private sealed class Clientele
    {
        public int Requests { get; set; }

        public bool Established { get; set; }

        public int Token { get; set; }
    }

    public bool IsStorm { get; private set; }

    private long Now => clock.Clock / TimeSpan.TicksPerMillisecond;

    private static int[] Codes => [302, 405, 406, 415, 422, 500];

    /// <summary>Starts bookmarks, and the end of all faults.</summary>
    public void Start()
    {
        var ticks = TimeSpan.TicksPerMillisecond;
        foreach (var action in schedule.Actions)
        {
            clock.ScheduleAbsolute(action.At * ticks, () => Do(action));
        }

        clock.ScheduleAbsolute(schedule.Quiet * ticks, Cease);
        if (schedule.Setup.Bookmarks == 1)
        {
            Every(10_000 * ticks, SendBookmarks);
        }
    }

    /// <summary>Ends what the server itself has scheduled.</summary>
    public void Stop() => _stopped = true;

    /// <summary>The token that a client has now: a file that is read again, or a plugin.</summary>
    public string TokenOf(int client)
    {
        var its = Client(client);
        if (!_tokenOnRefusal && Now >= _tokenSince)
        {
            its.Token = _token;
        }

        return Text(its.Token);
    }

    /// <summary>Takes a request.</summary>
    public Exchange Receive(int client, WireRequest log, CancellationToken cancellationToken)
    {
        var x = new Exchange(clock, _mode, log, cancellationToken);
        var its = Client(client);
        if (++its.Requests > Storm)
        {
            IsStorm = true;
            return x;
        }

        var serial = _requests++;
        if (Window(ActionKind.NoAnswer, client) is not null)
        {
            x.Lose();
            return x;
        }

        After(2, () =>
        {
            if (!x.IsOver)
            {
                Answer(x, client, serial);
            }
        });
        return x;
    }

    private void Answer(Exchange x, int client, int serial)
    {
        var its = Client(client);
        if (Refusal(x, its, client) is { } refused)
        {
            refused();
            return;
        }

        x.Lag = Now < _lagUntil && _lag > 0 ? serial % (_lag + 1) : 0;
        x.Selection = x.Log.Path.Contains("labelSelector=", StringComparison.Ordinal) ? 1
            : x.Log.Path.Contains("/namespaces/", StringComparison.Ordinal) ? 0 : 2;
        if (!x.Log.IsWatch)
        {
            List(x, client);
            return;
        }

        if (Take(ActionKind.LateHeaders, client) is not null)
        {
            x.HoldHeaders();
        }
        else if (Take(ActionKind.Buffer, client) is not null)
        {
            x.Buffer();
        }

        if (x.Log.Initial)
        {
            Stream(x, its);
            return;
        }

        Watch(x, its, client);
    }

    private Action? Refusal(Exchange x, Clientele its, int client)
    {
        // Answers that end a stream which has never worked are mostly for one that has.
        bool Applies(FaultAction action, int atFirst) => its.Established || action.B == atFirst;
        if (Window(ActionKind.Refuse, client) is not null)
        {
            return () => x.Finish(new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        }

        if (x.Log.Token != Text(_token))
        {
            if (_tokenOnRefusal)
            {
                its.Token = _token;
            }

            return () => Status(x, 401, "Unauthorized");
        }

        if (Window(ActionKind.Unauthorized, client) is { } refusal && Applies(refusal, 1))
        {
            return () => Status(x, 401, "Unauthorized");
        }

        if (Window(ActionKind.Throttle, client) is { } throttle)
        {
            return () => Throttle(x, throttle.B);
        }

        if (Window(ActionKind.ServerError, client) is { } error)
        {
            var code = error.B switch { 0 => 500, 1 => 502, 2 => 503, 3 => 504, _ => 503 };
            return error.B == 4 ? () => Throttle(x, 0, 503) : () => Status(x, code, code == 502 ? "" : "InternalError");
        }

        if (Window(ActionKind.Forbidden, client) is { } forbidden && Applies(forbidden, 2) && (forbidden.B != 1 || its.Requests % 2 == 0))
        {
            return () => Status(x, 403, "Forbidden");
        }

        if (Window(ActionKind.NotFound, client) is { } missing && Applies(missing, 1))
        {
            return () => Status(x, 404, "NotFound");
        }

        return its.Established && Take(ActionKind.OddStatus, client) is { } odd ? () => Status(x, Codes[odd.B], "") : null;
    }

    private void List(Exchange x, int client)
    {
        if (x.Log.Continue is { Length: > 0 } token)
        {
            Page(x, token, client);
            return;
        }

        var index = Math.Max(0, world.States.Count - 1 - x.Lag);
        var version = x.Lag == 0 ? world.Version : world.States[index].Version;
        if (x.Log.Version is { Length: > 0 } asked && asked != "0")
        {
            if (Take(ActionKind.OldList, client) is { } old)
            {
                index = Math.Max(0, World.IndexAt(world.States, world.Read(asked)) - old.A);
                version = world.States[index].Version;
            }
            else if (version < world.Read(asked) || Take(ActionKind.TooLarge, client) is not null)
            {
                var isOlder = schedule.Actions.Any(a => a is { Kind: ActionKind.TooLarge, B: 1 });
                After(3_000, () => TooLarge(x, isOlder));
                return;
            }
        }
        else if (x.Log.Version is null)
        {
            (index, version) = (world.States.Count - 1, world.Version); // A quorum read.
        }

        Page(x, world.States[index], version, 0);
    }

    private void Page(Exchange x, string token, int client)
    {
        if (Window(ActionKind.EndlessPages, client) is { } endless)
        {
            var next = endless.A == 1 ? token.EndsWith("/a", StringComparison.Ordinal)
                ? token[..^2] + "/b" : token.TrimEnd('a', 'b', '/') + "/a"
                : token + "x";
            Reply(x, Wire.List(token.Split('/')[0], next, []), token.Split('/')[0], next);
            return;
        }

        var parts = token.Split('/');
        var version = world.Read(parts[0]);
        if (version < world.Oldest || version > world.Version || Take(ActionKind.ExpireContinue, client) is not null)
        {
            x.Log.IsGone = true;
            Status(x, 410, "Expired");
            return;
        }

        if (Take(ActionKind.TwoVersions, client) is not null)
        {
            // The rest comes from the present, which has another object since.
            world.Put(4);
            PumpAll();
            version = world.Version;
        }

        Page(x, world.States[World.IndexAt(world.States, version)], version,
            int.Parse(parts[1].TrimEnd('x'), CultureInfo.InvariantCulture));
    }

    private void Page(Exchange x, State state, long version, int from)
    {
        List<Thing> things = [.. state.Things.OfType<Thing>().Where(t => t.Matches(x.Selection))];
        var limit = x.Log.Limit is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : int.MaxValue;
        var page = things.Skip(from).Take(limit).ToList();
        var next = from + page.Count < things.Count ? $"{world.Text(version)}/{from + page.Count}" : "";
        Reply(x, Wire.List(world.Text(version), next, page), world.Text(version), next);
    }

    private static void Reply(Exchange x, byte[] body, string version, string next)
    {
        (x.Log.ListVersion, x.Log.Next) = (version, next);
        x.Answer(HttpStatusCode.OK);
        x.Write(body, "LIST", version);
        x.Finish();
    }

    private void Stream(Exchange x, Clientele its)
    {
        if (schedule.Setup.Streaming == 0 || x.Log.Match != "NotOlderThan")
        {
            Status(x, 422, "Invalid");
            return;
        }

        var index = x.Lag > 0 && x.Log.Version is { Length: > 0 } ? Math.Max(0, world.States.Count - 1 - x.Lag) : world.States.Count - 1;
        var version = index == world.States.Count - 1 ? world.Version : world.States[index].Version;
        if (world.Read(x.Log.Version) > version)
        {
            After(3_000, () => TooLarge(x, isOlder: false));
            return;
        }

        x.Answer(HttpStatusCode.OK);
        its.Established = true;
        foreach (var thing in world.States[index].Things.OfType<Thing>().Where(t => t.Matches(x.Selection)).Reverse())
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

    private void Watch(Exchange x, Clientele its, int client)
    {
        var from = world.Read(x.Log.Version);
        var again = Window(ActionKind.GoneAgain, client);
        if (again is { B: 2 })
        {
            x.Answer(HttpStatusCode.OK);
            its.Established = true;
            x.Write(Wire.Bookmark(x.Log.Version!), "BOOKMARK", x.Log.Version!);
            After(1_100, () => Gone(x));
            return;
        }

        if (from < world.Oldest || again is not null)
        {
            x.Log.IsGone = true;
            if (again is null ? !_goneAsEvent : again.Value.B == 0)
            {
                Status(x, 410, "Expired");
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
        if (Take(ActionKind.InstantClose, client) is { } instant)
        {
            if (instant.B == 1)
            {
                x.Write(Wire.Bookmark(x.Log.Version!), "BOOKMARK", x.Log.Version!);
            }

            x.Finish();
            return;
        }

        if (from == _poisoned && Now < _poisonedUntil)
        {
            Fail(x, _poison);
            return;
        }

        Feed(x, World.IndexAt(world.States, from) + 1, from);
    }

    private void Feed(Exchange x, int index, long bookmarked)
    {
        (x.History, x.Index, x.Bookmarked, x.IsFed) = (world.States, index, bookmarked, true);
        _open.Add(x);
        Pump(x);
        if (schedule.Setup.Deaf == 0 && x.Log.Timeout is { } seconds)
        {
            After(seconds * 1_000, () =>
            {
                if (!x.IsOver && x.IsFed)
                {
                    Bookmark(x);
                    x.Finish();
                }
            });
        }
    }

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
            if (Take(ActionKind.Lose, x.Log.Client) is not null)
            {
                continue;
            }

            var line = state.Line(type, version);
            if (type == "MODIFIED" && Take(ActionKind.Outdated, x.Log.Client) is not null)
            {
                (line, version) = (Wire.Event(type, state.Before!.Json), state.Before.VersionText);
            }

            if (x.Index < x.History.Count - x.Lag && x.History[x.Index].TypeFor(x.Selection) is { } after
                && Take(ActionKind.Reorder, x.Log.Client) is not null)
            {
                var second = x.History[x.Index++];
                x.Write(second.Line(after, world.Text(second.Version)), after, world.Text(second.Version));
            }

            x.Write(line, type, version);
            if (Take(ActionKind.Duplicate, x.Log.Client) is { } duplicate)
            {
                if (duplicate.B == 0)
                {
                    x.Write(line, type, version);
                }
                else
                {
                    After(700, () =>
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

    private void PumpAll()
    {
        _open.RemoveAll(x => x.IsOver);
        foreach (var x in _open.ToArray())
        {
            Pump(x);
        }
    }

    private void SendBookmarks()
    {
        foreach (var x in _open.ToArray())
        {
            Bookmark(x);
        }
    }

    private void Bookmark(Exchange x)
    {
        if (!x.IsFed || x.IsOver || !x.Log.AllowsBookmarks || schedule.Setup.Bookmarks == 0 || Now < _noBookmarksUntil)
        {
            return;
        }

        var version = x.Lag == 0 && x.History == world.States ? world.Version : x.Index > 0 ? x.History[x.Index - 1].Version : 0;
        if (version > x.Bookmarked)
        {
            x.Bookmarked = version;
            x.Write(Wire.Bookmark(world.Text(version)), "BOOKMARK", world.Text(version));
        }
    }

    private void Gone(Exchange x)
    {
        x.Log.IsGone = true;
        x.Write(Wire.Error(410, "Expired", "too old resource version"), "ERROR", "410");
        x.Finish();
    }

    private static void Fail(Exchange x, int code)
    {
        x.Write(
            code switch
            {
                0 => Wire.Error(500, "InternalError", "unexpected: PrevKv=nil"),
                1 => Wire.Error(503, "ServiceUnavailable", "later"),
                2 => Wire.Error(429, "TooManyRequests", "slow down"),
                _ => Wire.Error(400, "BadRequest", "no"),
            },
            "ERROR", "500");
        x.Finish();
    }

    private void Do(FaultAction action)
    {
        var (a, b) = (action.A, action.B);
        switch (action.Kind)
        {
            case ActionKind.Put:
                world.Put(a);
                PumpAll();
                break;
            case ActionKind.Move:
                world.Put(a, moves: true);
                PumpAll();
                break;
            case ActionKind.Delete:
                world.Delete(a);
                PumpAll();
                break;
            case ActionKind.Recreate:
                world.Delete(a);
                world.Put(a);
                PumpAll();
                break;
            case ActionKind.Burst:
                for (var i = 0; i <= b; i++)
                {
                    world.Put((a + i) % 6);
                }

                PumpAll();
                break;
            case ActionKind.Bump:
                world.Bump(a);
                break;
            case ActionKind.RemoveNamespace:
                var lost = Enumerable.Range(0, 6).Where(world.Delete).ToArray();
                PumpAll();
                After(a, () =>
                {
                    Array.ForEach(lost, key => world.Put(key));
                    PumpAll();
                });
                break;
            case ActionKind.Compact:
                if (schedule.Setup.Cache == 0)
                {
                    _goneAsEvent = b == 1;
                    world.Oldest = Math.Max(world.Oldest, world.States[Math.Max(0, world.States.Count - 1 - a)].Version);
                }

                break;
            case ActionKind.Restart:
                _goneAsEvent = b == 1;
                world.Oldest = world.Now.Version;
                Each(action, x => x.Finish(a == 1 ? Broken(0) : null));
                break;
            case ActionKind.Restore:
                world.Restore(a + 1);
                Each(action, x =>
                {
                    if (b == 1)
                    {
                        x.Finish(Broken(0));
                    }
                    else if (b == 2)
                    {
                        (x.History, x.Index) = (world.States, world.States.Count);
                    }
                });
                break;
            case ActionKind.Rotate:
                (_token, _tokenSince, _tokenOnRefusal) = (_token + 1, Now + (b == 1 ? 0 : a), b == 1);
                break;
            case ActionKind.Lag:
                (_lag, _lagUntil) = (a, Now + b);
                After(b, EndLag);
                break;
            case ActionKind.Close:
                Each(action, x => x.Finish());
                break;
            case ActionKind.Gone:
                Each(action, x =>
                {
                    if (a == 0)
                    {
                        Gone(x);
                    }
                    else
                    {
                        x.GoneAfter = a;
                    }
                });
                break;
            case ActionKind.ErrorEvent:
                (_poison, _poisoned, _poisonedUntil) = (a, world.Version, Now + b);
                Each(action, x => Fail(x, a));
                break;
            case ActionKind.Garbage:
                Each(action, x => Garbage(x, a));
                break;
            case ActionKind.Bookmark:
                Each(action, x => OddBookmark(x, a));
                break;
            case ActionKind.NoBookmarks:
                _noBookmarksUntil = Now + a;
                break;
            case ActionKind.Split:
                (_mode.Split, _mode.SplitUntil) = (a, Now + b);
                break;
            case ActionKind.Coalesce:
                (_mode.Coalesce, _mode.CoalesceUntil) = (a + 2, Now + b);
                break;
            case ActionKind.Delay:
                (_mode.Delay, _mode.DelayUntil) = (a, Now + b);
                break;
            case ActionKind.Stall:
                Each(action, x => x.Stall(a));
                break;
            case ActionKind.Blackhole:
                Each(action, x => x.Lose());
                break;
            case ActionKind.Fin:
                Each(action, x => x.Cut(a, null));
                break;
            case ActionKind.Reset:
                Each(action, x => x.Cut(a, Broken(b)));
                break;
            case ActionKind.Throttle or ActionKind.ServerError or ActionKind.Unauthorized or ActionKind.Forbidden or ActionKind.NotFound
                or ActionKind.Refuse or ActionKind.NoAnswer or ActionKind.GoneAgain or ActionKind.EndlessPages:
                _windows.Add((action, Now + (action.Kind == ActionKind.EndlessPages ? 4_000 : a)));
                break;
            default:
                var times = action.Kind switch
                {
                    ActionKind.OddStatus or ActionKind.TooLarge or ActionKind.ExpireContinue or ActionKind.TwoVersions
                        or ActionKind.InstantClose or ActionKind.Lose or ActionKind.Duplicate or ActionKind.LateHeaders
                        or ActionKind.Buffer => a + 1,
                    ActionKind.OldList => b + 1,
                    _ => 1,
                };
                _armed.Add(new(action, times));
                break;
        }
    }

    /// <summary>Ends all faults; one last write shows who does not hear it.</summary>
    private void Cease()
    {
        _armed.Clear();
        _windows.Clear();
        EndLag();
        (_mode.SplitUntil, _mode.CoalesceUntil, _mode.DelayUntil, _noBookmarksUntil, _poisonedUntil) = (0, 0, 0, 0, 0);
        foreach (var x in _open)
        {
            x.Disarm();
        }

        world.Put(0);
        world.Put(2);
        PumpAll();
    }

    private void EndLag()
    {
        _lagUntil = 0;
        foreach (var x in _open)
        {
            x.Lag = 0;
        }

        PumpAll();
    }

    private static void Garbage(Exchange x, int form)
    {
        switch (form)
        {
            case 0:
                x.Write("no event at all\n"u8.ToArray(), "GARBAGE", "");
                break;
            case 1:
                x.Write("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"s9\"}}}\n"u8.ToArray(), "GARBAGE", "");
                break;
            case 2:
                x.Write("{\"type\":5}\n"u8.ToArray(), "GARBAGE", "");
                break;
            default:
                x.Write("{}\n"u8.ToArray(), "GARBAGE", "");
                break;
        }
    }

    private void OddBookmark(Exchange x, int form)
    {
        var reached = x.Index > 0 ? x.History[x.Index - 1].Version : 100;
        if (form is 0 or 1 && (x.Lag > 0 || x.History != world.States))
        {
            return;
        }

        var version = form switch { 2 => world.Text(Math.Max(1, reached - 7)), 3 => "0", _ => world.Text(world.Version) };
        x.Write(Wire.Bookmark(version), "BOOKMARK", version);
        if (form == 1)
        {
            x.Write(Wire.Bookmark(version), "BOOKMARK", version);
        }
    }

    private void Throttle(Exchange x, int form, int code = 429)
    {
        var now = clock.Now;
        (string, int) asked = form switch
        {
            0 => ("2", 2_000),
            1 => ((now + TimeSpan.FromMinutes(7) + TimeSpan.FromSeconds(3)).ToString("R", CultureInfo.InvariantCulture), 2_000),
            2 => ("-3", 0),
            3 => ("soon", 0),
            4 => ("5", 5_000),
            _ => ("99999999", 600_000),
        };
        var (text, milliseconds) = asked;
        x.Log.NotBefore = Now + milliseconds;
        var date = (now + TimeSpan.FromMinutes(7)).ToString("R", CultureInfo.InvariantCulture);
        Status(x, code, "TooManyRequests", [("Date", date), ("Retry-After", text)]);
    }

    private static void TooLarge(Exchange x, bool isOlder)
    {
        x.Log.IsTooLarge = true;
        Status(
            x, 504, "Timeout", [],
            isOlder ? "Too large resource version: 1, current: 0" : "Too large resource version",
            isOlder ? "" : "\"details\":{\"causes\":[{\"reason\":\"ResourceVersionTooLarge\","
                + "\"message\":\"Too large resource version\"}],\"retryAfterSeconds\":1},");
        x.Log.NotBefore = isOlder ? null : x.Log.End + 1_000;
    }

    private static void Status(
        Exchange x, int code, string reason, (string Name, string Value)[]? headers = null, string message = "", string details = "")
    {
        x.Answer((HttpStatusCode)code, headers ?? []);
        x.Write(
            code == 502 ? "<html>bad gateway</html>"u8.ToArray() : Encoding.UTF8.GetBytes(Wire.Status(code, reason, message, details)),
                "STATUS",
            "");
        x.Finish();
    }

    private FaultAction? Window(ActionKind kind, int client)
    {
        for (var i = _windows.Count - 1; i >= 0; i--)
        {
            var (action, until) = _windows[i];
            if (action.Kind == kind && Now < until && action.Concerns(client))
            {
                return action;
            }
        }

        return null;
    }

    private FaultAction? Take(ActionKind kind, int client)
    {
        for (var i = 0; i < _armed.Count; i++)
        {
            var armed = _armed[i];
            if (armed.Action.Kind == kind && armed.Action.Concerns(client))
            {
                if (Now > armed.Action.At + ActionTable.Armed || --armed.Times == 0)
                {
                    _armed.RemoveAt(i);
                }

                return Now > armed.Action.At + ActionTable.Armed ? null : armed.Action;
            }
        }

        return null;
    }

    private void Each(FaultAction action, Action<Exchange> act)
    {
        foreach (var x in _open.ToArray())
        {
            if (!x.IsOver && x.IsFed && action.Concerns(x.Log.Client))
            {
                act(x);
            }
        }
    }

    private Clientele Client(int client)
    {
        if (!_clients.TryGetValue(client, out var its))
        {
            _clients.Add(client, its = new());
        }

        return its;
    }

    private void After(long milliseconds, Action act) => clock.ScheduleRelative(milliseconds * TimeSpan.TicksPerMillisecond, () =>
    {
        if (!_stopped)
        {
            act();
        }
    });

    private void Every(long ticks, Action act) => clock.ScheduleRelative(ticks, () =>
    {
        if (!_stopped)
        {
            act();
            Every(ticks, act);
        }
    });

    private static string Text(int token) => $"canary-{token}";

    public static Exception Broken(int form) => form switch
    {
        0 => new IOException("reset"),
        1 => new HttpProtocolException(2, "HTTP/2 INTERNAL_ERROR", null),
        _ => new HttpIOException(HttpRequestError.ResponseEnded, "the response ended prematurely"),
    };
}
