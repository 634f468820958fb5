namespace Rx.Kube.Tests.Checker;

/// <summary>Makes a failing schedule smaller: without actions, with smaller parameters, earlier, with a plainer setup.</summary>
internal static class Shrinker
{
    /// <summary>Finds a smallest schedule that still fails; a bounded number of attempts.</summary>
    public static Schedule Shrink(Schedule schedule, Func<Schedule, bool> fails, int attempts = 2_000)
    {
        for (var again = true; again;)
        {
            again = false;
            foreach (var smaller in Smaller(schedule))
            {
                if (attempts-- <= 0)
                {
                    return schedule;
                }

                if (fails(smaller))
                {
                    (schedule, again) = (smaller, true);
                    break;
                }
            }
        }

        return schedule;
    }

    private static IEnumerable<Schedule> Smaller(Schedule schedule)
    {
        var (setup, actions) = (schedule.Setup, schedule.Actions);
        for (var size = actions.Length / 2; size >= 1; size /= 2)
        {
            for (var i = 0; i + size <= actions.Length; i += size)
            {
                yield return new(setup, actions.RemoveRange(i, size));
            }
        }

        var plain = new Setup();
        Setup[] plainer =
        [
            setup with { Clients = 1 }, setup with { Page = plain.Page }, setup with { Page = 100 }, setup with { Selection = 0 },
            setup with { Cache = 0 }, setup with { Streaming = plain.Streaming }, setup with { Bookmarks = plain.Bookmarks },
            setup with { Objects = plain.Objects }, setup with { Objects = 0 }, setup with { Opaque = 0 }, setup with { Deaf = 0 },
            setup with { Cached = 0 }, setup with { Cached = 1 }, setup with { Clock = 0 }, setup with { Jitter = plain.Jitter },
        ];
        foreach (var other in plainer)
        {
            if (Size(other) < Size(setup))
            {
                yield return schedule with { Setup = other };
            }
        }

        for (var i = 0; i < actions.Length; i++)
        {
            var action = actions[i];
            FaultAction[] smaller =
            [
                action with { Who = 0 }, action with { A = 0 }, action with { B = 0 }, action with { A = action.A / 2 },
                action with { B = action.B / 2 }, action with { At = action.At / 1_000 * 1_000 }, action with { At = action.At / 2 },
            ];
            foreach (var other in smaller)
            {
                if (other != action)
                {
                    yield return new(setup, [.. actions.SetItem(i, other).OrderBy(a => a.At)]);
                }
            }
        }
    }

    // A larger page is plainer: one page.
    private static int Size(Setup s) =>
        s.Clients + (s.Page == 100 ? 0 : s.Page == 2 ? 1 : 2) + s.Selection + s.Cache + Math.Abs(s.Streaming - 1) + (1 - s.Bookmarks)
        + (s.Objects == 0 ? 0 : s.Objects == 3 ? 1 : 2) + s.Opaque + s.Deaf + s.Cached + s.Clock + (s.Jitter == 1 ? 0 : 1);
}
