using System.Reactive;
using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

internal sealed class RecordingObserver<T>(VirtualTimeScheduler<long, long> scheduler, int limit = int.MaxValue) : ITestObserver<T>
{
    /// <summary>The remedy for a stream that does not complete.</summary>
    public const string EndIt = "if the stream never completes, give the subscription an end, as in \"^ 10m !\"";

    private readonly List<Timed<Notification<T>>> _messages = [];

    public IReadOnlyList<Timed<Notification<T>>> Messages => _messages;

    /// <summary>The failure if more came than the limit. It is also thrown out of the run, whichever expectation started it.</summary>
    public MarbleAssertionException? OverLimit { get; private set; }

    public void OnNext(T value) => Add(Notification.CreateOnNext(value));

    public void OnError(Exception error) => Add(Notification.CreateOnError<T>(error));

    public void OnCompleted() => Add(Notification.CreateOnCompleted<T>());

    /// <summary>The notes of the scripted servers of this clock on requests without an answer.</summary>
    public string ScriptNotes => Testing.ScriptNotes.Of(scheduler);

    private void Add(Notification<T> notification)
    {
        if (_messages.Count == limit)
        {
            scheduler.Stop();
            throw OverLimit = new($"The stream emitted more than {limit} notifications by {scheduler.Frame()} ms: {EndIt}");
        }

        _messages.Add(new(scheduler.Clock, notification));
    }
}
