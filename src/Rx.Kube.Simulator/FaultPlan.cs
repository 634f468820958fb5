using Microsoft.AspNetCore.Http;

namespace Rx.Kube.Simulator;

/// <summary>Faults waiting for their requests, oldest first; each request meets at most one. Thread-safe.</summary>
public sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    internal FaultPlan()
    {
    }

    /// <summary>Orders a fault for the next requests.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="times">For how many requests.</param>
    /// <param name="when">Which requests; all if null. Called on the server's threads.</param>
    public void Inject(Fault fault, int times = 1, Func<HttpRequest, bool>? when = null)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_gate) _entries.Add(new(fault, when) { Left = times });
    }

    /// <summary>Takes back all that has not happened yet.</summary>
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
