using Microsoft.AspNetCore.Http;

namespace Rx.Kube.Simulator;

/// <summary>The faults to inject, oldest first. Each request gets at most one. Thread-safe.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    internal FaultPlan()
    {
    }

    /// <summary>Injects a fault into the next matching requests.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="times">The number of requests. At least 1.</param>
    /// <param name="when">Selects the requests; null for all. Called on the server's threads.</param>
    /// <exception cref="ArgumentNullException"><paramref name="fault"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is less than 1.</exception>
    public void Inject(Fault fault, int times = 1, Func<HttpRequest, bool>? when = null)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_gate) _entries.Add(new(fault, when) { Left = times });
    }

    /// <summary>Removes the faults that have not happened yet.</summary>
    public void Clear()
    {
        lock (_gate) _entries.Clear();
    }

    internal Fault? Take(HttpRequest request)
    {
        lock (_gate)
        {
            var entry = _entries.Find(e => e.When?.Invoke(request) ?? true);
            if (entry is not null && --entry.Left == 0) _entries.Remove(entry);
            return entry?.Fault;
        }
    }

    private sealed record Entry(Fault Fault, Func<HttpRequest, bool>? When)
    {
        public int Left { get; set; }
    }
}
