namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>What goes wrong in a chaos run.</summary>
public enum Fault
{
    /// <summary>A proxy closes every connection (FIN).</summary>
    Cut,

    /// <summary>A proxy resets every connection (RST).</summary>
    Reset,

    /// <summary>A proxy closes one direction of every connection.</summary>
    HalfClose,

    /// <summary>A proxy holds everything back for a time.</summary>
    Stall,

    /// <summary>A proxy delays everything for a time.</summary>
    Delay,

    /// <summary>A proxy refuses connections for a time, and closes those that are open.</summary>
    Refuse,

    /// <summary>The API server is killed, and started after a time.</summary>
    KillServer,

    /// <summary>The history is compacted, and the API server is killed and started.</summary>
    Compact,

    /// <summary>etcd is backed up.</summary>
    BackUp,

    /// <summary>etcd is restored from the backup, and the API server is restarted.</summary>
    Restore,
}

/// <summary>A fault of a plan.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Kind">The fault.</param>
/// <param name="Proxy">The proxy, for faults of a proxy.</param>
/// <param name="Lasts">How long it lasts.</param>
public sealed record PlannedFault(TimeSpan At, Fault Kind, int Proxy, TimeSpan Lasts);

/// <summary>Plans the faults of a chaos run: the same ones for the same seed.</summary>
public static class ChaosPlan
{
    /// <summary>
    /// Creates the options of a client. The faults are so dense that waits grow to their maximum: a client may be waiting when the last
    /// fault ends. With the default of 30 s, which jitter doubles, it could take a minute.
    /// </summary>
    public static ResumeOptions OptionsOf(int seed) => new()
    {
        Backoff = new Backoff { Max = TimeSpan.FromSeconds(4) },
        AuditInterval = TimeSpan.FromSeconds(4),
        Random = RandomSource.Seeded(seed),
    };

    /// <summary>
    /// Plans faults of the network once a second on average, and faults of the server every 10 s in a short run, every 30 s in a long one.
    /// The backup and the restore are in the first half, because an audit may need 20 s to find what a restore changed.
    /// </summary>
    public static IReadOnlyList<PlannedFault> Create(int seed, TimeSpan duration, int proxies)
    {
        var random = new Random(seed);
        var plan = new List<PlannedFault>();
        for (var at = Seconds(1); at < duration - Seconds(2); at += Seconds(0.3 + (1.4 * random.NextDouble())))
        {
            plan.Add(new(at, (Fault)random.Next((int)Fault.KillServer), random.Next(proxies), Seconds(0.5 + (2 * random.NextDouble()))));
        }

        var backup = duration * 0.1;
        var restore = duration * 0.3;
        plan.Add(new(backup, Fault.BackUp, 0, default));
        plan.Add(new(restore, Fault.Restore, 0, default));
        var step = Seconds(Math.Clamp(duration.TotalSeconds / 4, 8, 30));
        for (var at = step * 0.7; at < duration - Seconds(5); at += step)
        {
            if ((at - restore).Duration() > Seconds(4) && (at - backup).Duration() > Seconds(2))
            {
                plan.Add(new(at, random.Next(2) == 0 ? Fault.KillServer : Fault.Compact, 0, Seconds(0.2 + (2 * random.NextDouble()))));
            }
        }

        return [.. plan.OrderBy(f => f.At)];
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
