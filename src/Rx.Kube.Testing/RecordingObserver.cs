using System.Reactive;
using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

internal sealed class RecordingObserver<T>(VirtualTimeScheduler<long, long> scheduler, int limit = int.MaxValue) : ITestableObserver<T>
{
    private readonly List<Recorded<Notification<T>>> _messages = [];

    public IReadOnlyList<Recorded<Notification<T>>> Messages => _messages;

    /// <summary>Whether more came than the limit: the clock was stopped, because the stream would not have ended.</summary>
    public bool IsOverLimit { get; private set; }

    public void OnNext(T value) => Add(Notification.CreateOnNext(value));

    public void OnError(Exception error) => Add(Notification.CreateOnError<T>(error));

    public void OnCompleted() => Add(Notification.CreateOnCompleted<T>());

    /// <summary>What the servers of this clock say of what was asked and not answered.</summary>
    public string ScriptNotes => Testing.ScriptNotes.Of(scheduler);

    private void Add(Notification<T> notification)
    {
        if (_messages.Count == limit)
        {
            IsOverLimit = true;
            scheduler.Stop();
            return;
        }

        _messages.Add(new(scheduler.Clock, notification));
    }
}
