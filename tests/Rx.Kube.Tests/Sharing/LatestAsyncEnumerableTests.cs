using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Rx.Kube.Tests.Sharing;

/// <summary>An observable in await foreach. Time limits only bound a failure.</summary>
public sealed class LatestAsyncEnumerableTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private readonly Subject<int> _source = new();

    public void Dispose() => _source.Dispose();

    [Fact]
    public void It_refuses_null_and_subscribes_with_the_first_MoveNextAsync()
    {
        Assert.Throws<ArgumentNullException>(() => KubeObservable.ToLatestAsyncEnumerable<int>(null!));
        var values = _source.ToLatestAsyncEnumerable().GetAsyncEnumerator();
        Assert.False(_source.HasObservers);
        _ = values.MoveNextAsync().AsTask();
        Assert.True(_source.HasObservers);
    }

    [Fact]
    public async Task Values_that_are_superseded_during_the_body_are_skipped()
    {
        var seen = new List<int>();
        var enumeration = EnumerateAsync();
        _source.OnNext(1);
        await enumeration.WaitAsync(_patience);
        Assert.Equal([1, 4, 5], seen);

        async Task EnumerateAsync()
        {
            await foreach (var value in _source.ToLatestAsyncEnumerable())
            {
                seen.Add(value);
                if (value == 1)
                {
                    _source.OnNext(2);
                    _source.OnNext(3);
                    _source.OnNext(4);
                }
                else if (value == 4)
                {
                    _source.OnNext(5);
                    _source.OnCompleted(); // The waiting value comes first.
                }
            }
        }
    }

    [Fact]
    public async Task A_break_disposes_the_subscription()
    {
        await foreach (var value in _source.StartWith(1).ToLatestAsyncEnumerable())
        {
            Assert.Equal(1, value);
            Assert.True(_source.HasObservers);
            break;
        }

        Assert.False(_source.HasObservers);
    }

    [Fact]
    public async Task An_error_is_thrown_from_MoveNextAsync_drops_the_waiting_value_and_ends_the_subscription()
    {
        var mine = new TimeoutException();
        await using var values = _source.ToLatestAsyncEnumerable().GetAsyncEnumerator();
        var first = values.MoveNextAsync();
        _source.OnNext(1);
        Assert.True(await first);
        _source.OnNext(2);
        _source.OnError(mine);

        Assert.Same(mine, await Record.ExceptionAsync(async () => await values.MoveNextAsync()));
        Assert.False(await values.MoveNextAsync());
    }

    [Fact]
    public async Task A_source_that_throws_in_Subscribe_is_an_error_of_MoveNextAsync()
    {
        var mine = new TimeoutException();
        await using var values = Observable.Create<int>(IDisposable (_) => throw mine).ToLatestAsyncEnumerable().GetAsyncEnumerator();

        Assert.Same(mine, await Record.ExceptionAsync(async () => await values.MoveNextAsync()));
    }

    [Fact]
    public async Task Cancellation_ends_a_wait_and_disposes_the_subscription()
    {
        using var cancellation = new CancellationTokenSource();
        await using var values = _source.ToLatestAsyncEnumerable().GetAsyncEnumerator(cancellation.Token);
        var waiting = values.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(_patience));
        Assert.False(_source.HasObservers);
    }

    [Fact]
    public async Task Cancellation_is_noticed_even_if_a_value_always_waits()
    {
        using var cancellation = new CancellationTokenSource();
        await using var values = _source.ToLatestAsyncEnumerable().GetAsyncEnumerator(cancellation.Token);
        var first = values.MoveNextAsync();
        _source.OnNext(1);
        Assert.True(await first);
        _source.OnNext(2);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await values.MoveNextAsync());
        Assert.False(_source.HasObservers);
    }

    [Fact]
    public async Task The_source_does_not_run_the_body_of_the_loop()
    {
        var (body, source) = (0, 0);
        var enumeration = Task.Run(async () =>
        {
            await foreach (var _ in _source.ToLatestAsyncEnumerable())
            {
                body = Environment.CurrentManagedThreadId;
            }
        });
        await Task.Factory.StartNew(
            () =>
            {
                source = Environment.CurrentManagedThreadId;
                SpinWait.SpinUntil(() => _source.HasObservers, _patience);
                _source.OnNext(1);
                _source.OnCompleted();
            },
            TaskCreationOptions.LongRunning).WaitAsync(_patience);
        await enumeration.WaitAsync(_patience);

        Assert.NotEqual(0, body);
        Assert.NotEqual(source, body);
    }

    [Fact]
    public async Task Two_enumerations_have_their_own_subscriptions()
    {
        var subscriptions = 0;
        var values = Observable.Defer(() => Observable.Return(++subscriptions)).ToLatestAsyncEnumerable();

        Assert.Equal(1, await First());
        Assert.Equal(2, await First());

        async Task<int> First()
        {
            await using var enumerator = values.GetAsyncEnumerator();
            Assert.True(await enumerator.MoveNextAsync());
            return enumerator.Current;
        }
    }
}
