using Rx.Kube.Testing;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Watching;

/// <summary>An exception of a subscriber must not get lost in a task: the stream would be dead without notice.</summary>
public class ObserverFaultTests
{
    private static readonly ResourceKind<string> _names = new("", "v1", "pods", _ => "x");
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new();
    private readonly VirtualClock _clock = new();

    [Fact]
    public void An_error_without_an_OnError_handler_is_thrown_on_the_scheduler()
    {
        using var subscription = Watchable().Resume(scheduler: _clock).Subscribe(_ => { });

        Answer(FakeHandler.Json(403, """{"kind":"Status","code":403,"reason":"Forbidden"}"""));

        Assert.Throws<KubeForbiddenException>(() => _clock.AdvanceTo(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void An_exception_of_the_subscriber_is_thrown_on_the_scheduler()
    {
        using var subscription = Watchable().Resume(scheduler: _clock).Subscribe(_ => throw new InvalidOperationException("mine"));

        Answer(FakeHandler.Json(503, ""));

        Assert.Equal("mine", Assert.Throws<InvalidOperationException>(() => _clock.AdvanceTo(TimeSpan.FromSeconds(1))).Message);
    }

    private void Answer(HttpResponseMessage answer)
    {
        SynchronizationContext.SetSynchronizationContext(null); // with xunit's the continuation would run on another thread
        _answer.SetResult(answer);
    }

    private IWatchable<string> Watchable() => KubeConnection.From(
        new HttpClient(new FakeHandler((_, _) => _answer.Task)) { Timeout = Timeout.InfiniteTimeSpan }, new Uri("http://api.test/"),
        options: new KubeConnectionOptions { Scheduler = _clock }).Resources(_names);
}
