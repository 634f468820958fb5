using System.Reactive;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Rx.Kube;

/// <summary>An observable as an asynchronous enumerable of which each enumeration is a subscription that keeps one waiting value.</summary>
internal static class LatestAsyncEnumerable
{
    /// <summary>Enumerates the source; see <see cref="KubeObservable.ToLatestAsyncEnumerable"/>.</summary>
    public static async IAsyncEnumerable<T> Of<T>(IObservable<T> source, [EnumeratorCancellation] CancellationToken ct = default)
    {
        // The channel resumes the reader on the thread pool, or in its own context: never inside OnNext.
        var latest = Channel.CreateBounded<T>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true },
            static _ => SubscriberTelemetry.Conflated(1));
        using var subscription = source.SubscribeSafe(Observer.Create<T>(
            value => latest.Writer.TryWrite(value),
            error =>
            {
                latest.Writer.TryComplete(error);
                latest.Reader.TryRead(out _); // An error discards the waiting value.
            },
            () => latest.Writer.TryComplete()));

        // Not ReadAllAsync, which does not look at the token as long as a value waits.
        while (await latest.Reader.WaitToReadAsync(ct).ConfigureAwait(false))
        {
            if (latest.Reader.TryRead(out var value))
            {
                yield return value;
            }
        }
    }
}
