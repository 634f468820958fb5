using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Guide;

public class DebounceTests
{
    protected virtual
    // <debounce>
    IObservable<T> Debounce<T>(IObservable<T> source, IScheduler clock) =>
        source.Settle(quiet: TimeSpan.FromSeconds(1), atMost: TimeSpan.FromSeconds(5), clock);

    [Fact]
    public void A_service_that_changes_all_the_time_is_still_seen_every_few_seconds()
    {
        var clock = new VirtualClock();
        var fourSeconds = string.Concat("abcdefgh".Select(change => $"{change} 499ms "));
        var tenMinutes = clock.Cold(string.Concat(Enumerable.Repeat(fourSeconds, 150)));

        var throttled = clock.Expect(tenMinutes.Throttle(TimeSpan.FromSeconds(1), clock));
        var debounced = clock.Expect(Debounce(tenMinutes, clock), "^ 20s !");

        throttled.ToBe("600500ms h");                 // nothing for ten minutes
        debounced.ToBe("5s c 5499ms f 5499ms a");     // the latest each time
    }
    // </debounce>

    [Fact]
    public void After_a_second_of_quiet_it_emits_and_it_ends_with_its_source()
    {
        var clock = new VirtualClock();
        var quiet = clock.Expect(Debounce(clock.Cold("a 400ms b 3s c|"), clock));
        var failed = clock.Expect(Debounce(clock.Cold("a-#"), clock));

        quiet.ToBe("1401ms b 2001ms (c|)");
        failed.ToBe("--#");
    }

    [Fact]
    public void Throttle_alone_is_found() =>
        GuidePage.ShowsHowItFails(
            "debounce-fails", new ThrottleAlone().A_service_that_changes_all_the_time_is_still_seen_every_few_seconds);

    [Fact]
    public void One_that_emits_the_first_of_a_burst_is_found() =>
        GuidePage.Fails(
            "expected c at 5000 ms, but a came", new FirstOfABurst().A_service_that_changes_all_the_time_is_still_seen_every_few_seconds);

    private sealed class ThrottleAlone : DebounceTests
    {
        protected override IObservable<T> Debounce<T>(IObservable<T> source, IScheduler clock) =>
            source.Throttle(TimeSpan.FromSeconds(1), clock);
    }

    private sealed class FirstOfABurst : DebounceTests
    {
        protected override IObservable<T> Debounce<T>(IObservable<T> source, IScheduler clock) =>
            source.Window(TimeSpan.FromSeconds(5), clock).SelectMany(w => w.Take(1));
    }
}
