using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// Compares what a stream holds with a list of the most recent state, beside the open watch: the only way to find an event that the server
/// lost, and a server that was restored from a backup while its watch stays silent. It emits nothing. When it finds a difference that
/// stays, it fails with the end of the attempt.
/// </summary>
internal sealed class StateAudit<T>(
    IWatchable<T> source, HeldObjects<T> held, VersionGuard versions, ResumeRules rules, TimeSpan? interval, Func<double> random,
    IScheduler scheduler)
{
    private readonly IStopwatch _clock = scheduler.StartStopwatch();
    private TimeSpan? _due;

    /// <summary>Plans the next periodic audit after a list, which has the same effect.</summary>
    public void Plan() => _due = interval is { } time ? _clock.Elapsed + (time * (0.5 + random())) : null;

    /// <summary>The audits during one watch.</summary>
    /// <param name="isSilent">Whether the watch is a reopened one, open, that has sent nothing.</param>
    public IObservable<WatchEvent<T>> During(Func<bool> isSilent)
    {
        if (interval is null || !rules.Audits)
        {
            return Observable.Never<WatchEvent<T>>();
        }

        var afterSilence = Observable.Timer(rules.AuditSilentWatchAfter, scheduler).Where(_ => isSilent());
        var periodic = Observable.Defer(() => Observable.Timer(Left(), scheduler)).Do(_ => Plan()).Repeat()
            .Where(_ => held.Count <= rules.MaxAuditedObjects);
        return afterSilence.Merge(periodic).Select(_ => Audit()).Switch().IgnoreElements();
    }

    private IObservable<WatchEvent<T>> Audit() => Observable.Defer(() =>
    {
        var reached = versions.Version;
        held.BeginAudit();
        return source.List(ListOptions.MostRecent)
            .Catch<WatchEvent<T>.Listed, Exception>(_ => Observable.Empty<WatchEvent<T>.Listed>()) // the next audit tries again
            .SelectMany(list => Compare(list, reached))
            .Finally(held.EndAudit);
    });

    private IObservable<WatchEvent<T>> Compare(WatchEvent<T>.Listed list, string reached)
    {
        if (ResourceVersion.IsOlder(list.ResourceVersion, than: reached))
        {
            return End(
                EndKind.WentBack, $"the server is at version {list.ResourceVersion}, and was at {reached} before: its state went back");
        }

        var differences = held.Differences(list);
        return differences.Count == 0
            ? Observable.Empty<WatchEvent<T>>()
            : Observable.Timer(rules.AuditSettle, scheduler).SelectMany(_ => held.AnyUnchanged(differences)
                ? End(EndKind.Diverged, $"{differences.Count} objects differ from a list, and no event explains it")
                : Observable.Empty<WatchEvent<T>>());
    }

    private TimeSpan Left() => _due is { } due && due > _clock.Elapsed ? due - _clock.Elapsed : TimeSpan.Zero;

    private static IObservable<WatchEvent<T>> End(EndKind kind, string message) =>
        Observable.Throw<WatchEvent<T>>(new AttemptEndedException(new(kind, InterruptionKind.Expired, message)));
}
