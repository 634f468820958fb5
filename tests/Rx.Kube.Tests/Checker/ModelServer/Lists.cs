using System.Globalization;
using System.Net;

namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>How the server answers a list: the whole state at a version, in pages.</summary>
internal sealed class Lists(ServerTime time, Schedule schedule, World world, PendingFaults faults, Watches watches)
{
    /// <summary>Answers a list, or the next page of one.</summary>
    public void Answer(Exchange x)
    {
        var client = x.Log.Client;
        if (x.Log.Continue is { Length: > 0 } token)
        {
            Page(x, token, client);
            return;
        }

        var lag = Math.Max(x.Lag, x.Log.Version == "0" ? schedule.Setup.Cached - 1 : 0);
        var index = Math.Max(0, world.Served.Count - 1 - lag);
        var version = lag == 0 ? world.ServedVersion : world.Served[index].Version;
        if (x.Log.Version is { Length: > 0 } asked && asked != "0")
        {
            if (faults.Take(ActionKind.OldList, client) is { } old)
            {
                index = Math.Max(0, World.IndexAt(world.Served, world.Read(asked)) - old.A);
                version = world.Served[index].Version;
            }
            else if (version < world.Read(asked) || faults.Take(ActionKind.TooLarge, client) is not null)
            {
                var isOlder = schedule.Actions.Any(a => a is { Kind: ActionKind.TooLarge, B: 1 });
                time.After(3_000, () => Statuses.TooLarge(x, isOlder));
                return;
            }
        }
        else if (x.Log.Version is null)
        {
            (index, version) = (world.Served.Count - 1, world.ServedVersion); // A quorum read.
        }

        Page(x, world.Served[index], version, 0);
    }

    private void Page(Exchange x, string token, int client)
    {
        if (faults.Window(ActionKind.EndlessPages, client) is { } endless)
        {
            var next = endless.A == 1 ? token.EndsWith("/a", StringComparison.Ordinal)
                ? token[..^2] + "/b" : token.TrimEnd('a', 'b', '/') + "/a"
                : token + "x";
            Reply(x, Wire.List(token.Split('/')[0], next, []), token.Split('/')[0], next);
            return;
        }

        var parts = token.Split('/');
        var version = world.Read(parts[0]);
        if (version < world.ServedOldest || version > world.ServedVersion || faults.Take(ActionKind.ExpireContinue, client) is not null)
        {
            x.Log.IsGone = true;
            Statuses.Answer(x, 410, "Expired");
            return;
        }

        if (faults.Take(ActionKind.TwoVersions, client) is not null)
        {
            // The rest comes from the present, which has another object since.
            world.Put(4);
            watches.PumpAll();
            version = world.ServedVersion;
        }

        Page(x, world.Served[World.IndexAt(world.Served, version)], version,
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
}
