using System.Reactive;

namespace Rx.Kube.Tests.Reactive;

/// <summary>The gate between several threads and one observer.</summary>
public sealed class LatestValueGateTests
{
    private readonly List<string> _received = [];

    [Fact]
    public void Only_the_latest_value_waits()
    {
        var gate = Gate();
        gate.Put(1);
        gate.Put(2);
        gate.Run();
        gate.Run();

        Assert.Equal(["2"], _received);
    }

    [Fact]
    public void A_value_put_during_a_call_follows_the_call()
    {
        LatestValueGate<int>? gate = null;
        gate = Gate(value =>
        {
            if (value == 1)
            {
                gate!.Put(2);
                gate.Put(3);
                gate.Run();
                _received.Add("back");
            }
        });
        gate.Put(1);
        gate.Run();

        Assert.Equal(["1", "back", "3"], _received);
    }

    [Fact]
    public void Completion_follows_the_waiting_value_and_nothing_follows_completion()
    {
        var gate = Gate();
        gate.Put(1);
        gate.End();
        gate.Put(2);
        gate.End(new TimeoutException());
        gate.Run();
        gate.Run();

        Assert.Equal(["1", "completed"], _received);
    }

    [Fact]
    public void An_error_replaces_the_waiting_value()
    {
        var gate = Gate();
        gate.Put(1);
        gate.End(new TimeoutException("late"));
        gate.Run();

        Assert.Equal(["late"], _received);
    }

    [Fact]
    public void After_an_exception_of_the_observer_nothing_is_delivered()
    {
        var gate = Gate(_ => throw new InvalidOperationException("mine"));
        gate.Put(1);

        Assert.Throws<InvalidOperationException>(gate.Run);
        gate.Put(2);
        gate.Run();
        Assert.Equal(["1"], _received);
    }

    private LatestValueGate<int> Gate(Action<int>? onNext = null) => new(Observer.Create<int>(
        value =>
        {
            _received.Add($"{value}");
            onNext?.Invoke(value);
        },
        error => _received.Add(error.Message),
        () => _received.Add("completed")));
}
