using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Runtime.InteropServices;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Signals of the operating system as observables, on the runtime's signal thread.</summary>
internal static class Signals
{
    private const int LinuxStop = 19;
    private const int BsdStop = 17;

    /// <summary>Ctrl+C and SIGTERM. The first one is ours to handle; a second one ends the process as it would without us.</summary>
    public static IObservable<Unit> Stop { get; } = Observable.Create<Unit>(observer =>
    {
        var seen = 0;
        return new CompositeDisposable(
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle));

        void Handle(PosixSignalContext context)
        {
            context.Cancel = Interlocked.Increment(ref seen) == 1;
            observer.OnNext(Unit.Default);
        }
    });

    /// <summary>Ctrl+Z: the process is stopped as soon as the observers have returned.</summary>
    public static IObservable<Unit> Suspend { get; } = Observable.Create<Unit>(observer =>
        OperatingSystem.IsWindows() ? Disposable.Empty : PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            // The runtime does not stop the process once the signal is handled, so it is done here: the whole job, as the terminal would.
            context.Cancel = true;
            observer.OnNext(Unit.Default);
            _ = Kill(0, OperatingSystem.IsLinux() ? LinuxStop : BsdStop);
        }));

    /// <summary>The terminal was resized, or the process was taken back to the foreground.</summary>
    public static IObservable<Unit> Redraw { get; } = Observable.Create<Unit>(observer =>
        OperatingSystem.IsWindows()
            ? Disposable.Empty
            : new CompositeDisposable(
                PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => observer.OnNext(Unit.Default)),
                PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => observer.OnNext(Unit.Default))));

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
