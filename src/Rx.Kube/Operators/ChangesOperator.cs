using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>Compares each snapshot with the one before: implements <c>Changes</c>.</summary>
internal static class ChangesOperator
{
    public static IObservable<TDiff> Create<T, TDiff>(IObservable<T> source, Func<T, T?, TDiff> diff, Func<TDiff, bool> isEmpty)
        where T : class => Observable.Defer(() =>
    {
        T? previous = null;
        return source
            .Select(next =>
            {
                var changes = diff(next, previous);
                previous = next;
                return changes;
            })
            .Where(changes => !isEmpty(changes));
    });
}
