using System.Collections.Frozen;

namespace Rx.Kube.Tests.Checker;

/// <summary>
/// Schedules that stay: each once showed a defect of the client, or shows what chance rarely does. The name says what.
/// </summary>
internal static class NamedSchedules
{
    public static readonly FrozenDictionary<string, string> All = new Dictionary<string, string>
    {
        ["many clients, sent away at the same time"] =
            "clients=12 | 5000:Gone(0,0,0) 9000:Throttle(1000,0,0) 9000:Close(0,0,0)",
        ["an outage, health, and one refusal"] =
            "clients=1 | 3000:Reset(0,0,0) 3000:Refuse(9000,0,0) 40000:Close(0,0,0) 40000:Refuse(700,0,0)",
        ["a lost event while the watch is replaced during the audit"] =
            "clients=1 objects=0 page=100 jitter=711 | 0:Lose(0,0,0) 3:Put(1,0,0) 15000:Recreate(0,0,0)",
        ["a restore, and a watch that ends while a difference settles"] =
            "clients=1 objects=0 page=100 jitter=857 | 3:Restore(0,0,0) 3:Recreate(5,0,0)",
        ["a date in Retry-After of a server whose clock is seven minutes ahead"] = "clients=1 | 0:Throttle(5,1,0)",
        ["a client's clock that is ahead, and a date in Retry-After"] = "clients=1 | 0:JumpClock(74,0,0) 0:Throttle(3,1,0)",
        ["pages with a new token each time"] = "clients=1 page=2 | 0:EndlessPages(0,0,0)",
        ["pages with two tokens in turn"] = "clients=1 page=2 | 0:EndlessPages(1,0,0)",
        ["a disposed connection"] = "clients=1 | 7:DisposeConnection(0,0,0)",
        ["a watch that is held back by a proxy, and its Since"] = "clients=1 objects=0 jitter=513 | 7:Buffer(0,0,0) 7:Gone(0,0,0)",
        ["bookmark 0 is no version"] = "clients=1 | 3:Restore(0,0,0) 7:Bookmark(3,0,0)",
        ["a deletion again, two events later"] = "clients=1 | 0:Duplicate(0,1,0) 3:RemoveNamespace(0,0,0)",
        ["an older list than the one that was asked for"] = "clients=1 objects=0 | 0:OldList(0,0,0) 7:Gone(0,0,0)",
        ["the message of an older server: too large"] = "clients=1 | 0:TooLarge(0,1,0) 7:Garbage(0,0,0)",
        ["a watch that lives for a second, sends a bookmark, and expires"] = "clients=1 | 2000:GoneAgain(20000,2,0) 2000:Close(0,0,0)",
        ["a server that ignores the requested lifetime"] = "clients=1 deaf=1 bookmarks=0 | 0:LateHeaders(0,0,0)",
        ["no end of the initial events"] = "clients=1 streaming=2 page=100 | 0:Bump(0,0,0)",
        ["a busy server that never ends the initial events"] =
            "clients=1 streaming=2 | 5000:Put(0,0,0) 15000:Put(1,0,0) 25000:Put(0,0,0) 35000:Put(1,0,0) 45000:Put(0,0,0) 55000:Put(1,0,0)",
    }.ToFrozenDictionary();

    public static Schedule[] Schedules => [.. All.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => Schedule.Parse(s.Value))];
}
