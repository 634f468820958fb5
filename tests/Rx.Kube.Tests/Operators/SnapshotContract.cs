using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Operators;

/// <summary>
/// The laws of an operator over snapshots. A letter stands for a snapshot, or for changes, as <see cref="TopologyText"/> writes them.
/// </summary>
public abstract class SnapshotContract<T> : OperatorContract<ServiceTopology, T>
    where T : class
{
    protected virtual Dictionary<char, string> Words { get; } = new()
    {
        ['s'] = "syncing",
        ['0'] = "empty",
        ['1'] = "a",
        ['2'] = "a b",
        ['n'] = "a b(not ready)",
        ['i'] = "stale a b",
        ['h'] = "a b(held)",
        ['x'] = "+a",
        ['y'] = "+b",
        ['z'] = "-b",
        ['u'] = "~b",
    };

    protected sealed override ServiceTopology Value(char key) => TopologyText.Snapshot(Words[key]);

    protected sealed override char Key(T value) => Words.Single(w => w.Value == TopologyText.Text(value)).Key;
}
