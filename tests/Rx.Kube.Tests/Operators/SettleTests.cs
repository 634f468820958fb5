using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Runtime.CompilerServices;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Operators;

/// <summary>With 3 ms of quiet, and at most 8 ms.</summary>
public class SettleTests
{
    private readonly VirtualClock _clock = new();

    [Theory]
    [InlineData("one value waits for quiet", "a 1s", "---a")]
    [InlineData("the latest after quiet", "a-b-c 1s", "7ms c")]
    [InlineData("quiet begins with the last value", "a-b 9ms c 1s", "5ms b 9ms c")]
    [InlineData("never quiet: the bound counts from the first", "abcdefghijklmnopqrstuvwxyz 1s", "8ms i 8ms r 8ms z")]
    [InlineData("the bound counts from the first waiting value", "a 20ms b-c-d-e-f-g-h 1s", "---a 25ms f 6ms h")]
    [InlineData("several in one frame are one", "[abc] 1s", "---c")]
    [InlineData("the end emits the waiting value", "a-b|", "---(b|)")]
    [InlineData("the end when no value waits", "a 9ms |", "---a 6ms |")]
    [InlineData("an error drops the waiting value", "a-b#", "---#")]
    public void The_latest_value_comes_after_the_quiet_time_and_no_later_than_the_bound(string what, string source, string expected)
    {
        Assert.NotEmpty(what);
        _clock.Expect(Settled(_clock.Cold(source)), "^ 500ms !").ToBe(expected);
    }

    [Fact]
    public void A_zero_quiet_time_gives_the_latest_value_of_each_frame() =>
        _clock.Expect(_clock.Cold("[ab]-c|").Settle(TimeSpan.Zero, Ms(5), _clock)).ToBe("b-c|");

    [Fact]
    public void The_longest_times_are_waited_for()
    {
        _clock.Expect(_clock.Cold("a 200000s b").Settle(TimeSpan.FromDays(1), TimeSpan.FromDays(1), _clock), "^ 400000s !")
            .ToBe("86400s a 199999s 1000ms b 113599s 999ms");
    }

    [Fact]
    public void A_subscriber_that_pushes_into_the_source_is_not_called_recursively()
    {
        using var source = new Subject<char>();
        var (seen, depth) = (new List<char>(), 0);
        using var subscription = Settled(source).Subscribe(value =>
        {
            Assert.Equal(1, ++depth);
            seen.Add(value);
            if (value < 'c')
            {
                source.OnNext((char)(value + 1));
            }

            depth--;
        });
        source.OnNext('a');
        _clock.AdvanceBy(Ms(50));
        Assert.Equal("abc", string.Concat(seen));
    }

    [Fact]
    public void The_source_does_not_wait_for_a_busy_subscriber_which_then_gets_the_latest_value()
    {
        using var source = new Subject<char>();
        var seen = new List<char>();
        using var subscription = Settled(source).Subscribe(value =>
        {
            seen.Add(value);
            if (value == 'a')
            {
                // Waiting for the source here would deadlock if the source had to wait for a lock.
                OnAnotherThread(() =>
                {
                    source.OnNext('b');
                    source.OnNext('c');
                });
                _clock.Sleep(Ms(20).Ticks);
                Assert.Equal("a", string.Concat(seen));
            }
        });
        source.OnNext('a');
        _clock.AdvanceBy(Ms(50));
        Assert.Equal("ac", string.Concat(seen));
    }

    [Theory]
    [InlineData(false, "ab|")]
    [InlineData(true, "a#")]
    public void The_end_waits_for_a_busy_subscriber(bool fails, string expected)
    {
        using var source = new Subject<char>();
        var seen = "";
        using var subscription = Settled(source).Subscribe(
            value =>
            {
                seen += value;
                if (value == 'a')
                {
                    OnAnotherThread(() =>
                    {
                        source.OnNext('b');
                        (fails ? () => source.OnError(new TimeoutException()) : (Action)source.OnCompleted)();
                    });
                    Assert.Equal("a", seen);
                }
            },
            _ => seen += "#",
            () => seen += "|");
        source.OnNext('a');
        _clock.AdvanceBy(Ms(3));
        Assert.Equal(expected, seen);
        Assert.False(source.HasObservers);
    }

    [Fact]
    public void Nothing_follows_a_disposal_by_another_thread_during_OnNext()
    {
        using var source = new Subject<char>();
        var seen = "";
        IDisposable? subscription = null;
        subscription = Settled(source).Subscribe(value =>
        {
            seen += value;
            OnAnotherThread(() =>
            {
                source.OnNext('b');
                source.OnCompleted();
                subscription!.Dispose();
            });
        }, () => seen += "|");
        source.OnNext('a');
        _clock.AdvanceBy(Ms(50));
        Assert.Equal("a", seen);
    }

    [Fact]
    public void On_real_threads_calls_are_serialized_and_ordered_and_the_last_value_comes()
    {
        for (var round = 0; round < 50; round++)
        {
            var grammar = new GrammarLog();
            using var source = new Subject<int>();
            using var isOver = new ManualResetEventSlim();
            var seen = new List<int>();
            using var subscription = source.Settle(TimeSpan.FromTicks(1), TimeSpan.FromTicks(2000))
                .ValidateGrammar(grammar).Subscribe(seen.Add, isOver.Set);
            var count = 0;
            Parallel.For(0, 2, _ =>
            {
                for (var i = 0; i < 2000; i++)
                {
                    lock (source)
                    {
                        source.OnNext(++count);
                    }
                }
            });
            source.OnCompleted();

            Assert.True(isOver.Wait(TimeSpan.FromSeconds(30)));
            grammar.ToHaveNoViolations();
            Assert.Equal(seen.Distinct().Order(), seen);
            Assert.Equal(4000, seen[^1]);
        }
    }

    [Fact]
    public void A_superseded_value_costs_no_memory()
    {
        using var source = new Subject<string>();
        using var subscription = source.Settle(TimeSpan.FromHours(1), TimeSpan.FromHours(2)).Subscribe(_ => { });
        source.OnNext("a");
        source.OnNext("b");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            source.OnNext("c");
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_emitted_value_is_not_kept_alive()
    {
        using var source = new Subject<object>();
        using var subscription = source.Settle(Ms(3), Ms(8), _clock).Subscribe(_ => { });
        var value = Send(source);
        _clock.AdvanceBy(Ms(50));
        GC.Collect();
        Assert.False(value.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Send(Subject<object> source)
        {
            var value = new object();
            source.OnNext(value);
            return new WeakReference(value);
        }
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private static void OnAnotherThread(Action act) =>
        Assert.True(Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .Wait(TimeSpan.FromSeconds(30)));

    private IObservable<char> Settled(IObservable<char> source) => source.Settle(Ms(3), Ms(8), _clock);
}
