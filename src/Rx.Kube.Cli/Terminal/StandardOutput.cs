using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Runtime.InteropServices;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Notices that the reader of standard output has gone, without writing to it.</summary>
internal static class StandardOutput
{
    // POLLERR, POLLHUP and POLLNVAL, which are always reported. Equal on Linux, macOS and the BSDs. Source: poll(2).
    private const short Gone = 0x08 | 0x10 | 0x20;

    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(500);

    /// <summary>Observes the end of the reader.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <returns>
    /// Emits within 0.5 s after the reader has closed standard output, and twice a second from then on. On Windows it never emits: there,
    /// only a write finds a closed pipe.
    /// </returns>
    public static IObservable<Unit> Closed(IScheduler scheduler) => OperatingSystem.IsWindows()
        ? Observable.Never<Unit>()
        : Observable.Interval(_period, scheduler).Where(_ => IsClosed()).Select(_ => Unit.Default);

    private static bool IsClosed()
    {
        var output = new Descriptor { Number = 1 };
        return Poll(ref output, 1, 0) > 0 && (output.Events & Gone) != 0;
    }

    [DllImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll(ref Descriptor descriptor, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct Descriptor
    {
        public int Number;
        public short Requested;
        public short Events;
    }
}
