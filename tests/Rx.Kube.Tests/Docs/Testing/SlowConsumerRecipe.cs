using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Testing;

public static class SlowConsumerRecipe
{
    // <code>
    static IObservable<T> OneAtATime<T>(IObservable<T> snapshots, Func<T, IObservable<T>> handle) where T : class =>
        snapshots.Replay(latest =>
        {
            T? handled = null;
            return Observable.Defer(() => latest.Where(t => t != handled).Take(1).Do(t => handled = t).SelectMany(handle)).Repeat();
        }, 1);
    // </code>

    public class Tests
    {
        /// <summary>Hides the method in the tests, so that a wrong one can take its place.</summary>
        private Func<IObservable<string>, Func<string, IObservable<string>>, IObservable<string>> OneAtATime { get; set; } = SlowConsumerRecipe.OneAtATime;

        // <test>
        [Fact]
        public void MySlowHandler_GetsTheNewest_AndNoQueueGrows()
        {
            var clock = new VirtualClock();
            var snapshots = Observable.Interval(TimeSpan.FromMilliseconds(100), clock).Select(n => $"snapshot {n}");
            IObservable<string> Handle(string snapshot) => Observable.Return(snapshot).Delay(TimeSpan.FromSeconds(2), clock);

            clock.Expect(OneAtATime(snapshots, Handle), "^ 9s !").ToBe("2100ms a 1999ms b 1999ms c 1999ms d", new Dictionary<char, string>
            {
                ['a'] = "snapshot 0",
                ['b'] = "snapshot 20",
                ['c'] = "snapshot 40",
                ['d'] = "snapshot 60",
            });
        }
        // </test>

        [Fact]
        public void ItFindsAQueue() => Guide.FailsAsShown("SlowConsumer", () =>
        {
            OneAtATime = (snapshots, handle) => snapshots.Select(handle).Concat();
            MySlowHandler_GetsTheNewest_AndNoQueueGrows();
        });
    }
}
