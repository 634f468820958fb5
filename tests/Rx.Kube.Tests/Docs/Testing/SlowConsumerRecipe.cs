using System.Reactive.Linq;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Testing;

public class SlowConsumerRecipe
{
    // <code>
    static IObservable<T> OneAtATime<T>(IObservable<T> snapshots, Func<T, IObservable<T>> handle) where T : class =>
        snapshots.Replay(latest =>
        {
            T? handled = null;
            return Observable.Defer(() => latest.Where(t => t != handled).Take(1).Do(t => handled = t).SelectMany(handle)).Repeat();
        }, 1);
    // </code>

    // <test>
    [Fact]
    public void MySlowHandler_GetsTheNewest_AndNoQueueGrows()
    {
        var clock = new VirtualClock();
        var snapshots = Observable.Interval(TimeSpan.FromMilliseconds(100), clock).Select(n => $"snapshot {n}");
        IObservable<string> Handle(string snapshot) => Observable.Return(snapshot).Delay(TimeSpan.FromSeconds(2), clock);

        clock.Expect(oneAtATime(snapshots, Handle), "^ 9s !").ToBe("2100ms a 1999ms b 1999ms c 1999ms d", new Dictionary<char, string>
        {
            ['a'] = "snapshot 0",
            ['b'] = "snapshot 20",
            ['c'] = "snapshot 40",
            ['d'] = "snapshot 60",
        });
    }
    // </test>

    private Func<IObservable<string>, Func<string, IObservable<string>>, IObservable<string>> oneAtATime = OneAtATime;

    [Fact]
    public void ItFindsAQueue() => Guide.FailsAsShown("SlowConsumer", () =>
    {
        oneAtATime = (snapshots, handle) => snapshots.Select(handle).Concat();
        MySlowHandler_GetsTheNewest_AndNoQueueGrows();
    });
}
