using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;

namespace Rx.Kube;

/// <summary>Waits until the snapshots of a stream have reached a resourceVersion.</summary>
internal static class ReachedVersion
{
    /// <summary>Passes the snapshots from the first one that has reached the version.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="versionOf">Gets the version of a snapshot; empty while it is syncing.</param>
    /// <param name="version">The version to reach.</param>
    public static IObservable<T> Skip<T>(IObservable<T> source, Func<T, string> versionOf, string version) =>
        source.SkipWhile(snapshot => !IsReached(versionOf(snapshot), version));

    /// <summary>Gets the first snapshot that has reached the version.</summary>
    /// <param name="source">The snapshots.</param>
    /// <param name="versionOf">Gets the version of a snapshot; empty while it is syncing.</param>
    /// <param name="version">The version to reach.</param>
    /// <param name="ct">Ends the wait.</param>
    public static Task<T> FirstAsync<T>(IObservable<T> source, Func<T, string> versionOf, string version, CancellationToken ct) =>
        ct.IsCancellationRequested
            ? Task.FromCanceled<T>(ct)
            : Skip(source, versionOf, version)
                .Concat(Observable.Defer(() => Observable.Throw<T>(new InvalidOperationException(
                    $"The stream completed before it reached version {version}. " +
                    "To fix: wait on a resumed watch, which never completes, and for a version that its collection can reach."))))
                .FirstAsync()
                .ToTask(ct);

    // Equal, or certainly not older. The empty version of a snapshot that is syncing is neither.
    private static bool IsReached(string reached, string version) =>
        reached == version || ResourceVersion.IsOlder(version, than: reached);
}
