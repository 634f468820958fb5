using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// Shares one subscription to a source between subscribers, each of which receives the latest value of one key. The subscription lasts from
/// the first subscriber to the last, or to the end of the source; the next subscriber then makes a new one, and nothing is remembered.
/// </summary>
/// <param name="source">The source.</param>
/// <param name="valueOf">Gets the value of a key from a value of the source. Called under the lock, and so must not call user code.</param>
/// <param name="changed">
/// Gets the keys with a new value, from two successive values of the source; null for all. Called under the lock as well.
/// </param>
/// <param name="onError">What to call with an exception of a subscriber.</param>
/// <param name="observeOn">Where subscribers are called; null for the thread of the source.</param>
internal sealed class SharedLatest<TSource, TKey, TValue>(
    IObservable<TSource> source,
    Func<TSource, TKey, TValue> valueOf,
    Func<TSource, TSource, IEnumerable<TKey>?> changed,
    Action<Exception>? onError,
    IScheduler? observeOn)
    where TKey : notnull
{
    private readonly Func<TSource, TKey, TValue> _valueOf = valueOf;
    private readonly Func<TSource, TSource, IEnumerable<TKey>?> _changed = changed;
    private readonly Action<Exception>? _onError = onError;
    private readonly IScheduler? _observeOn = observeOn;
    private readonly Lock _lock = new();
    private Share? _share;

    /// <summary>Gets the values of a key.</summary>
    public IObservable<TValue> Of(TKey key) => Observable.Create<TValue>(observer => Subscribe(key, observer));

    private Subscriber Subscribe(TKey key, IObserver<TValue> observer)
    {
        Subscriber subscriber;
        bool isFirst;
        lock (_lock)
        {
            isFirst = _share is null;
            subscriber = new Subscriber(_share ??= new Share(this), key, observer);
            subscriber.Share.Add(subscriber);
        }

        if (isFirst)
        {
            subscriber.Share.Connection.Disposable = source.SubscribeSafe(subscriber.Share);
        }

        subscriber.Run();
        return subscriber;
    }

    /// <summary>
    /// One subscription to the source, and its subscribers. The lock guards their state and decides the order of values in every gate;
    /// subscribers are called outside the lock.
    /// </summary>
    private sealed class Share(SharedLatest<TSource, TKey, TValue> owner) : IObserver<TSource>
    {
        private readonly Dictionary<TKey, LinkedList<Subscriber>> _subscribers = [];
        private TSource? _current;
        private bool _hasCurrent;

        public SharedLatest<TSource, TKey, TValue> Owner => owner;

        public SingleAssignmentDisposable Connection { get; } = new();

        /// <summary>Adds a subscriber, and puts the current value into its gate. Call it under the lock.</summary>
        public void Add(Subscriber subscriber)
        {
            if (!_subscribers.TryGetValue(subscriber.Key, out var group))
            {
                _subscribers.Add(subscriber.Key, group = []);
            }

            group.AddLast(subscriber.Place);
            SubscriberTelemetry.AddSubscribers(1);
            if (_hasCurrent)
            {
                subscriber.Gate.Put(owner._valueOf(_current!, subscriber.Key));
            }
        }

        public void Remove(Subscriber subscriber)
        {
            lock (owner._lock)
            {
                // It has left, or the source has ended.
                if (subscriber.Place.List is not { } group)
                {
                    return;
                }

                group.Remove(subscriber.Place);
                SubscriberTelemetry.AddSubscribers(-1);
                if (group.Count > 0 || !_subscribers.Remove(subscriber.Key) || _subscribers.Count > 0)
                {
                    return;
                }

                Leave();
            }

            Connection.Dispose();
        }

        public void OnNext(TSource value)
        {
            List<Subscriber> receivers = [];
            lock (owner._lock)
            {
                var keys = _hasCurrent ? owner._changed(_current!, value) : null;
                foreach (var key in keys ?? _subscribers.Keys.AsEnumerable())
                {
                    if (_subscribers.TryGetValue(key, out var group))
                    {
                        var latest = owner._valueOf(value, key);
                        foreach (var subscriber in group)
                        {
                            subscriber.Gate.Put(latest);
                            receivers.Add(subscriber);
                        }
                    }
                }

                (_current, _hasCurrent) = (value, true);
            }

            receivers.ForEach(static subscriber => subscriber.Run());
        }

        public void OnError(Exception error) => End(error);

        public void OnCompleted() => End(error: null);

        private void End(Exception? error)
        {
            List<Subscriber> receivers = [];
            lock (owner._lock)
            {
                Leave();
                foreach (var group in _subscribers.Values)
                {
                    receivers.AddRange(group);
                    group.Clear();
                }

                _subscribers.Clear();
                SubscriberTelemetry.AddSubscribers(-receivers.Count);
                receivers.ForEach(subscriber => subscriber.Gate.End(error));
            }

            Connection.Dispose();
            receivers.ForEach(static subscriber => subscriber.Run());
        }

        // The next subscriber starts a new share.
        private void Leave() => owner._share = ReferenceEquals(owner._share, this) ? null : owner._share;
    }

    /// <summary>
    /// A subscriber and its gate. As an observer it stands between the gate and the subscriber: an exception of the subscriber ends this
    /// subscription, and does not reach the source.
    /// </summary>
    private sealed class Subscriber : IObserver<TValue>, IDisposable
    {
        private readonly IObserver<TValue> _observer;
        private readonly ScheduledDelivery<TValue>? _delivery;

        public Subscriber(Share share, TKey key, IObserver<TValue> observer)
        {
            (Share, Key, _observer, Gate, Place) = (share, key, observer, new(this), new(this));
            _delivery = share.Owner._observeOn is { } scheduler ? new(Gate, scheduler) : null;
        }

        public Share Share { get; }

        public TKey Key { get; }

        public LatestValueGate<TValue> Gate { get; }

        /// <summary>Gets its place in the list of its key.</summary>
        public LinkedListNode<Subscriber> Place { get; }

        /// <summary>Delivers what waits in the gate, here or on the scheduler. Throws nothing: a scheduler may refuse.</summary>
        public void Run()
        {
            // Written out here and below, to avoid a closure per value.
            try
            {
                if (_delivery is null)
                {
                    Gate.Run();
                }
                else
                {
                    _delivery.Run();
                }
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }

        public void OnNext(TValue value)
        {
            try
            {
                _observer.OnNext(value);
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }

        public void OnError(Exception error) => Guarded(() => _observer.OnError(error));

        public void OnCompleted() => Guarded(_observer.OnCompleted);

        public void Dispose()
        {
            Share.Remove(this);
            _delivery?.Dispose();
        }

        private void Guarded(Action call)
        {
            try
            {
                call();
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }

        private void Fail(Exception error)
        {
            Dispose();
            SubscriberFaults.Report(error, Share.Owner._onError);
        }
    }
}
