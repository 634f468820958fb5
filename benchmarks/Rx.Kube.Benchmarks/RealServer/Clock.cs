namespace Rx.Kube.Benchmarks.RealServer;

/// <summary>The clock that several processes of this machine share.</summary>
internal static class Clock
{
    /// <summary>Gets the time, in ns since 1970.</summary>
    public static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
}
