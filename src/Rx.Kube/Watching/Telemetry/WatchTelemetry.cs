using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The last operator of a resumed stream: it measures what passes, and keeps the events that only other operators need. Without a listener
/// it costs the check of a field for each event.
/// </summary>
internal sealed class WatchTelemetry<T> : IObserver<WatchEvent<T>>, IWatchState, IDisposable
{
    private readonly IObserver<WatchEvent<T>> _observer;
    private readonly Func<T, ObjectMeta?>? _metadataOf;
    private readonly IScheduler _scheduler;
    private readonly IStopwatch _clock;
    private readonly KeyValuePair<string, object?> _resource;
    private Activity? _activity;
    private RequestKind _request;
    private TimeSpan _askedAt;
    private int _isAsking;

    // Interruptions are rare: a lock, because the meter reads both on another thread.
    private readonly Lock _stale = new();
    private TimeSpan _staleTime;
    private TimeSpan? _staleSince;

    private WatchTelemetry(
        IObserver<WatchEvent<T>> observer, string resource, WatchEvidence evidence, Func<T, ObjectMeta?>? metadataOf, IScheduler scheduler)
    {
        (_observer, ResourceName, Evidence, _metadataOf) = (observer, resource, evidence, metadataOf);
        (_scheduler, _clock, _resource) = (scheduler, scheduler.StartStopwatch(), new(WatchInstruments.Resource, resource));
        WatchInstruments.Add(this);
    }

    public string ResourceName { get; }

    public TimeSpan StaleTime
    {
        get
        {
            lock (_stale)
            {
                return _staleTime + (_staleSince is { } since ? _clock.Elapsed - since : TimeSpan.Zero);
            }
        }
    }

    public string FreshnessName { get; private set; } = "syncing";

    public WatchEvidence Evidence { get; }

    public static IObservable<WatchEvent<T>> Create(
        IObservable<WatchEvent<T>> events, string resource, WatchEvidence evidence, Func<T, ObjectMeta?>? metadataOf,
        IScheduler scheduler) =>
        Observable.Create<WatchEvent<T>>(observer =>
        {
            var telemetry = new WatchTelemetry<T>(observer, resource, evidence, metadataOf, scheduler);
            return StableCompositeDisposable.Create(events.SubscribeSafe(telemetry), telemetry);
        });

    public void OnNext(WatchEvent<T> value)
    {
        switch (value)
        {
            case WatchEvent<T>.Modified e:
                Count("modified", e.Object);
                break;
            case WatchEvent<T>.Added e:
                Count("added", e.Object);
                break;
            case WatchEvent<T>.Deleted:
                Count("deleted");
                break;
            case WatchEvent<T>.Bookmark:
                Count("bookmark");
                break;
            case WatchEvent<T>.Skipped:
                Count("skipped");
                WatchInstruments.DecodeErrors.Add(1, _resource);
                break;
            case WatchEvent<T>.Listed e:
                Listed(e);
                break;
            case WatchEvent<T>.Interrupted e:
                FreshnessName = FreshnessName == "syncing" ? "syncing" : "stale";
                BeginStale();
                _activity?.AddEvent(new("interrupted", tags: new() { ["rxkube.cause"] = e.Interruption.Kind.ToString() }));
                break;
            case WatchEvent<T>.Resumed:
                EndStale();
                FreshnessName = FreshnessName == "syncing" ? "syncing" : "live";
                break;
            case WatchEvent<T>.Asked e:
                Begin(e.Request);
                return;
            case WatchEvent<T>.Lost e:
                End(NameOf(e.End.Kind), e.End.Error);
                return;
            case WatchEvent<T>.Opened:
                _activity?.AddEvent(new("opened"));
                return;
        }

        _observer.OnNext(value);
    }

    public void OnError(Exception error)
    {
        End(error is ObjectDisposedException ? "disposed" : "failed", error);
        _observer.OnError(error);
    }

    public void OnCompleted() => _observer.OnCompleted();

    public void Dispose()
    {
        EndStale();
        WatchInstruments.Remove(this);
        End("unsubscribed", error: null);
    }

    private void Count(string type, T? item = default)
    {
        if (WatchInstruments.Events.Enabled)
        {
            WatchInstruments.Events.Add(1, _resource, new(WatchInstruments.EventType, type));
        }

        if (item is not null && WatchInstruments.EventLag.Enabled && _metadataOf?.Invoke(item)?.LastChangeTriggerTime is { } time)
        {
            WatchInstruments.EventLag.Record(Math.Max(0, (_scheduler.Now - time).TotalSeconds), _resource);
        }
    }

    private void Listed(WatchEvent<T>.Listed list)
    {
        Count("listed");
        WatchInstruments.ListDuration.Record((_clock.Elapsed - _askedAt).TotalSeconds, _resource);
        if (list.SkippedItems.Length > 0)
        {
            WatchInstruments.DecodeErrors.Add(list.SkippedItems.Length, _resource);
        }

        EndStale();
        FreshnessName = "live";
        if (_request == RequestKind.List)
        {
            End("complete", error: null);
        }
        else
        {
            EndActivity("complete", error: null); // a streaming list is a list until it is complete, and a watch after that
        }
    }

    private void Begin(RequestKind request)
    {
        (_request, _askedAt) = (request, _clock.Elapsed);
        Volatile.Write(ref _isAsking, 1);
        // A watch lasts for minutes: it is counted, and is no activity.
        if (request == RequestKind.Watch || !KubeTelemetry.Activities.HasListeners())
        {
            return;
        }

        // The activity lasts as long as the list, and must not become the parent of what the subscriber does.
        var current = Activity.Current;
        _activity = KubeTelemetry.Activities.StartActivity($"rxkube.{NameOf(request)}", ActivityKind.Client);
        _activity?.SetTag(WatchInstruments.Resource, ResourceName);
        Activity.Current = current;
    }

    private void End(string end, Exception? error)
    {
        // In a wait there is no request that could end. A disposal may come from another thread.
        if (Interlocked.Exchange(ref _isAsking, 0) == 0)
        {
            return;
        }

        WatchInstruments.CountAttempt(ResourceName, NameOf(_request), end);
        EndActivity(end, error);
    }

    private void EndActivity(string end, Exception? error)
    {
        if (Interlocked.Exchange(ref _activity, null) is { } activity)
        {
            activity.SetTag(WatchInstruments.End, end);
            if (error is not null)
            {
                activity.SetStatus(ActivityStatusCode.Error, Printable.Of(error.Message, OutsideText.MaxMessage, lines: true));
            }

            activity.Dispose();
        }
    }

    private void BeginStale()
    {
        lock (_stale)
        {
            _staleSince ??= _clock.Elapsed;
        }
    }

    private void EndStale()
    {
        lock (_stale)
        {
            _staleTime += _staleSince is { } since ? _clock.Elapsed - since : TimeSpan.Zero;
            _staleSince = null;
        }
    }

    private static string NameOf(RequestKind request) => request switch
    {
        RequestKind.List => "list",
        RequestKind.StreamingList => "streaming_list",
        _ => "watch",
    };

    private static string NameOf(EndKind end) => end switch
    {
        EndKind.Closed => "closed",
        EndKind.Silent => "silent",
        EndKind.Overdue => "overdue",
        EndKind.Broken => "broken",
        EndKind.Failed => "server_error",
        EndKind.Expired => "expired",
        EndKind.TooLarge => "too_large",
        EndKind.WentBack => "went_back",
        EndKind.Diverged => "diverged",
        EndKind.Throttled => "throttled",
        EndKind.Refused => "refused",
        EndKind.Protocol => "protocol",
        _ => "disposed",
    };
}
