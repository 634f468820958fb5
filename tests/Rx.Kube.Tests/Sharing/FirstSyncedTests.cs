using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Connection.Support;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Sharing;

/// <summary>Waiting for the first complete list does not hide why there is none.</summary>
public sealed class FirstSyncedTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);
    private readonly VirtualClock _clock = new();
    private readonly Subject<WatchEvent<EndpointSlice>> _events = new();

    [Fact]
    public async Task The_first_complete_snapshot_ends_the_wait_and_the_subscription()
    {
        var first = _events.ToTopology().FirstSyncedAsync(_timeout, _clock);
        _events.OnNext(Interrupted());
        Assert.False(first.IsCompleted);
        _events.OnNext(Listed("17", Slice("a")));

        Assert.Equal("17", (await first).Version);
        Assert.False(_events.HasObservers);
        Assert.True(_clock.IsIdle);
    }

    [Fact]
    public async Task A_timeout_says_why_the_last_attempt_failed()
    {
        var cause = new KubeTransportException("connection refused");
        var first = _events.ToTopology().FirstSyncedAsync(_timeout, _clock);
        _events.OnNext(new WatchEvent<EndpointSlice>.Interrupted(Interruption with { Message = "connection refused", Error = cause }));
        _clock.AdvanceTo(_timeout);

        var error = await Assert.ThrowsAsync<FirstSyncTimeoutException>(() => first);
        Assert.Equal(
            "No complete list arrived within 10 s. The last attempt failed: Unreachable: connection refused", error.Message);
        Assert.Same(cause, error.InnerException);
        Assert.Equal("connection refused", error.Interruption!.Message);
        Assert.False(_events.HasObservers);
    }

    [Fact]
    public async Task A_timeout_without_a_failure_says_that_the_server_has_not_answered()
    {
        var first = _events.ToStore().FirstSyncedAsync(_timeout, _clock);
        _clock.AdvanceTo(_timeout);

        var error = await Assert.ThrowsAsync<FirstSyncTimeoutException>(() => first);
        Assert.Null(error.Interruption);
        Assert.Contains("The server has not answered, or has not sent the whole list. To fix: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_names_the_plugin_that_the_connection_waits_for()
    {
        using var folder = new TempFolder();
        folder.Write("config", """
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
            users:
            - {name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: sleep, args: ["30"], interactiveMode: Never}}}
            """);
        using var kube = KubeConnection.FromKubeconfig(folder["config"], options: new() { Scheduler = _clock });
        var first = kube.EndpointSlices("n", "cache").Resume(scheduler: _clock).ToTopology().FirstSyncedAsync(_timeout, kube);
        SpinWait.SpinUntil(() => kube.WaitingFor is not null); // a real process has to start
        _clock.AdvanceTo(_timeout);

        var error = await Assert.ThrowsAsync<FirstSyncTimeoutException>(() => first);
        Assert.Equal(
            $"No complete list arrived within 10 s. Still waiting for the exec plugin \"sleep\" of user \"u\" in {folder["config"]}.",
            error.Message);
    }

    [Fact]
    public void A_timeout_names_a_failure_that_is_not_an_interruption_yet()
    {
        var http = new ScriptedHttp(_clock)
        {
            Responses = [new("#refused", _ => []), ScriptedResponse.Of(SliceJson.List("17"))],
        };
        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = _clock });
        using var watching = kube.EndpointSlices("n", "cache")
            .Resume(ResumeOptions.WithoutJitter with { StreamingLists = false }, _clock).Subscribe(_ => { });
        _clock.AdvanceTo(TimeSpan.FromMilliseconds(100));
        Assert.StartsWith("kube refuses connections", kube.LastFailure, StringComparison.Ordinal); // the next attempt is due at 800 ms

        var error = new FirstSyncTimeoutException(TimeSpan.FromMilliseconds(100), null, kube);
        Assert.StartsWith(
            "No complete list arrived within 0.1 s. The last attempt failed: kube refuses connections", error.Message,
            StringComparison.Ordinal);
        Assert.Equal(kube.LastFailure, error.LastFailure);

        _clock.AdvanceTo(TimeSpan.FromMilliseconds(900));
        Assert.Null(kube.LastFailure);
    }

    [Fact]
    public async Task The_end_of_the_stream_and_the_token_end_the_wait()
    {
        using var cancellation = new CancellationTokenSource();
        var cancelled = _events.ToClusterTopology().FirstSyncedAsync(_timeout, _clock, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        var failed = _events.ToTopology().FirstSyncedAsync(_timeout, _clock);
        _events.OnError(new KubeTransportException("broken"));
        await Assert.ThrowsAsync<KubeTransportException>(() => failed);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Observable.Empty<ServiceTopology>().FirstSyncedAsync(_timeout, _clock));
        Assert.True(_clock.IsIdle);
    }

    [Fact]
    public async Task What_follows_the_wait_does_not_run_inside_OnNext()
    {
        var thread = 0;
        var first = _events.ToTopology().FirstSyncedAsync(_timeout, _clock);
        var after = Task.Run(async () =>
        {
            await first.ConfigureAwait(false);
            thread = Environment.CurrentManagedThreadId;
        });
        while (after.Status != TaskStatus.WaitingForActivation)
        {
            await Task.Yield();
        }

        await Task.Factory.StartNew(
            () =>
            {
                _events.OnNext(Listed("17", Slice("a")));
                Assert.NotEqual(Environment.CurrentManagedThreadId, Volatile.Read(ref thread));
            },
            TaskCreationOptions.LongRunning);
        await after;
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var source = Observable.Never<ServiceTopology>();
        Assert.Throws<ArgumentNullException>(() => { _ = ((IObservable<ServiceTopology>)null!).FirstSyncedAsync(_timeout); });
        Assert.Throws<ArgumentNullException>(() => { _ = source.FirstSyncedAsync(_timeout, scheduler: null!); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = source.FirstSyncedAsync(TimeSpan.Zero); });
    }
}
