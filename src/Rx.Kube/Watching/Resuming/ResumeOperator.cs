using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// Behind <see cref="KubeObservable.Resume"/>: attempts, one after another, until the subscription is disposed; and the gaps between them.
/// </summary>
internal static class ResumeOperator
{
    public static IObservable<WatchEvent<T>> Create<T>(
        IWatchable<T> source, ResumeOptions options, ResumeRules rules, IScheduler scheduler) =>
        options.RetryNow is { } retryNow
            ? retryNow.Publish(shared => Create(source, options, shared, rules, scheduler))
            : Create(source, options, Observable.Never<Unit>(), rules, scheduler);

    private static IObservable<WatchEvent<T>> Create<T>(
        IWatchable<T> source, ResumeOptions options, IObservable<Unit> retryNow, ResumeRules rules, IScheduler scheduler) =>
        Observable.Defer(() =>
        {
            var session = new ResumeSession<T>(source, options, retryNow, rules, scheduler);
            var attempts = Observable.Defer(session.Attempt).Repeat();
            var events = InterruptionSignal<T>.Create(attempts, rules, session.Evidence, scheduler, session.Selection);
            return WatchTelemetry<T>.Create(events, NameOf(source), session.Evidence, session.MetadataOf, scheduler);
        });

    private static string NameOf<T>(IWatchable<T> source) => source is IKubeCollection<T> collection ? collection.Name : typeof(T).Name;
}
