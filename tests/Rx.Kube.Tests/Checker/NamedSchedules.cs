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
        ["pages with two tokens in turn, after four good ones"] = "clients=1 page=1 objects=5 | 12:EndlessPages(1,0,0)",
        ["the only object cannot be decoded"] =
            "clients=1 page=100 selection=1 streaming=1 objects=0 | 0:Move(0,0,0) 0:Move(2,0,0) 7:HalfClose(2,0,0) 5000:Spoil(4,0,0)",
        ["a watch that breaks as it has been open for a second"] =
            "clients=1 page=100 streaming=1 objects=3 jitter=944 | 867:RemoveResource(1634,0,2) 1876:Restore(0,1,0)",
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
        ["an object that cannot be decoded, in the first list, in a watch, in a relist, and deleted"] =
            "clients=1 selection=2 page=1 | 0:Spoil(0,0,0) 1000:Spoil(1,1,0) 2000:Reset(0,0,0) 2000:Restart(0,0,0) 6000:Delete(0,0,0) "
            + "8000:Put(1,0,0)",
        ["an object that cannot be decoded, changed in a gap, keeps the last state that was seen"] =
            "clients=1 objects=3 | 3000:Blackhole(0,0,0) 3100:Put(0,0,0) 3200:Spoil(0,0,0) 3300:Restart(0,0,0)",
        ["a first list from a cache that is two states behind"] = "clients=1 cached=3 objects=4 | 5000:Put(0,0,0)",
        ["a first list from a cache, whose version is gone before the watch starts"] =
            "clients=1 cached=3 selection=1 page=100 objects=5 | 3:Compact(0,1,0)",
        ["etcd is restored under a server that goes on to answer from its cache"] =
            "clients=1 objects=3 | 3000:Put(0,0,0) 5000:Restore(1,3,0) 6000:Put(4,0,0) 9000:Close(0,0,0) 60000:Restart(1,0,0)",
        ["a resource that is removed and restored"] = "clients=2 objects=4 | 4000:RemoveResource(3000,0,0)",
        ["a resource that is missing at first"] = "clients=1 selection=1 | 0:RemoveResource(3000,1,0)",
        ["an expired version soon after a list that an error in a stream has led to"] =
            "clients=1 streaming=2 page=100 objects=0 | 3:ErrorEvent(0,0,0) 13000:Burst(0,0,0) 19521:GoneAgain(778,2,0)",
        ["a process that does not run while its watch would be proven"] =
            "clients=1 page=100 objects=0 | 10000:GoAway(1,0,0) 10336:Starve(1103,0,0) 10779:Close(0,0,0)",
        ["a watch that is open for a second less a tick"] =
            "clients=1 page=100 objects=0 clock=1 jitter=795 | 1002:Close(0,0,0)",
        ["an outdated event, and the expiry of its watch in the same bytes"] =
            "clients=1 page=100 | 3:Gone(1,0,0) 17000:Coalesce(0,3573,0) 20000:Outdated(0,0,0) 20000:Burst(0,1,0)",
        ["garbage, and a request to wait, in the same bytes"] =
            "clients=1 page=100 objects=0 | 0:Coalesce(0,1824,0) 1536:Garbage(0,0,0) 1547:ErrorEvent(4,0,0)",
        ["GOAWAY, and silence"] = "clients=2 bookmarks=1 | 12000:GoAway(0,0,1) 12100:Put(0,0,0)",
        ["GOAWAY that ends the watches, and one that lets them end"] =
            "clients=3 | 12000:GoAway(1,0,0) 15000:GoAway(2,2000,0) 15500:Put(0,0,0)",
        ["a stream that is refused, cancelled, and told to be calm"] =
            "clients=1 | 3000:ResetStream(7,0,0) 8000:ResetStream(8,2,0) 8100:Put(0,0,0) 15000:ResetStream(11,3,0) 15100:Put(1,0,0)",
        ["half-closed connections"] =
            "clients=1 | 3000:HalfClose(0,0,0) 9000:HalfClose(1,4000,0) 9500:Close(0,0,0) 60000:HalfClose(2,4000,0) 61000:Put(0,0,0)",
        ["a proxy that cuts every watch after five seconds"] = "clients=1 | 3000:CutEvery(5000,1,0) 6000:Put(0,0,0) 10000:Put(1,0,0)",
        ["one client of three loses its path"] = "clients=3 | 9000:Blackhole(1,4000,2) 9100:Put(0,0,0)",
        ["a watch that is told within its stream to wait for three seconds"] =
            "clients=1 page=100 objects=0 jitter=3 | 9000:ErrorEvent(4,4000,0)",
        ["Retry-After: in the past, in the year 9999, no number"] =
            "clients=1 | 3000:Throttle(100,6,0) 3000:Close(0,0,0) 20000:Throttle(100,8,0) 20000:Close(0,0,0) 40000:Throttle(100,7,0) "
            + "40000:Close(0,0,0)",
        ["a busy server that never ends the initial events"] =
            "clients=1 streaming=2 | 5000:Put(0,0,0) 15000:Put(1,0,0) 25000:Put(0,0,0) 35000:Put(1,0,0) 45000:Put(0,0,0) 55000:Put(1,0,0)",
    }.ToFrozenDictionary();

    public static Schedule[] Schedules => [.. All.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => Schedule.Parse(s.Value))];
}
