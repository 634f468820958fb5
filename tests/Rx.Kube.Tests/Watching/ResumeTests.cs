using Rx.Kube.Testing;
using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching;

/// <summary>The resumed stream in virtual time, without jitter unless a test says otherwise.</summary>
public class ResumeTests
{
    [Fact]
    public void ListsThenWatchesFromTheListsVersion_NotFromAnItems()
    {
        var run = Play(["--(l|)"], ["a-b"], until: 100);

        run.Saw("2 Listed 17", "2 Added a@18", "4 Added b@19");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 2 ms");
    }

    [Fact]
    public void ThreeCleanCloses_AreFourConnections_AndNoWordToTheSubscriber()
    {
        var run = Play(["(l|)"], ["a 2s |", "2s |", "b 2s |", ""], until: 60_000);

        run.Saw("0 Listed 17", "0 Added a@18", "4001 Added b@19");
        run.Server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 2001 ms", "watch from 18 at 4001 ms", "watch from 19 at 6002 ms");
    }

    [Fact]
    public void AnEmptyCollection_IsListedAtOnce() =>
        Play(["(e|)"], [""], until: 1000).Saw("0 Listed 3");

    [Theory]
    [InlineData("#gone")]
    [InlineData("^#gone")]
    public void Gone_InBothForms_IsOneListAtOnce_AtNoLessThanWhatWasSeen(string gone)
    {
        var run = Play(["(l|)", "(m|)"], ["a 2s |", gone, "c"], until: 60_000);

        var at = gone[0] == '#' ? 2001 : 2002;
        run.Saw("0 Listed 17", "0 Added a@18", $"{at} Interrupted Expired +0", $"{at} Listed 30", $"{at} Added c@31");
        run.Server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 2001 ms", $"list not older than 18 at {at} ms", $"watch from 30 at {at} ms");
    }

    [Fact]
    public void GoneAgainAfterTheList_BacksOff_AndNeverAsksForTheOldVersionAgain()
    {
        var run = Play(["(l|)", "(m|)", "(m|)"], ["#gone", "#gone", "c"], until: 60_000);

        run.Saw("0 Listed 17", "0 Interrupted Expired +0", "0 Listed 30", "0 Interrupted Expired +800", "800 Listed 30", "800 Added c@31");
    }

    [Theory]
    [InlineData("#toolarge")]
    [InlineData("#gone")]
    public void AListThatCannotReachTheVersion_IsFollowedByTheMostRecent(string error)
    {
        var run = Play(["(l|)", error, "(m|)"], ["a 2s |", "#gone", ""], until: 60_000);

        run.Server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 2001 ms", "list not older than 18 at 2001 ms", "list at 2001 ms", "watch from 30 at 2001 ms");
        Assert.Equal("2001 Listed 30", run.Log[^1]);
    }

    [Fact]
    public void ABrokenConnection_IsSaid_AndResumedFromTheLastVersion()
    {
        var run = Play(["(l|)"], ["a-#", "--^-b"], until: 60_000);

        run.Saw("0 Listed 17", "0 Added a@18", "2 Interrupted Unreachable +800", "806 Resumed", "806 Added b@19");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 802 ms");
    }

    [Fact]
    public void AWatchThatOpensOnlyToSayGone_IsNeverCalledResumed()
    {
        var run = Play(["(l|)", "(m|)"], ["^ 1s #", "^ 5ms #gone", ""], until: 60_000);

        run.Saw("0 Listed 17", "1001 Interrupted Unreachable +800", "1807 Interrupted Expired +0", "1807 Listed 30");
    }

    [Fact]
    public void AWatchThatStaysOpen_IsResumedAfterASecondWithoutAWord()
    {
        var run = Play(["(l|)"], ["^ 1s #", "^ 998ms #", "^ 1s a"], until: 60_000);

        run.Saw("0 Listed 17", "1001 Interrupted Unreachable +800", "2800 Interrupted Unreachable +1600", "5400 Resumed", "5401 Added a@18");
        Assert.Single(run.Events.OfType<WatchEvent<string>.Interrupted>().Select(e => e.Interruption.Since).Distinct());
    }

    [Fact]
    public void WhileItFails_TheWaitDoubles_UpToThirtySeconds_AndTheInterruptionKeepsItsBeginning()
    {
        var run = Play(["(l|)"], ["^ 999ms #", .. Enumerable.Repeat("#", 9), ""], until: 400_000);

        run.Saw(
            "0 Listed 17", "1000 Interrupted Unreachable +800", "1800 Interrupted Unreachable +1600", "3400 Interrupted Unreachable +3200",
            "6600 Interrupted Unreachable +6400", "13000 Interrupted Unreachable +12800", "25800 Interrupted Unreachable +25600",
            "51400 Interrupted Unreachable +30000", "81400 Interrupted Unreachable +30000", "111400 Interrupted Unreachable +30000",
            "141400 Interrupted Unreachable +30000", "172400 Resumed");
        Assert.Single(run.Events.OfType<WatchEvent<string>.Interrupted>().Select(e => e.Interruption.Since).Distinct());
    }

    [Fact]
    public void TwoMinutesOfHealth_StartTheWaitOver()
    {
        var run = Play(["(l|)"], ["^ 1s #", "^ 1s #", "^ 118s #", "^ 120s #", ""], until: 400_000);

        Assert.Equal(["+800", "+1600", "+3200", "+800"], run.Log.Where(l => l.Contains('+')).Select(l => l.Split(' ')[^1]));
    }

    [Fact]
    public void ABookmark_MovesTheResumePoint()
    {
        var run = Play(["(l|)"], ["2s B 2s |", ""], until: 60_000);

        run.Saw("0 Listed 17", "2000 Bookmark 25");
        Assert.Equal("watch from 25 at 4001 ms", run.Server.Requests[^1].ToString());
    }

    [Fact]
    public void AnOldVersion_DoesNotMoveTheResumePointBack()
    {
        var run = Play(["(l|)"], ["BO 2s |", ""], until: 60_000);

        Assert.Equal("watch from 25 at 2002 ms", run.Server.Requests[^1].ToString());
    }

    [Fact]
    public void AfterABookmark_SilenceIsOneReconnect_AtTheWatchdogsTime_AndNoWordIfTheServerAnswers()
    {
        var run = Play(["(l|)"], ["a-B", "--^"], until: 300_000);

        run.Saw("0 Listed 17", "0 Added a@18", "2 Bookmark 25");
        Assert.Equal("watch from 25 at 150002 ms", run.Server.Requests[^1].ToString());
    }

    [Fact]
    public void AfterABookmark_SilenceOfADeadServer_IsSaid()
    {
        var run = Play(["(l|)"], ["a-B", "30s #unreachable", ""], until: 300_000);

        run.Saw("0 Listed 17", "0 Added a@18", "2 Bookmark 25", "180002 Interrupted Unreachable +800", "181802 Resumed");
    }

    [Fact]
    public void AWatchThatDiesBeforeItsFirstBookmark_IsFoundAsSoon_OnceAnEarlierOneHadSome()
    {
        var run = Play(["(l|)"], ["B 2s |", "--^", ""], until: 200_000);

        run.Server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 0 ms", "watch from 25 at 2001 ms", "watch from 25 at 152003 ms");
    }

    [Fact]
    public void WithoutABookmark_SilenceIsQuiet_UntilTheClientsOwnCap()
    {
        var run = Play(["(l|)"], ["a", ""], until: 400_000);

        run.Saw("0 Listed 17", "0 Added a@18");
        run.Server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 330000 ms");
        Assert.Equal(TimeSpan.FromMinutes(5), run.Server.Requests[1].Watch!.Timeout);
    }

    [Fact]
    public void InstantCloses_AreBoundedByTheBackoff()
    {
        var run = Play(["(l|)"], [.. Enumerable.Repeat("10ms |", 200)], until: 600_000);

        Assert.InRange(run.Server.Requests.Count, 20, 30);
        Assert.All(run.Log.Skip(1), l => Assert.Contains("Interrupted Closed", l, StringComparison.Ordinal));
    }

    [Fact]
    public void AWatchThatIsNeverAnswered_IsGivenUpAtTheCap()
    {
        var run = Play(["(l|)"], ["9m #", ""], until: 400_000);

        run.Saw("0 Listed 17", "330000 Interrupted Silent +800", "331800 Resumed");
    }

    [Fact]
    public void RetryAfter_IsWaitedFor_WithoutAList()
    {
        var errors = MarbleErrors.Kubernetes;
        errors["later"] = new KubeStatusException("slow down", new KubeStatus(429, "TooManyRequests", "slow down", []), TimeSpan.FromSeconds(7));
        var run = Play(["(l|)"], ["2s #", "#later", "a"], until: 60_000, errors: errors);

        run.Saw("0 Listed 17", "2000 Interrupted Unreachable +800", "2800 Interrupted Throttled +7000", "9800 Resumed", "9800 Added a@18");
        Assert.Single(run.Server.Requests, r => r.List is not null);
    }

    [Fact]
    public void WhatIsNotTheProtocol_LeadsToAList_AfterTheBackoff()
    {
        var run = Play(["(l|)", "(m|)"], ["a-#protocol", ""], until: 60_000);

        run.Saw("0 Listed 17", "0 Added a@18", "2 Interrupted Protocol +800", "802 Listed 30");
        Assert.Equal("list not older than 18 at 802 ms", run.Server.Requests[2].ToString());
    }

    [Fact]
    public void ASkippedObject_IsPassedOn_AndMovesTheResumePoint()
    {
        var run = Play(["(l|)"], ["S 2s |", ""], until: 60_000);

        run.Saw("0 Listed 17", "0 Skipped 22");
        Assert.Equal("watch from 22 at 2001 ms", run.Server.Requests[^1].ToString());
    }

    [Theory]
    [InlineData("unauthorized")]
    [InlineData("forbidden")]
    [InlineData("notfound")]
    [InlineData("untrusted")]
    [InlineData("config")]
    public void WhatWaitingCannotCure_FailsBeforeTheFirstWatchIsOpen_AndNeverAfter(string error)
    {
        Play(["#" + error], [], until: 1000).Saw("0 Error");
        Play(["(l|)"], ["#" + error], until: 1000).Saw("0 Listed 17", "0 Error");

        var later = Play(["(l|)"], ["^ 999ms #", "#" + error, ""], until: 60_000);
        Assert.Equal("4400 Resumed", later.Log[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("unavailable")]
    [InlineData("internal")]
    [InlineData("throttled")]
    [InlineData("unreachable")]
    [InlineData("protocol")]
    public void WhatWaitingCanCure_IsWaitedForFromTheStart(string error) =>
        Assert.Equal("2400 Listed 17", Play([$"#{error}", $"#{error}", "(l|)"], [""], until: 60_000).Log[^1]);

    [Fact]
    public void AThousandClients_DoNotComeBackTogether()
    {
        var random = new Random(20261121);
        var tenths = Enumerable.Range(0, 1000)
            .Select(_ => Play(["(l|)"], ["^ 5s #", "#", "#", ""], until: 60_000, random: RandomSource.Seeded(random.Next())).Server.Requests[^1].Frame / 100)
            .GroupBy(t => t).ToList();

        Assert.InRange(tenths.Max(g => g.Count()), 1, 60);
    }

    [Fact]
    public void WatchLives_AreSpreadBetweenOnceAndTwice()
    {
        var random = new Random(20261121);
        var lives = Enumerable.Range(0, 1000)
            .Select(_ => Play(["(l|)"], [""], until: 10, random: RandomSource.Seeded(random.Next())).Server.Requests[^1].Watch!.Timeout!.Value).ToList();

        Assert.All(lives, l => Assert.InRange(l, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10)));
        Assert.True(lives.Distinct().Count() > 250, "lives repeat");
    }

    [Fact]
    public void ASubscription_IsItsOwn_AndNothingIsSentBeforeIt()
    {
        var clock = new VirtualClock();
        var server = Script(clock, ["(l|)", "(m|)"], ["a", ""]);
        var stream = server.Resume(NoJitter, clock);
        Assert.Empty(server.Requests);

        var first = stream.Subscribe(_ => { });
        clock.AdvanceTo(TimeSpan.FromSeconds(1));
        first.Dispose();
        stream.Subscribe(_ => { });
        clock.AdvanceTo(TimeSpan.FromSeconds(2));

        server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "list at 1000 ms", "watch from 30 at 1000 ms");
        Assert.Equal(1000, server.Requests[1].End);
    }

    [Theory]
    [InlineData("Listed")]
    [InlineData("Added")]
    [InlineData("Interrupted")]
    [InlineData("Resumed")]
    public void DisposedInsideOnNext_NothingMoreIsSaidOrAsked(string at)
    {
        var run = Play(["(l|)"], ["a-#", "b", "c"], until: 60_000, disposeAt: at);

        Assert.Contains(at, run.Log[^1], StringComparison.Ordinal);
        Assert.All(run.Server.Requests, r => Assert.NotNull(r.End));
        Assert.InRange(run.Server.Requests.Max(r => r.Frame), 0, 802);
    }

    [Fact]
    public void TheSameSeed_GivesTheSameRun()
    {
        string Trace() => string.Join('\n', Play(["(l|)"], [.. Enumerable.Repeat("^ 1s #", 50)], until: 600_000, random: RandomSource.Seeded(7)).Log);

        Assert.Equal(Trace(), Trace());
    }

    [Fact]
    public void Arguments_AreChecked() => Assert.Throws<ArgumentNullException>(() => ((IWatchable<string>)null!).Resume());
}
