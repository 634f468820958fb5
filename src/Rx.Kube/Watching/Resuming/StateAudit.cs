using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// Compares what a stream holds with a list of the most recent state, beside the open watch: the only way to find an event that the server
/// lost, and a server that was restored from a backup while its watch stays silent. It emits nothing. When it finds a difference that
/// stays, it fails with the end of the attempt.
/// </summary>
internal sealed class StateAudit<T>(
    IWatchable<T> source, string name, HeldObjects<T> held, VersionGuard versions, ResumeRules rules, ResumeOptions options,
    Func<double> random, IScheduler scheduler)
{
    private readonly IStopwatch _clock = scheduler.StartStopwatch();
    private TimeSpan? _due;

    // An audit outlives its watch: behind a load balancer that cuts every few seconds, none would ever finish otherwise.
    private bool _isWanted;
    private bool _isRunning;
    private (IReadOnlyList<ResourceKey> Keys, TimeSpan SettledAt)? _differences;

    /// <summary>Plans the next periodic audit after a list, which has the same effect.</summary>
    public void Plan()
    {
        Over();
        Replan(isOpen: true);
    }

    /// <summary>The audits during one watch, and the rest of one that an earlier watch did not live to see.</summary>
    /// <param name="isOpen">Whether the state is known and the watch is open: an audit must not burden a server that refuses.</param>
    /// <param name="isSilent">Whether the watch is a reopened one that has sent nothing.</param>
    public IObservable<WatchEvent<T>> During(Func<bool> isOpen, Func<bool> isSilent)
    {
        if (options.AuditInterval is null || !rules.Audits)
        {
            return Observable.Never<WatchEvent<T>>();
        }

        _isRunning = false;
        var unfinished = Observable.Timer(rules.InstantClose, scheduler);
        var afterSilence = Observable.Timer(rules.AuditSilentWatchAfter, scheduler).Do(_ => _isWanted |= isSilent());
        var periodic = Observable.Defer(() => Observable.Timer(Left(), scheduler)).Repeat().Do(_ =>
        {
            _isWanted |= held.Count <= options.MaxAuditedObjects;
            Replan(isOpen());
        });
        return Observable.Merge(unfinished, afterSilence, periodic)
            .Where(_ => _isWanted && !_isRunning && isOpen())
            .Do(_ => _isRunning = true)
            .Select(_ => _differences is null ? Audit() : Settle())
            .Switch().IgnoreElements()
            .Catch<WatchEvent<T>, Exception>(e => Observable.Throw<WatchEvent<T>>(e, scheduler)); // Switch calls OnError under its lock
    }

    private IObservable<WatchEvent<T>> Audit() => Observable.Defer(() =>
    {
        var reached = versions.Version;
        _isWanted = true;
        held.BeginAudit();
        return source.List(ListOptions.MostRecent)
            .Do(_ => WatchInstruments.CountAttempt(name, "audit", "complete"))
            .Catch<WatchEvent<T>.Listed, Exception>(error =>
            {
                WatchInstruments.CountAttempt(name, "audit", "failed");
                Over(); // the next audit tries again

                // What cuts the list mostly cuts the watch with it, a moment before or after: then the next watch sees the audit.
                _isWanted = error is KubeTransportException;
                return Observable.Empty<WatchEvent<T>.Listed>();
            })
            .SelectMany(list => Compare(list, reached));
    });

    private IObservable<WatchEvent<T>> Compare(WatchEvent<T>.Listed list, string reached)
    {
        if (ResourceVersion.IsOlder(list.ResourceVersion, than: reached))
        {
            return End(
                EndKind.WentBack, $"the server is at version {list.ResourceVersion}, and was at {reached} before: its state went back");
        }

        var differences = held.Differences(list);
        if (differences.Count == 0)
        {
            Over();
            return Observable.Empty<WatchEvent<T>>();
        }

        _differences = (differences, _clock.Elapsed + rules.AuditSettle);
        return Settle();
    }

    // At least a second of this watch, because what an earlier one did not deliver is still on its way.
    private IObservable<WatchEvent<T>> Settle() => Observable.Defer(() =>
    {
        var (keys, settledAt) = _differences!.Value;
        var left = settledAt - _clock.Elapsed;
        return Observable.Timer(left > rules.InstantClose ? left : rules.InstantClose, scheduler).SelectMany(_ =>
        {
            var isDifferent = held.AnyUnchanged(keys);
            Over();
            return isDifferent
                ? End(EndKind.Diverged, $"{keys.Count} objects differ from a list, and no event explains it")
                : Observable.Empty<WatchEvent<T>>();
        });
    });

    private void Over()
    {
        (_isWanted, _isRunning, _differences) = (false, false, null);
        held.EndAudit();
    }

    // A path that holds headers back may open each watch late: an audit that was due before that is tried again soon, and never later than
    // the next one is due.
    private void Replan(bool isOpen) => _due = options.AuditInterval is not { } time ? null
        : _clock.Elapsed + (isOpen || !_isWanted || time < rules.AuditSilentWatchAfter
            ? time * (0.5 + random())
            : rules.AuditSilentWatchAfter);

    private TimeSpan Left() => _due is { } due && due > _clock.Elapsed ? due - _clock.Elapsed : TimeSpan.Zero;

    private static IObservable<WatchEvent<T>> End(EndKind kind, string message) =>
        Observable.Throw<WatchEvent<T>>(new AttemptEndedException(new(kind, InterruptionKind.Expired, message)));
}
