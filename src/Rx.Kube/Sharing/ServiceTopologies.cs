using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Runtime.ExceptionServices;

namespace Rx.Kube;

/// <summary>
/// The Services of one shared source, each as an observable. Created by <see cref="KubeObservable.ByService"/>. Thread-safe.
/// </summary>
public sealed class ServiceTopologies
{
    private readonly IObservable<ClusterTopology> _source;
    private readonly IScheduler _scheduler;
    private readonly Lock _lock = new();
    private Share? _share;

    internal ServiceTopologies(IObservable<ClusterTopology> source, IScheduler scheduler) => (_source, _scheduler) = (source, scheduler);

    /// <summary>Gets the snapshots of one Service.</summary>
    /// <param name="service">The Service; it need not exist.</param>
    /// <returns>
    /// An observable whose subscriptions, together with those to other Services, share one subscription to the source: from the first
    /// subscription until the last is disposed, or until the source ends. What a subscriber receives:
    /// <list type="table">
    /// <item><term>when it subscribes</term><description>the current snapshot at once, if there is one</description></item>
    /// <item><term>a change of its Service</term><description>one snapshot, even if it equals the one before, as with
    /// <c>ToTopology</c></description></item>
    /// <item><term>a list, an interruption, the end of an interruption</term><description>one snapshot, for every
    /// Service</description></item>
    /// <item><term>a change of other Services</term><description>nothing; the next snapshot of its Service has the version
    /// that the watch has then</description></item>
    /// <item><term>the Service does not exist</term><description>a syncing snapshot before the first list, then a live one without
    /// endpoints; also one without endpoints when the Service is deleted</description></item>
    /// <item><term>OnError, OnCompleted</term><description>passed on; a later subscription makes a new subscription to the source, so
    /// <c>Retry</c> works</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>Snapshots arrive on the thread of the source, one at a time, and never an older one after a newer one. No lock is held while a
    /// subscriber is called. While a subscriber is still busy on another thread, with its first snapshot, or inside its own <c>OnNext</c>,
    /// only the newest snapshot waits for it: each snapshot is complete, so the subscriber misses only intermediate states. The cost of an
    /// event is proportional to the change and to the number of subscribers that receive it.</para>
    /// <para>A subscriber that throws loses only its own subscription. Its exception is rethrown on the scheduler passed to
    /// <c>ByService</c>, where by default it terminates the process, as with any operator that runs on that scheduler.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="service"/> is null.</exception>
    /// <exception cref="ArgumentException">Its name or namespace is empty.</exception>
    public IObservable<ServiceTopology> Service(ServiceName service)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentException.ThrowIfNullOrEmpty(service.Namespace, nameof(service));
        ArgumentException.ThrowIfNullOrEmpty(service.Name, nameof(service));
        return Observable.Create<ServiceTopology>(observer => Subscribe(service, observer));
    }

    private IDisposable Subscribe(ServiceName service, IObserver<ServiceTopology> observer)
    {
        var subscriber = new Subscriber(service, observer);
        Share share;
        bool isFirst;
        lock (_lock)
        {
            isFirst = _share is null;
            share = _share ??= new Share(this);
            share.Add(subscriber);
        }

        if (isFirst)
        {
            share.Connection.Disposable = _source.SubscribeSafe(share);
        }

        share.Deliver(subscriber);
        return Disposable.Create(() => share.Remove(subscriber));
    }

    /// <summary>
    /// One subscription to the source, and the subscribers that share it. The lock guards its state; observers are called outside the lock.
    /// </summary>
    private sealed class Share(ServiceTopologies owner) : IObserver<ClusterTopology>
    {
        private readonly Dictionary<ServiceName, LinkedList<Subscriber>> _subscribers = [];
        private ClusterTopology? _current;

        public SingleAssignmentDisposable Connection { get; } = new();

        public void Add(Subscriber subscriber)
        {
            if (!_subscribers.TryGetValue(subscriber.Service, out var group))
            {
                _subscribers.Add(subscriber.Service, group = []);
            }

            group.AddLast(subscriber.Place);
            if (_current is not null)
            {
                subscriber.Gate.Put(_current[subscriber.Service]);
            }
        }

        public void Remove(Subscriber subscriber)
        {
            lock (owner._lock)
            {
                if (subscriber.Place.List is not { } group)
                {
                    return;
                }

                group.Remove(subscriber.Place);
                if (group.Count > 0 || !_subscribers.Remove(subscriber.Service) || _subscribers.Count > 0)
                {
                    return;
                }

                Leave();
            }

            Connection.Dispose();
        }

        public void OnNext(ClusterTopology value)
        {
            List<Subscriber> listeners = [];
            lock (owner._lock)
            {
                if (_current is not null && ReferenceEquals(_current.Phase, value.Phase))
                {
                    foreach (var step in value.StepsFrom(_current))
                    {
                        Tell(step.Name, _subscribers.GetValueOrDefault(step.Name));
                    }
                }
                else
                {
                    foreach (var (service, group) in _subscribers)
                    {
                        Tell(service, group);
                    }
                }

                _current = value;
            }

            foreach (var listener in listeners)
            {
                Deliver(listener);
            }

            void Tell(ServiceName service, LinkedList<Subscriber>? group)
            {
                if (group is null)
                {
                    return;
                }

                var topology = value[service];
                foreach (var subscriber in group)
                {
                    subscriber.Gate.Put(topology);
                    listeners.Add(subscriber);
                }
            }
        }

        public void OnError(Exception error) => End(error);

        public void OnCompleted() => End(error: null);

        /// <summary>Delivers what waits for a subscriber, unless another call is already delivering; that call then delivers it.</summary>
        public void Deliver(Subscriber subscriber)
        {
            try
            {
                subscriber.Gate.Run();
            }
            catch (Exception e)
            {
                Remove(subscriber);
                owner._scheduler.Schedule(() => ExceptionDispatchInfo.Throw(e));
            }
        }

        private void End(Exception? error)
        {
            List<Subscriber> listeners;
            lock (owner._lock)
            {
                Leave();
                listeners = [.. _subscribers.Values.SelectMany(group => group)];
                foreach (var listener in listeners)
                {
                    listener.Gate.End(error);
                }
            }

            foreach (var listener in listeners)
            {
                Deliver(listener);
            }
        }

        // The next subscriber starts a new share.
        private void Leave() => owner._share = ReferenceEquals(owner._share, this) ? null : owner._share;
    }

    private sealed class Subscriber
    {
        public Subscriber(ServiceName service, IObserver<ServiceTopology> observer) =>
            (Service, Gate, Place) = (service, new(observer), new(this));

        public ServiceName Service { get; }

        public LatestValueGate<ServiceTopology> Gate { get; }

        /// <summary>Gets its place in the list of its Service.</summary>
        public LinkedListNode<Subscriber> Place { get; }
    }
}
