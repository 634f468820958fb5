using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.Watching.ResumeRun;

namespace Rx.Kube.Tests.Watching;

/// <summary>A user need not wait for the backoff.</summary>
public sealed class RetryNowTests
{
    private readonly VirtualClock _clock = new();
    private readonly Subject<Unit> _retry = new();
    private readonly List<WatchEvent<string>> _seen = [];

    [Fact]
    public void A_wait_ends_at_once_and_the_next_one_keeps_growing()
    {
        var server = Script(_clock, ["#unreachable", "#unreachable", "(l|)"], [""]);
        using var subscription = Subscribe(server, LongWaits);
        At(500, 600);
        _clock.AdvanceTo(TimeSpan.FromSeconds(1));

        server.ToHaveBeenAsked("list at 0 ms", "list at 500 ms", "list at 600 ms", "watch from 17 at 600 ms");
        Assert.Equal(
            [2, 4], _seen.OfType<WatchEvent<string>.Interrupted>().Select(i => i.Interruption.RetryAfter.TotalSeconds));
        Assert.Equal([1, 2], _seen.OfType<WatchEvent<string>.Interrupted>().Select(i => i.Interruption.FailedAttempts));
    }

    [Fact]
    public void It_does_not_shorten_the_wait_that_the_server_asked_for()
    {
        var asks = new KubeStatusException("slow down", new KubeStatus(429, "TooManyRequests", "", []), TimeSpan.FromSeconds(7));
        var server = Script(_clock, ["#", "(l|)"], [""], MarbleErrors.FromException(asks));
        using var subscription = Subscribe(server, NoJitter);
        At(10);
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));

        server.ToHaveBeenAsked("list at 0 ms", "list at 7000 ms", "watch from 17 at 7000 ms");
    }

    [Fact]
    public void Outside_of_a_wait_nothing_happens_and_the_end_of_the_signal_is_ignored()
    {
        var server = Script(_clock, ["(l|)"], ["a 2s #unreachable", "b"]);
        using var subscription = Subscribe(server, LongWaits);
        At(1);
        _clock.AdvanceTo(TimeSpan.FromSeconds(1));
        _retry.OnCompleted();
        _clock.AdvanceTo(TimeSpan.FromSeconds(30));

        server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 0 ms", "watch from 18 at 2001 ms");
    }

    [Fact]
    public void One_subscription_to_the_signal_serves_a_stream_until_it_is_disposed()
    {
        var subscriptions = 0;
        var signal = Observable.Defer(() =>
        {
            subscriptions++;
            return _retry;
        });
        var server = Script(_clock, ["#unreachable", "#unreachable", "(l|)"], [""]);
        var subscription = server.Resume(LongWaits with { RetryNow = signal }, _clock).Subscribe(_ => { });
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));
        Assert.Equal(1, subscriptions);
        Assert.True(_retry.HasObservers);
        subscription.Dispose();
        Assert.False(_retry.HasObservers);
    }

    [Fact]
    public void A_signal_that_emits_on_subscription_is_no_busy_loop()
    {
        var server = Script(_clock, ["#unreachable", "(l|)"], [""]);
        var options = LongWaits with { RetryNow = new BehaviorSubject<Unit>(default) };
        using var subscription = server.Resume(options, _clock).Subscribe(_ => { });
        _clock.AdvanceTo(TimeSpan.FromSeconds(3));

        server.ToHaveBeenAsked("list at 0 ms", "list at 2000 ms", "watch from 17 at 2000 ms");
    }

    [Fact]
    public void An_error_of_the_signal_is_the_error_of_the_stream()
    {
        var server = Script(_clock, ["#unreachable"], []);
        var errors = new List<Exception>();
        using var subscription = server.Resume(LongWaits with { RetryNow = _retry }, _clock).Subscribe(_ => { }, errors.Add);
        _clock.AdvanceTo(TimeSpan.FromMilliseconds(100));
        _retry.OnError(new InvalidOperationException("mine"));

        Assert.Equal("mine", Assert.Single(errors).Message);
    }

    private IDisposable Subscribe(ScriptedWatch<string> server, ResumeOptions options) =>
        server.Resume(options with { RetryNow = _retry }, _clock).Subscribe(_seen.Add);

    private void At(params int[] frames)
    {
        foreach (var frame in frames)
        {
            _clock.ScheduleAbsolute(frame * VirtualTime.TicksPerFrame, () => _retry.OnNext(default));
        }
    }
}
