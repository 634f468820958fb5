using System.Reactive;

namespace Rx.Kube.Tests.Reactive;

public sealed class SerialGateTests
{
    [Fact]
    public void Values_that_arrive_during_a_call_follow_in_order_and_the_end_comes_last()
    {
        List<string> seen = [];
        SerialGate<int>? gate = null;
        var depth = 0;
        gate = new(Observer.Create<int>(
            value =>
            {
                Assert.Equal(0, depth++);
                if (value == 1)
                {
                    gate!.OnNext(2);
                    gate.OnNext(3);
                    gate.OnCompleted();
                }

                seen.Add($"{value}");
                depth--;
            },
            () => seen.Add("end")));

        gate.OnNext(1);
        gate.OnNext(4);

        Assert.Equal(["1", "2", "3", "end"], seen);
    }

    [Fact]
    public void An_error_drops_the_values_that_wait()
    {
        List<string> seen = [];
        SerialGate<int>? gate = null;
        gate = new(Observer.Create<int>(
            value =>
            {
                seen.Add($"{value}");
                gate!.OnNext(2);
                gate.OnError(new TimeoutException("late"));
            },
            error => seen.Add(error.Message)));

        gate.OnNext(1);

        Assert.Equal(["1", "late"], seen);
    }

    [Fact]
    public async Task Another_thread_returns_while_the_observer_is_busy_and_its_value_follows()
    {
        List<int> seen = [];
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var gate = new SerialGate<int>(Observer.Create<int>(value =>
        {
            seen.Add(value);
            if (value == 1)
            {
                entered.Set();
                release.Wait();
            }
        }));
        var busy = Task.Run(() => gate.OnNext(1));
        entered.Wait();

        gate.OnNext(2); // Returns at once.
        Assert.Equal([1], seen);
        release.Set();
        await busy;

        Assert.Equal([1, 2], seen);
    }
}
