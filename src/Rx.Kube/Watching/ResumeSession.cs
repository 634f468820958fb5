using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// The state of one subscription to a resumed stream. An attempt is one list or one watch, with the wait after it. It ends with OnCompleted
/// when another attempt follows, and with OnError when none can.
/// </summary>
internal sealed class ResumeSession<T>(IWatchable<T> source, ResumeOptions options, IScheduler scheduler)
{
    private static readonly TimeSpan CapGrace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan InstantClose = TimeSpan.FromSeconds(1);
    private readonly Func<double> _random = options.Random.NewSequence();

    // The wall clock may be set; lifetimes are measured on this one.
    private readonly IStopwatch _clock = scheduler.StartStopwatch();

    /// <summary>Where the next watch starts; null when a list is needed first.</summary>
    private string? _cursor;

    /// <summary>The version the next list must have reached; null for the most recent one.</summary>
    private string? _notOlderThan;

    /// <summary>Whether a watch has ever been open; after that no error is fatal.</summary>
    private bool _established;

    private DateTimeOffset? _interruptedSince;
    private int _failures;
    private TimeSpan? _openedAt;
    private bool _heard;
    private bool _bookmarked;
    private bool _goneBefore;
    private bool _instantBefore;

    /// <summary>The next list or watch.</summary>
    public IObservable<WatchEvent<T>> Attempt()
    {
        (_openedAt, _heard) = (null, false);
        return Observable.Defer(() => _cursor is null ? List() : Watch(_cursor)).Catch<WatchEvent<T>, Exception>(Failed);
    }

    private IObservable<WatchEvent<T>> List() =>
        source.List(_notOlderThan is null ? ListOptions.MostRecent : new ListOptions { NotOlderThan = _notOlderThan })
            .Select(list =>
            {
                _cursor = list.ResourceVersion;
                _interruptedSince = null;
                return list;
            });

    private IObservable<WatchEvent<T>> Watch(string from)
    {
        // A silent watch is replaced like a closed one: the answer distinguishes a dead connection from an idle server, which sends
        // bookmarks only when versions move. The lifetime of each watch is random, so that clients do not reconnect together.
        var life = TimeSpan.FromSeconds(Math.Floor(options.WatchTimeout.TotalSeconds * (1 + _random())));
        var request = source.Watch(new WatchOptions(from) { Timeout = life });
        var watch = SilenceWatchdog<T>.Create(request, options.SilenceTimeout, _bookmarked, scheduler)
            .Catch<WatchEvent<T>, TimeoutException>(_ => Observable.Empty<WatchEvent<T>>())
            .TakeUntil(Observable.Timer(life + CapGrace, scheduler));
        return (_interruptedSince is null ? watch : ResumedSignal<T>.Create(watch, InstantClose, scheduler))
            .Do(Note)
            .Where(e => e is not WatchEvent<T>.Opened)
            .Concat(Observable.Defer(Closed));
    }

    private void Note(WatchEvent<T> e)
    {
        switch (e)
        {
            case WatchEvent<T>.Opened:
                _established = true;
                _openedAt = _clock.Elapsed;
                return;
            case WatchEvent<T>.Resumed:
                _interruptedSince = null;
                return;
        }

        _heard = true;
        _bookmarked |= e is WatchEvent<T>.Bookmark;
        if (e.VersionReached is { Length: > 0 } version && !ResourceVersion.IsOlder(version, than: _cursor!))
        {
            _cursor = version;
        }
    }

    private IObservable<WatchEvent<T>> Closed()
    {
        if (_openedAt is null)
        {
            return Wait(new(InterruptionKind.Silent, "the server did not answer the watch"));
        }

        var isInstant = Life < InstantClose;
        if (isInstant && (!_heard || _instantBefore))
        {
            return Wait(new(InterruptionKind.Closed, "the server closed the watch as soon as it was open"));
        }

        _instantBefore = isInstant;
        _goneBefore &= isInstant;
        return Observable.Empty<WatchEvent<T>>();
    }

    private TimeSpan Life => _openedAt is { } opened ? _clock.Elapsed - opened : TimeSpan.Zero;

    private IObservable<WatchEvent<T>> Failed(Exception error)
    {
        var failure = Failure.Of(error);
        if (failure.IsFatal || (failure.IsFatalAtFirst && !_established))
        {
            return Observable.Throw<WatchEvent<T>>(error);
        }

        if (Life >= InstantClose)
        {
            _instantBefore = false;
            _goneBefore &= !_heard;
        }

        // A version that is gone is routine: the list follows at once. Gone again without progress is a failure, and
        // backs off; events of a watch that was gone within a second are no progress, or requests would follow as fast as the answers.
        var atOnce = failure.Kind == InterruptionKind.Expired && (!_goneBefore || (_notOlderThan is not null && _cursor is null));
        _goneBefore |= atOnce;
        if (failure.NeedsList)
        {
            // The next list is not older than the last version, which spares etcd; if that fails, the most recent one.
            _notOlderThan = _cursor;
            _cursor = null;
        }

        return Wait(failure, atOnce);
    }

    private IObservable<WatchEvent<T>> Wait(Failure failure, bool atOnce = false)
    {
        if (Life >= options.Backoff.ResetAfter)
        {
            _failures = 0;
        }

        var delay = atOnce ? TimeSpan.Zero : options.Backoff.Delay(_failures++, _random());
        if (failure.RetryAfter > delay)
        {
            delay = failure.RetryAfter.Value;
        }

        var now = scheduler.Now;
        _interruptedSince ??= now;
        var interruption = new WatchInterruption(failure.Kind, failure.Message, _interruptedSince.Value, now, delay, failure.Error);
        return Observable.Return<WatchEvent<T>>(new WatchEvent<T>.Interrupted(interruption))
            .Concat(Observable.Timer(delay, scheduler).SelectMany(_ => Observable.Empty<WatchEvent<T>>()));
    }
}
