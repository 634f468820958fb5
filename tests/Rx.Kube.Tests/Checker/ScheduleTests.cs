using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Checker;

public sealed class ScheduleTests
{
    [Fact]
    public void A_schedule_is_one_line_of_text()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var schedule = ScheduleGenerator.Of(seed);
            Assert.Equal(schedule, Schedule.Parse(schedule.ToString()));
            Assert.DoesNotContain('\n', schedule.ToString());
        }
    }

    [Fact]
    public void Every_kind_of_action_is_on_the_page_about_reliability()
    {
        var page = Repository.Read("docs/reliability.md");
        Assert.Equal([], ActionTable.Kinds.Where(k => !page.Contains($"`{k}`", StringComparison.Ordinal)));
        Assert.Equal(ActionTable.Kinds, ActionTable.Of.Keys.Order());
    }

    [Fact]
    public void A_schedule_that_is_older_than_a_parameter_is_read()
    {
        var schedule = Schedule.Parse("clients=1 page=2 | 1200:Put(3,0,0)");
        Assert.Equal((0, 1), (schedule.Setup.Cached, schedule.Setup.Streaming));
    }

    [Fact]
    public void Removing_an_action_changes_no_other_action()
    {
        // Two schedules with the same actions up to a time play alike up to that time.
        for (var seed = 0; seed < 50; seed++)
        {
            var schedule = ScheduleGenerator.Of(seed);
            var last = schedule.Actions[^1];
            var shorter = new Schedule(schedule.Setup, schedule.Actions.RemoveAt(schedule.Actions.Length - 1));
            var until = Math.Min(last.At, shorter.Quiet) - 1;
            if (until > 0 && schedule.Has(ActionKind.Throw, ActionKind.Slow, ActionKind.Starve)
                == shorter.Has(ActionKind.Throw, ActionKind.Slow, ActionKind.Starve))
            {
                Assert.Equal(Player.Play(schedule, until: until).Text(), Player.Play(shorter, until: until).Text());
            }
        }
    }

    [Fact]
    public void A_shrunk_schedule_has_only_what_the_failure_needs()
    {
        var schedule = ScheduleGenerator.AllPairs(3).First(s => s.Has(ActionKind.Gone) && s.Has(ActionKind.Put));
        var small = Shrinker.Shrink(schedule, s => s.Has(ActionKind.Gone) && s.Has(ActionKind.Put));
        Assert.Equal([ActionKind.Put, ActionKind.Gone], small.Actions.Select(a => a.Kind).Order());
        Assert.All(small.Actions, a => Assert.Equal((0, 0, 0, 0), (a.At, a.A, a.B, a.Who)));
        Assert.Equal((1, 0), (small.Setup.Clients, small.Setup.Selection));
    }
}
