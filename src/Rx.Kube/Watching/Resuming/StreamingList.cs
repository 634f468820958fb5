using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Turns the initial events of a streaming list (KEP-3157) into one <see cref="WatchEvent{T}.Listed"/>, at the bookmark that ends them, and
/// passes on what follows. Fails when the initial events pause or last too long, or when they cannot be applied, so that a list is sent
/// instead.
/// </summary>
internal sealed class StreamingList<T> : IObserver<WatchEvent<T>>
{
    private const string ChangedMeanwhile = "it changed an object while it sent them, and the model has no metadata that tells which";

    private readonly IObserver<WatchEvent<T>> _observer;
    private readonly Func<T, ObjectMeta?>? _metadataOf;
    private readonly TimeSpan _pause;
    private readonly TimeSpan _total;
    private readonly IStopwatch _clock;
    private readonly RecheckTimer _timer;
    private readonly Lock _lock = new();
    private readonly List<T> _items = [];
    private readonly Dictionary<ResourceKey, SkippedObject> _skipped = [];
    private readonly Dictionary<ResourceKey, int> _places = [];

    // Places in _items whose object was sent again or deleted.
    private readonly HashSet<int> _removed = [];
    private TimeSpan _lastEvent;
    private bool _isListed;
    private bool _isOver;

    private StreamingList(
        IObserver<WatchEvent<T>> observer, Func<T, ObjectMeta?>? metadataOf, TimeSpan pause, TimeSpan total, IScheduler scheduler)
    {
        (_observer, _metadataOf, _pause, _total) = (observer, metadataOf, pause, total);
        (_clock, _timer) = (scheduler.StartStopwatch(), new RecheckTimer(scheduler, Recheck));
    }

    public static IObservable<WatchEvent<T>> Create(
        IObservable<WatchEvent<T>> watch, Func<T, ObjectMeta?>? metadataOf, TimeSpan pause, TimeSpan total, IScheduler scheduler) =>
        Observable.Create<WatchEvent<T>>(observer =>
        {
            var list = new StreamingList<T>(observer, metadataOf, pause, total, scheduler);
            list._timer.Set(pause);
            return StableCompositeDisposable.Create(watch.SubscribeSafe(list), list._timer);
        });

    public void OnNext(WatchEvent<T> value)
    {
        if (_isListed)
        {
            _observer.OnNext(value);
            return;
        }

        WatchEvent<T>.Listed? list = null;
        AttemptEndedException? end = null;
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _lastEvent = _clock.Elapsed;
            try
            {
                list = Take(value);
                _isListed = list is not null;
            }
            catch (AttemptEndedException e)
            {
                (_isOver, end) = (true, e);
            }
        }

        if (end is not null)
        {
            _timer.Dispose();
            _observer.OnError(end);
        }
        else if (list is not null)
        {
            _timer.Dispose();
            _observer.OnNext(list);
        }
        else if (value is WatchEvent<T>.Opened)
        {
            _observer.OnNext(value);
        }
    }

    public void OnError(Exception error)
    {
        if (TryEnd())
        {
            _observer.OnError(error);
        }
    }

    public void OnCompleted()
    {
        if (TryEnd())
        {
            _observer.OnCompleted();
        }
    }

    private WatchEvent<T>.Listed? Take(WatchEvent<T> value)
    {
        switch (value)
        {
            case WatchEvent<T>.Added e:
                Put(e.Object);
                return null;
            case WatchEvent<T>.Modified e when KeyOf(e.Object) is not null:
                Put(e.Object);
                return null;
            case WatchEvent<T>.Modified:
                throw NotSupported(ChangedMeanwhile);
            case WatchEvent<T>.Deleted e:
                Remove(KeyOf(e.Object) ?? throw NotSupported(ChangedMeanwhile));
                return null;
            case WatchEvent<T>.Skipped { IsDeletion: false } e:
                Remove(e.Object.Key);
                _skipped[e.Object.Key] = e.Object;
                return null;
            case WatchEvent<T>.Skipped e:
                Remove(e.Object.Key);
                return null;
            case WatchEvent<T>.Bookmark { EndsInitialEvents: false }:
                throw NotSupported("it sent a bookmark that does not end the initial events");
            case WatchEvent<T>.Bookmark { EndsInitialEvents: true } e:
                return new([.. Items()], e.ResourceVersion) { SkippedItems = [.. _skipped.Values] };
            default:
                return null;
        }
    }

    private IEnumerable<T> Items() => _items.Where((_, place) => !_removed.Contains(place));

    private void Put(T item)
    {
        if (KeyOf(item) is { } key)
        {
            Remove(key);
            _places[key] = _items.Count;
        }

        _items.Add(item);
    }

    private void Remove(ResourceKey key)
    {
        if (_places.Remove(key, out var place))
        {
            _removed.Add(place);
            _items[place] = default!; // what was replaced must not be held until the end
        }

        _skipped.Remove(key);
    }

    private ResourceKey? KeyOf(T item) => _metadataOf?.Invoke(item) is { } metadata ? ResourceKey.Of(metadata) : null;

    private bool TryEnd()
    {
        _timer.Dispose();
        lock (_lock)
        {
            return !_isOver && (_isOver = true);
        }
    }

    private void Recheck()
    {
        TimeSpan left;
        lock (_lock)
        {
            if (_isOver || _isListed)
            {
                return;
            }

            var now = _clock.Elapsed;
            left = _pause - (now - _lastEvent);
            left = left < _total - now ? left : _total - now;
            _isOver = left <= TimeSpan.Zero;
        }

        if (left > TimeSpan.Zero)
        {
            _timer.Set(left);
            return;
        }

        _observer.OnError(NotSupported(
            $"its initial events did not end within {_total.TotalSeconds:0.#} s, or paused for {_pause.TotalSeconds:0.#} s"));
    }

    private static AttemptEndedException NotSupported(string why) => new(new(
        EndKind.Refused, InterruptionKind.Protocol, $"the server does not support streaming lists: {why}"));
}
