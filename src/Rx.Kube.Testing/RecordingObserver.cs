using System.Reactive;
using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

internal sealed class RecordingObserver<T>(VirtualTimeScheduler<long, long> scheduler, int limit = int.MaxValue) : ITestObserver<T>
{
    /// <summary>What to do about a stream that does not end.</summary>
    public const string EndIt = "if it never ends, give the subscription an end, as in \"^ 10m !\"";

    private readonly List<Timed<Notification<T>>> _messages = [];

    public IReadOnlyList<Timed<Notification<T>>> Messages => _messages;

    /// <summary>What is wrong if more came than the limit; also thrown out of the run, whichever expectation asked for it.</summary>
    public MarbleAssertionException? OverLimit { get; private set; }

    public void OnNext(T value) => Add(Notification.CreateOnNext(value));

    public void OnError(Exception error) => Add(Notification.CreateOnError<T>(error));

    public void OnCompleted() => Add(Notification.CreateOnCompleted<T>());

    /// <summary>What the servers of this clock say of what was asked and not answered.</summary>
    public string ScriptNotes => Testing.ScriptNotes.Of(scheduler);

    private void Add(Notification<T> notification)
    {
        if (_messages.Count == limit)
        {
            scheduler.Stop();
            throw OverLimit = new($"The stream said more than {limit} things by {scheduler.Frame()} ms: {EndIt}");
        }

        _messages.Add(new(scheduler.Clock, notification));
    }
}
