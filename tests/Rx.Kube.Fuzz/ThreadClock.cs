using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Rx.Kube.Fuzz;

/// <summary>
/// The time that this thread has computed for, where the system tells; else the time of a clock. Waiting for a processor does not count.
/// </summary>
internal static class ThreadClock
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    public static TimeSpan Read() => OperatingSystem.IsLinux() && GetTime(ThreadCpuTime, out var time) == 0
        ? new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100))
        : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Time time);

    private readonly record struct Time(nint Seconds, nint Nanoseconds);
}
