using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Reads keys from the terminal.</summary>
internal static class Keyboard
{
    /// <summary>
    /// Gets an observable of keys, for a live screen. While it is subscribed, the terminal does not echo keys; Ctrl+C and Ctrl+Z stay
    /// signals. It reads on a thread of its own, which does not hold up the end of the process. Without a terminal it never emits.
    /// </summary>
    public static IObservable<KeyPress> Keys { get; } = Observable.Defer(() =>
    {
        if (Console.IsInputRedirected)
        {
            return Observable.Never<KeyPress>();
        }

        _ = Console.KeyAvailable; // ends the echo now: the thread may first read when the screen is already drawn
        return Observable.Generate(Unit.Default, _ => true, next => next, _ => Read(), NewThreadScheduler.Default);
    }).Catch((Exception e) => Observable.Never<KeyPress>()); // the terminal has gone

    private static KeyPress Read()
    {
        var key = Console.ReadKey(intercept: true);
        return new KeyPress(key.KeyChar, key.Key);
    }
}
