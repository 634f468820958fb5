using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube.Testing;

/// <summary>The server that a recording is of. Its time starts with the first request.</summary>
internal sealed class RecordedWatch<T> : IWatchable<T>
{
    private readonly Recording _recording;
    private readonly RecordedDecoder<T> _decoder;
    private readonly IScheduler _scheduler;
    private readonly Lazy<IStopwatch> _clock;
    private readonly IReadOnlyList<RecordedOutage> _outages;

    // The list that was answered last. After a restore, a version may occur twice, and only a list tells which one a client means.
    private int _answered;

    public RecordedWatch(Recording recording, ResourceKind<T> kind, IScheduler scheduler)
    {
        (_recording, _decoder, _scheduler) = (recording, new RecordedDecoder<T>(kind, recording.Limits, default), scheduler);
        _clock = new(scheduler.StartStopwatch);
        _outages = RecordedOutage.Of(recording.Lines);
    }

    public IObservable<WatchEvent<T>.Listed> List(ListOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Answered(now =>
        {
            Volatile.Write(ref _answered, Find(version: null, now).List);
            return Observable.Return(RecordedState.At(_recording.Lines, now, _decoder));
        });
    }

    public IObservable<WatchEvent<T>> Watch(WatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.SendInitialEvents)
        {
            return Observable.Throw<WatchEvent<T>>(RecordedErrors.Status(422, "Invalid", "a recording has no streaming lists"));
        }

        var watch = Answered(now => Watch(options.FromVersion, now));
        return options.Timeout is { } timeout ? watch.TakeUntil(Observable.Timer(timeout, _scheduler)) : watch;
    }

    private IObservable<TResult> Answered<TResult>(Func<TimeSpan, IObservable<TResult>> answer) => Observable.Defer(() =>
    {
        var now = _clock.Value.Elapsed;
        return _outages.FirstOrDefault(o => o.Has(now)) switch
        {
            null => answer(now),
            var outage when outage.Refuse() is { } error => Observable.Throw<TResult>(error),
            { End: null } => Observable.Never<TResult>(),
            { End: { } end } => Observable.Timer(end - now, _scheduler).SelectMany(_ => answer(Later(end))),
        };
    });

    // A timer may be early or late.
    private TimeSpan Later(TimeSpan end) => _clock.Value.Elapsed is var now && now > end ? now : end;

    private IObservable<WatchEvent<T>> Watch(string version, TimeSpan now)
    {
        var (from, list, isTwice) = Find(version, now);
        return from < list || (isTwice && Volatile.Read(ref _answered) < list)
            ? Observable.Throw<WatchEvent<T>>(RecordedErrors.Gone($"the recording has no events after version {version}"))
            : Playback.Of(After(from, now), _clock.Value, _scheduler).StartWith(new WatchEvent<T>.Opened());
    }

    /// <summary>
    /// Finds the last line up to a time that reached a version, the last list, and whether the version was reached before that list.
    /// </summary>
    private (int From, int List, bool IsTwice) Find(string? version, TimeSpan now)
    {
        var lines = _recording.Lines;
        var (from, list, isTwice) = (-1, 0, false);
        for (var i = 0; i < lines.Length && lines[i].At <= now; i++)
        {
            list = lines[i] is RecordedLine.List ? i : list;
            if (lines[i].VersionReached == version)
            {
                isTwice |= from >= 0 && from < list;
                from = i;
            }
        }

        return (from, list, isTwice);
    }

    private IEnumerable<Timed<Notification<WatchEvent<T>>>> After(int from, TimeSpan now)
    {
        var lost = _outages.FirstOrDefault(o => o.Start > now);
        var lines = _recording.Lines;
        for (var i = from + 1; i < (lost?.Index ?? lines.Length); i++)
        {
            if (lines[i] is RecordedLine.Change or RecordedLine.Bookmark or RecordedLine.Skipped && _decoder.Event(lines[i]) is { } next)
            {
                yield return Timed.OnNext(lines[i].At.Ticks, next);
            }
        }

        if (lost is not null)
        {
            yield return lost.Break is { } error
                ? Timed.OnError<WatchEvent<T>>(lost.Start.Ticks, error)
                : Timed.OnCompleted<WatchEvent<T>>(lost.Start.Ticks);
        }
    }
}
