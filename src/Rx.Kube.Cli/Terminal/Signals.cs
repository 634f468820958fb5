using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Runtime.InteropServices;

namespace Rx.Kube.Cli.Terminal;

/// <summary>Provides signals of the operating system as observables, which emit on the runtime's signal thread.</summary>
internal static class Signals
{
    private const int LinuxStop = 19;
    private const int BsdStop = 17;

    /// <summary>Gets an observable of Ctrl+C and SIGTERM. The first signal is handled; the second one ends the process.</summary>
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

    /// <summary>Gets an observable of Ctrl+Z. The process stops after the observers have returned.</summary>
    public static IObservable<Unit> Suspend { get; } = Observable.Create<Unit>(observer =>
        OperatingSystem.IsWindows() ? Disposable.Empty : PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            // The runtime does not stop the process after a handled signal. This call stops the process group, as the terminal would.
            context.Cancel = true;
            observer.OnNext(Unit.Default);
            _ = Kill(0, OperatingSystem.IsLinux() ? LinuxStop : BsdStop);
        }));

    /// <summary>Gets an observable of resizes and of returns to the foreground.</summary>
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
