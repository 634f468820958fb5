using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Tests.Stores;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Sharing;

/// <summary>Waiting for a resourceVersion.</summary>
public sealed class AtLeastTests : IDisposable
{
    private readonly Subject<ServiceTopology> _source = new();

    public void Dispose() => _source.Dispose();

    [Theory]
    [InlineData("41", false)]
    [InlineData("42", true)]
    [InlineData("100", true)]  // Longer, although "1" sorts before "4".
    [InlineData("9", false)]
    [InlineData("042", false)] // Not canonical, so it has no order.
    [InlineData("abc", false)]
    public void A_version_is_reached_by_an_equal_and_by_a_certainly_newer_one(string reached, bool passes)
    {
        var seen = new List<string>();
        using var subscription = _source.SkipUntilAtLeast("42").Subscribe(t => seen.Add(t.Version));
        _source.OnNext(Last(Listed(reached)));

        Assert.Equal(passes ? [reached] : [], seen);
    }

    [Fact]
    public void A_version_without_an_order_is_reached_by_itself_only()
    {
        var seen = new List<string>();
        using var subscription = _source.SkipUntilAtLeast("v2").Subscribe(t => seen.Add(t.Version));
        Array.ForEach(["v1", "7", "v3", "v2", "v1"], version => _source.OnNext(Last(Listed(version))));

        Assert.Equal(["v2", "v1"], seen);
    }

    [Fact]
    public async Task The_task_gives_the_first_snapshot_that_has_reached_the_version_and_unsubscribes()
    {
        var waiting = _source.AtLeastAsync("5");
        _source.OnNext(Last(Interrupted()));
        _source.OnNext(Last(Listed("4")));
        Assert.False(waiting.IsCompleted);
        _source.OnNext(Last(Listed("4"), Bookmark("6"), Interrupted())); // Stale, but it has reached the version.

        Assert.False(_source.HasObservers);
        Assert.Equal("6", (await waiting).Version);
    }

    [Fact]
    public async Task A_stale_snapshot_that_has_reached_the_version_is_enough_and_a_store_and_a_cluster_can_be_waited_for()
    {
        var cluster = new[] { Listed("1"), Added("7", Slice("a", Pod("p", "10.0.0.1"))) }.ToObservable().ToClusterTopology();
        Assert.Equal("7", (await cluster.AtLeastAsync("2")).Version);
        Assert.Equal("7", (await cluster.SkipUntilAtLeast("2").FirstAsync()).Version);

        var store = new[] { FakeResource.Listed("1"), FakeResource.Listed("8") }.ToObservable().ToStore();
        Assert.Equal("8", (await store.AtLeastAsync("2")).Version);
        Assert.Equal("8", (await store.SkipUntilAtLeast("2").FirstAsync()).Version);
    }

    [Fact]
    public async Task After_the_server_went_back_the_wait_continues_in_the_new_history()
    {
        var waiting = _source.AtLeastAsync("50");
        Array.ForEach(["49", "20", "30"], version => _source.OnNext(Last(Listed(version))));
        Assert.False(waiting.IsCompleted);
        _source.OnNext(Last(Listed("50")));

        Assert.Equal("50", (await waiting).Version);
    }

    [Fact]
    public async Task The_task_is_cancelled_by_its_token_and_unsubscribes()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = _source.AtLeastAsync("5", cancellation.Token);
        Assert.True(_source.HasObservers);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(_source.HasObservers);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _source.AtLeastAsync("5", cancellation.Token));
    }

    [Fact]
    public async Task The_task_fails_with_the_error_of_the_source_and_names_the_version_when_the_source_completes()
    {
        var mine = new TimeoutException();
        Assert.Same(mine, await Record.ExceptionAsync(() => Observable.Throw<ServiceTopology>(mine).AtLeastAsync("5")));

        var ended = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Observable.Return(Last(Listed("4"))).AtLeastAsync("5"));
        Assert.StartsWith("The stream completed before it reached version 5. To fix:", ended.Message, StringComparison.Ordinal);
    }
}
