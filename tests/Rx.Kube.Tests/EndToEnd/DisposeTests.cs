using System.Reactive.Linq;
using Rx.Kube.Testing;
using Rx.Kube.Testing.Tests;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>
/// When a subscription is disposed, the request ends in that frame, and no emission, request or timer follows.
/// </summary>
public sealed class DisposeTests
{
    // Pages, an expired token, events cut in two, a break, a refusal, a wait, 410, a list, silence.
    private static readonly Script _eventful = new()
    {
        Responses =
        [
            Page("17", "t1", "ab", after: 2), Status(410, "Expired"), List("17", "ab", after: 3), Watch("--^-c--B--#"),
            Watch("--#refused"), Status(429, "TooManyRequests"), Watch("-m-g"), List("40", "am", after: 1), Watch("-?"),
            new("--1-2-|", key => Utf8(SliceJson.List("41", Pod("a", 10)))[(key == '1' ? ..50 : 50..)]), Watch("-^"),
        ],
        Options = new Script().Options with { Backoff = new() { Initial = TimeSpan.FromMilliseconds(5) } },
    };

    [Fact]
    public void A_subscription_can_be_disposed_at_every_frame()
    {
        var whole = Run.Play("200ms", _eventful);
        Assert.Equal(11, whole.Http.Requests.Count);
        foreach (var frame in Enumerable.Range(0, 200))
        {
            Run.Play($"{frame}ms", _eventful)
                .Saw([.. whole.Log.Where(l => int.Parse(l.Split(' ')[0]) <= frame)])
                .Asked([
                    .. whole.Http.Requests.Where(r => r.Frame <= frame)
                        .Select(r => $"{Run.Short(r)} at {r.Frame} to {Math.Min(r.End!.Value, frame)}"),
                ]);
        }
    }

    [Fact]
    public void A_subscription_can_be_disposed_inside_every_OnNext()
    {
        var whole = Run.Play("200ms", _eventful);
        foreach (var count in Enumerable.Range(1, whole.Log.Count))
        {
            var run = Run.Play("200ms", _eventful with { DisposeAfter = count }).Saw([.. whole.Log.Take(count)]);
            var frame = int.Parse(run.Log[^1].Split(' ')[0]);
            Assert.All(run.Http.Requests, r => Assert.InRange(r.End!.Value, 0, frame));
        }
    }

    [Theory, ClassData(typeof(Clocks))]
    public void A_subscription_can_be_disposed_outside_the_run_with_the_context_of_a_test_runner(string name)
    {
        var clock = Clocks.New(name);
        var http = new ScriptedHttp(clock) { Responses = [List("17", "a"), Watch("^ 10ms b 10ms c")] };
        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var connection = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        try
        {
            var subscription = connection.EndpointSlices(service: "cache").Resume(scheduler: clock).Subscribe(_ => { });
            clock.AdvanceTo(TimeSpan.FromMilliseconds(15));
            subscription.Dispose();
            subscription.Dispose();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        Assert.Equal([0, 15], http.Requests.Select(r => r.End));
    }
}
