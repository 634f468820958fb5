using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>A server in good health closes each watch at the lifetime that was requested. Nothing of this is an interruption.</summary>
public class HealthyDayTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void In_a_day_of_bookmarks_and_closes_nothing_is_reported(int seed) =>
        Assert.InRange(Watches(seed, everyMinute: true), 144, 289);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void In_a_day_without_changes_the_silent_watches_are_replaced_and_nothing_is_reported(int seed) =>
        Assert.InRange(Watches(seed, everyMinute: false), 560, 577);

    /// <summary>Checks that a day is one list and then only bookmarks; returns the number of watches.</summary>
    private static int Watches(int seed, bool everyMinute)
    {
        var clock = new VirtualClock();
        var server = new Server(clock, everyMinute);
        var seen = new List<WatchEvent<string>>();
        using (server.Resume(new() { Random = RandomSource.Seeded(seed) }, clock).Subscribe(seen.Add))
        {
            clock.AdvanceTo(TimeSpan.FromDays(1));
        }

        Assert.IsType<WatchEvent<string>.Listed>(seen[0]);
        Assert.All(seen.Skip(1), e => Assert.IsType<WatchEvent<string>.Bookmark>(e));
        return server.Watches;
    }

    private sealed class Server(IScheduler clock, bool everyMinute) : IWatchable<string>
    {
        private int _version = 17;

        public int Watches { get; private set; }

        public IObservable<WatchEvent<string>.Listed> List(ListOptions options) =>
            Observable.Return((WatchEvent<string>.Listed)WatchEvents.Listed("17", "x"));

        public IObservable<WatchEvent<string>> Watch(WatchOptions options) => Observable.Defer(() =>
        {
            Watches++;
            return Observable.Timer(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), clock)
                .Where(_ => everyMinute || _version == 17)
                .Select(_ => WatchEvents.Bookmark<string>($"{++_version}"))
                .StartWith(WatchEvents.Opened<string>())
                .TakeUntil(Observable.Timer(options.Timeout!.Value, clock));
        });
    }
}
