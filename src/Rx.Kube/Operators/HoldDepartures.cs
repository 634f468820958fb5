using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Lets members go only when they stay away.</summary>
public static partial class KubeObservable
{
    /// <summary>
    /// Keeps a member that leaves for a time: one that is back within it was never gone. So the restart of a StatefulSet changes
    /// nothing in <see cref="ServiceTopology.Members"/>.
    /// </summary>
    /// <param name="source">The snapshots of one Service.</param>
    /// <param name="grace">How long a member that leaves is kept. Not negative; zero keeps nobody.</param>
    /// <param name="scheduler">The clock, which must be monotonic; <see cref="Scheduler.Default"/> when omitted. Not one that waits in Schedule, such as <see cref="ImmediateScheduler"/>.</param>
    /// <returns>A cold stream. What each event gives:
    /// <list type="table">
    /// <item><term>A snapshot</term><description>one snapshot, at once. A member that was in the one before and is not in this one stays with its last
    /// endpoints, which are not ready, not serving, terminating, and <see cref="TopologyEndpoint.IsHeld"/>. One that is back is as the source has it</description></item>
    /// <item><term>A member was away for <paramref name="grace"/></term><description>one snapshot without it: otherwise the source's latest, whether live or stale by now</description></item>
    /// <item><term>A change of freshness</term><description>one snapshot, as for any other. Time goes on while the source is stale: who was away before may go meanwhile</description></item>
    /// <item><term>A snapshot that is syncing, after one that was not</term><description>(a source that begins anew) one snapshot, in which all who are not there are held</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on at once: whoever is held does not go any more</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// <para>At each time the members are those the source had at that time or within <paramref name="grace"/> before it. A member is
    /// away when it has no endpoint left; one that loses one of several addresses is not.</para>
    /// <para>The address of a member that is away may be given to another: then both have it, and only the other one may be ready.</para>
    /// <para>A snapshot costs O(log n) for each endpoint of a member that it changes. What is kept is bounded by the members that are away; there is one timer.
    /// Snapshots come one at a time, and no lock is held meanwhile: should both the source and the timer have one while the subscriber is busy, it gets the latest.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="grace"/> is negative.</exception>
    public static IObservable<ServiceTopology> HoldDepartures(
        this IObservable<ServiceTopology> source, TimeSpan grace, IScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(grace, TimeSpan.Zero);
        var clock = scheduler ?? Scheduler.Default;
        return Observable.Create<ServiceTopology>(observer => new Holding(observer, grace, clock).From(source));
    }

    private sealed class Holding : IObserver<ServiceTopology>
    {
        private readonly Departures _departures;
        private readonly IStopwatch _clock;
        private readonly RecheckTimer _alarm;
        private readonly LatestValueGate<ServiceTopology> _handover;
        private readonly Lock _gate = new();
        private bool _isSet;

        public Holding(IObserver<ServiceTopology> observer, TimeSpan grace, IScheduler scheduler)
        {
            (_departures, _clock) = (new Departures(grace), scheduler.StartStopwatch());
            (_alarm, _handover) = (new RecheckTimer(scheduler, Look), new LatestValueGate<ServiceTopology>(observer));
        }

        public IDisposable From(IObservable<ServiceTopology> source) => StableCompositeDisposable.Create(source.SubscribeSafe(this), _alarm);

        public void OnNext(ServiceTopology next)
        {
            TimeSpan? due = null;
            lock (_gate)
            {
                var now = _clock.Elapsed;
                _handover.Put(_departures.Apply(next, now));
                if (!_isSet)
                {
                    due = _departures.NextIn(now);
                    _isSet = due is not null;
                }
            }

            Go(due);
        }

        public void OnCompleted() => End(null);

        public void OnError(Exception error) => End(error);

        private void End(Exception? error)
        {
            _handover.End(error);
            _handover.Run();
        }

        private void Look()
        {
            TimeSpan? due;
            lock (_gate)
            {
                var now = _clock.Elapsed;
                if (_departures.Expire(now) is { } after)
                {
                    _handover.Put(after);
                }

                due = _departures.NextIn(now);
                _isSet = due is not null;
            }

            Go(due);
        }

        private void Go(TimeSpan? due)
        {
            if (due is { } time)
            {
                _alarm.Set(time);
            }

            _handover.Run();
        }
    }
}
