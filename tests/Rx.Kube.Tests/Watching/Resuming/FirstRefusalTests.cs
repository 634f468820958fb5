using System.Net.Sockets;
using Rx.Kube.Testing;
using Rx.Kube.Tests.EndToEnd;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>Statuses that waiting cannot cure fail at first, unless a fallback is left.</summary>
public class FirstRefusalTests
{
    public static TheoryData<int> Incurable => [301, 302, 307, 400, 401, 403, 404, 405, 406, 415, 422];

    [Theory]
    [MemberData(nameof(Incurable))]
    public void A_first_list_that_is_refused_ends_the_stream_with_the_status(int status) =>
        Assert.Equal(status, Assert.IsType<KubeStatusException>(
            Run.Play("1s", Status(status, "")).Saw("0 error").Errors[0], exactMatch: false).Status.Code);

    [Theory]
    [MemberData(nameof(Incurable))]
    public void A_first_watch_that_is_refused_ends_the_stream_with_the_status(int status) =>
        Assert.Equal(status, Assert.IsType<KubeStatusException>(
            Run.Play("1s", List("17", "a"), Status(status, "")).Saw("0 live a", "0 error").Errors[0], exactMatch: false).Status.Code);

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public void A_first_list_that_waiting_can_cure_is_retried(int status) =>
        Assert.Equal("800 live a", Run.Play("1s", Status(status, ""), List("17", "a"), Watch("")).Log[^1]);

    [Fact]
    public void A_refusal_ends_the_stream_as_long_as_no_list_has_arrived() =>
        Assert.EndsWith(" error", Run.Play("9s", Status(503, ""), Status(503, ""), Status(403, "")).Log[^1], StringComparison.Ordinal);

    [Theory]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(422)]
    public void A_first_streaming_list_that_is_refused_falls_back_to_a_list_and_only_that_ends_the_stream(int status)
    {
        var clock = new VirtualClock();
        var server = ScriptedCollection.Of(clock, [$"5ms #s{status}"], [$"#s{status}"]);

        Assert.Equal(["5 error"], server.Play(clock, "1s"));
        Assert.Equal(["stream at 0 ms", "list at 0 ms"], server.Asked);
    }

    [Fact]
    public void A_TimeoutException_of_a_source_is_an_ordinary_break_and_not_the_watchdogs()
    {
        var errors = MarbleErrors.Kubernetes;
        errors["timeout"] = new TimeoutException("the source's own");
        var run = ResumeRun.Play(["(l|)"], ["10s #timeout", ""], until: 20_000, errors, options: ResumeRun.LongWaits);

        run.Saw("0 Listed 17", "10000 Interrupted Unreachable +2000", "13000 Resumed");
        var lost = Assert.Single(run.Events.OfType<WatchEvent<string>.Interrupted>()).Interruption;
        Assert.Same(errors["timeout"], lost.Error);
    }

    [Fact]
    public void A_SocketException_of_a_source_is_an_ordinary_break()
    {
        var errors = MarbleErrors.Kubernetes;
        errors["reset"] = new SocketException((int)SocketError.NotConnected); // what HttpClient may throw without a HttpRequestException
        var run = ResumeRun.Play(["(l|)"], ["10s #reset", ""], until: 20_000, errors, options: ResumeRun.LongWaits);

        run.Saw("0 Listed 17", "10000 Interrupted Unreachable +2000", "13000 Resumed");
    }

    [Fact]
    public void The_watchdog_has_its_own_exception()
    {
        var run = ResumeRun.Play(["(l|)"], ["B", "20s #", ""], until: 200_000);

        var lost = run.Events.OfType<WatchEvent<string>.Interrupted>().First().Interruption;
        Assert.Equal(InterruptionKind.Silent, lost.Kind);
        Assert.IsType<WatchSilentException>(lost.Error);
    }
}
