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
        Observable.Defer(() =>
        {
            var session = new ResumeSession<T>(source, options, rules, scheduler);
            return InterruptionSignal<T>.Create(Observable.Defer(session.Attempt).Repeat(), rules, scheduler);
        });
}
