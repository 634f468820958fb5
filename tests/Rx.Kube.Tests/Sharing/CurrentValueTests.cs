using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Rx.Kube.Tests.Sharing;

/// <summary>The holder of the newest value.</summary>
public sealed class CurrentValueTests
{
    private readonly Subject<string> _source = new();

    [Fact]
    public void It_has_nothing_until_the_first_value_and_says_so()
    {
        using var current = _source.ToCurrentValue();

        Assert.Null(current.Value);
        var error = Assert.Throws<InvalidOperationException>(() => current.Required);
        Assert.Contains("No value has arrived yet", error.Message, StringComparison.Ordinal);
        _source.OnNext("a");
        _source.OnNext("b");
        Assert.Equal(("b", "b"), (current.Value, current.Required));
    }

    [Fact]
    public void Disposing_it_ends_the_subscription_and_keeps_the_value()
    {
        var current = _source.ToCurrentValue();
        _source.OnNext("a");
        current.Dispose();
        current.Dispose();

        Assert.False(_source.HasObservers);
        Assert.Equal("a", current.Value);
    }

    [Fact]
    public void An_error_goes_to_the_handler_and_the_value_stays()
    {
        var errors = new List<Exception>();
        using var current = _source.ToCurrentValue(errors.Add);
        _source.OnNext("a");
        var error = new KubeTransportException("broken");
        _source.OnError(error);

        Assert.Same(error, Assert.Single(errors));
        Assert.Equal("a", current.Required);
    }

    [Fact]
    public void An_error_without_a_handler_is_not_lost()
    {
        using var current = _source.ToCurrentValue();
        Assert.Throws<KubeTransportException>(() => _source.OnError(new KubeTransportException("broken")));
    }

    [Fact]
    public void A_source_that_emits_inside_Subscribe_is_current_at_once()
    {
        using var current = Observable.Return("a").ToCurrentValue();
        Assert.Equal("a", current.Value);
        Assert.Throws<ArgumentNullException>(() => ((IObservable<string>)null!).ToCurrentValue());
    }
}
