namespace Rx.Kube.Cli.Agreeing;

/// <summary>The complete snapshots that the API server's watch has given, the latest last. Thread-safe.</summary>
internal sealed class ServerHistory
{
    // Enough for the few seconds that processes may take; of older ones, only the latest is needed.
    private const int Most = 1000;

    private readonly Lock _gate = new();
    private readonly List<(DateTimeOffset At, ServiceTopology Snapshot)> _entries = [];

    /// <summary>Gets the latest snapshot.</summary>
    public ServiceTopology Latest
    {
        get
        {
            lock (_gate)
            {
                return _entries[^1].Snapshot;
            }
        }
    }

    /// <summary>Adds a snapshot.</summary>
    /// <param name="at">When it arrived.</param>
    /// <param name="snapshot">The snapshot.</param>
    public void Add(DateTimeOffset at, ServiceTopology snapshot)
    {
        lock (_gate)
        {
            _entries.Add((at, snapshot));
            if (_entries.Count > Most)
            {
                _entries.RemoveAt(0);
            }
        }
    }

    /// <summary>Gets when the first state arrived that is newer than a version.</summary>
    /// <param name="version">The version.</param>
    /// <returns>The time; null if it was before the first snapshot, or if versions cannot be compared.</returns>
    public DateTimeOffset? FirstAfter(string version)
    {
        lock (_gate)
        {
            var index = _entries.FindIndex(entry => ResourceVersion.IsOlder(version, entry.Snapshot.Version));
            return index > 0 ? _entries[index].At : null;
        }
    }
}
