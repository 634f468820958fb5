using System.Reactive.Linq;
using k8s.Models;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using MicrosoftTest = Microsoft.Reactive.Testing.ReactiveTest;
using TestScheduler = Microsoft.Reactive.Testing.TestScheduler;

namespace Rx.Kube.KubernetesClient.Tests;

/// <summary>
/// The marbles and scripted watches of Rx.Kube.Testing run on Microsoft's TestScheduler as they do on the project's own clock.
/// </summary>
public sealed class TestSchedulerTests
{
    private readonly TestScheduler _scheduler = new();

    [Fact]
    public void Cold_marbles_pass_through_an_operator_in_time()
    {
        var source = _scheduler.Cold("a-b 97ms c|");
        _scheduler.Expect(source.Throttle(TimeSpan.FromMilliseconds(10), _scheduler)).ToBe("12ms b 88ms (c|)");
        source.ToHaveSubscriptions("^ 100ms !");
    }

    [Fact]
    public void Hot_marbles_and_subscriptions_meet_at_the_same_frames()
    {
        var source = _scheduler.Hot("-a-b-c-d|");
        var early = _scheduler.Expect(source, "^---!");
        var late = _scheduler.Expect(source, "----^");
        early.ToBe("-a-b");
        late.ToBe("-----c-d|");
        source.ToHaveSubscriptions("^---!", "----^---!");
    }

    [Fact]
    public void A_difference_is_still_told_as_marbles()
    {
        var error = Assert.Throws<MarbleAssertionException>(() => _scheduler.Expect(_scheduler.Cold("-a|")).ToBe("--a|"));
        Assert.Contains("expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scripted_watch_of_V1Pods_is_resumed_after_the_backoff()
    {
        var pod = new V1Pod { Metadata = new V1ObjectMeta { Name = "cache-0" } };
        var server = new ScriptedWatch<V1Pod>(_scheduler, new Dictionary<char, WatchEvent<V1Pod>>
        {
            ['l'] = WatchEvents.Listed("17", pod),
            ['a'] = WatchEvents.Added(pod, "18"),
            ['m'] = WatchEvents.Modified(pod, "19"),
        })
        {
            Lists = ["--(l|)"],
            Connections = ["-a---#", "#unreachable", "#unreachable", "-m"],
        };

        _scheduler.Expect(server.Resume(ResumeOptions.WithoutJitter, _scheduler).Select(Text), "^ 10s !").ToBe(
            "--la 803ms i 1599ms -(rm)",
            new Dictionary<char, string>
            {
                ['l'] = "Listed cache-0 @17",
                ['a'] = "Added cache-0 @18",
                ['i'] = "Interrupted: Unreachable, again in 1600 ms",
                ['r'] = "Resumed",
                ['m'] = "Modified cache-0 @19",
            });
        server.ToHaveBeenAsked(
            "list at 0 ms", "watch from 17 at 2 ms", "watch from 18 at 7 ms", "watch from 18 at 807 ms", "watch from 18 at 2407 ms");
    }

    [Fact]
    public void Microsofts_own_observables_and_observers_fit_the_operators()
    {
        var slice = Slice.Of("cache-abc", service: "cache").With("cache-0", "10.0.0.1");
        var source = _scheduler.CreateHotObservable(
            MicrosoftTest.OnNext(210, WatchEvents.Listed("17", slice)),
            MicrosoftTest.OnNext(230, WatchEvents.Deleted(slice, "18")),
            MicrosoftTest.OnCompleted<WatchEvent<EndpointSlice>>(240));

        var seen = _scheduler.Start(() => source.ToTopology().Select(t => $"{t.Version}: {t.Members}"));

        Assert.Equal(
            [MicrosoftTest.OnNext(210, "17: cache-0"), MicrosoftTest.OnNext(230, "18: "), MicrosoftTest.OnCompleted<string>(240)],
            seen.Messages);
        Assert.Equal([MicrosoftTest.Subscribe(200, 240)], source.Subscriptions);
    }

    private static string Text(WatchEvent<V1Pod> e) => e switch
    {
        WatchEvent<V1Pod>.Listed list => $"Listed {string.Join(",", list.Items.Select(p => p.Metadata.Name))} @{list.ResourceVersion}",
        WatchEvent<V1Pod>.Added(var pod, var version) => $"Added {pod.Metadata.Name} @{version}",
        WatchEvent<V1Pod>.Modified(var pod, var version) => $"Modified {pod.Metadata.Name} @{version}",
        WatchEvent<V1Pod>.Interrupted(var why) => $"Interrupted: {why.Kind}, again in {why.RetryAfter.TotalMilliseconds} ms",
        WatchEvent<V1Pod>.Resumed => "Resumed",
        _ => $"{e}",
    };
}
