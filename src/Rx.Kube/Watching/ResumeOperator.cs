using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// Behind <see cref="KubeObservable.Resume"/>: one session for each subscription, which attempts lists and watches until it is disposed.
/// </summary>
internal static class ResumeOperator
{
    public static IObservable<WatchEvent<T>> Create<T>(IWatchable<T> source, ResumeOptions options, IScheduler scheduler) =>
        Observable.Defer(() =>
        {
            var session = new ResumeSession<T>(source is KubeWatchable<T> kube ? kube.WithOwnDecoders() : source, options, scheduler);
            return Observable.Defer(session.Attempt).Repeat();
        });
}
