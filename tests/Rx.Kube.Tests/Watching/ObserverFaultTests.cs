using Rx.Kube.Testing;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Watching;

/// <summary>An exception of a subscriber's own must not get lost in a task: that is a stream which is silently dead.</summary>
public class ObserverFaultTests
{
    private static readonly ResourceKind<string> _names = new("", "v1", "pods", _ => "x");
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new();
    private readonly VirtualClock _clock = new();

    [Fact]
    public void WhoDoesNotHandleTheError_IsToldByTheScheduler()
    {
        using var subscription = Watchable().Resume(scheduler: _clock).Subscribe(_ => { });

        Answer(FakeHandler.Json(403, """{"kind":"Status","code":403,"reason":"Forbidden"}"""));

        Assert.Throws<KubeForbiddenException>(() => _clock.AdvanceTo(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void WhoThrowsWhenToldOfAnInterruption_IsToldByTheScheduler()
    {
        using var subscription = Watchable().Resume(scheduler: _clock).Subscribe(_ => throw new InvalidOperationException("mine"));

        Answer(FakeHandler.Json(503, ""));

        Assert.Equal("mine", Assert.Throws<InvalidOperationException>(() => _clock.AdvanceTo(TimeSpan.FromSeconds(1))).Message);
    }

    private void Answer(HttpResponseMessage answer)
    {
        SynchronizationContext.SetSynchronizationContext(null); // under one of xunit's the answer would be taken up on another thread
        _answer.SetResult(answer);
    }

    private IWatchable<string> Watchable() => KubeConnection.From(
        new HttpClient(new FakeHandler((_, _) => _answer.Task)) { Timeout = Timeout.InfiniteTimeSpan }, new Uri("http://api.test/"),
        options: new KubeConnectionOptions { Scheduler = _clock }).Resources(_names);
}
