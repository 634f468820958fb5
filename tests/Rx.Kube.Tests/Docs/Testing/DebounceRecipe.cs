using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Operators;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Testing;

public static class DebounceRecipe
{
    // <code>
    static IObservable<T> Calm<T>(IObservable<T> changes, IScheduler scheduler) =>
        changes.Settle(quiet: TimeSpan.FromSeconds(1), atMost: TimeSpan.FromSeconds(5), scheduler);
    // </code>

    public class Tests
    {
        /// <summary>Hides the method in the tests, so that a wrong one can take its place.</summary>
        private Func<IObservable<char>, IScheduler, IObservable<char>> Calm { get; set; } = DebounceRecipe.Calm;

        // <test>
        [Fact]
        public void MyDebounce_DoesNotStarve()
        {
            var clock = new VirtualClock();
            var everyHalfSecond = clock.Cold(string.Concat(Enumerable.Repeat("a 499ms ", 30)) + "10s b");

            clock.Expect(Calm(everyHalfSecond, clock), "^ 1m !").ToBe("5s a 5499ms a 4999ms a 10499ms b");
        }
        // </test>

        [Fact]
        public void ItFindsADebounceThatStarves() => Guide.FailsAsShown("Debounce", () =>
        {
            Calm = (changes, scheduler) => changes.Throttle(TimeSpan.FromSeconds(1), scheduler);
            MyDebounce_DoesNotStarve();
        });
    }
}
