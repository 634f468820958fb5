using Rx.Kube.Tests.Contracts;
using Rx.Kube.Tests.Operators;

namespace Rx.Kube.Tests.Rings;

/// <summary>
/// The laws of an operator that emits rings or their changes. A letter stands for a snapshot, a ring, or a change, in words.
/// </summary>
public abstract class RingContract<TSource, TResult> : OperatorContract<TSource, TResult>
    where TResult : class
{
    protected virtual Dictionary<char, string> Words { get; } = new()
    {
        ['s'] = "syncing",
        ['0'] = "empty",
        ['1'] = "a",
        ['2'] = "a b",
        ['n'] = "a b(not ready)",
        ['i'] = "stale a b",
        ['z'] = "a(zone x) b",
    };

    protected sealed override char Key(TResult value) => RingText.Of(value) is var text && Words.ContainsValue(text)
        ? Words.Single(w => w.Value == text).Key
        : throw new FormatException($"No letter stands for '{text}'");
}

/// <summary>The laws of an operator that takes snapshots.</summary>
public abstract class SnapshotRingContract<TResult> : RingContract<ServiceTopology, TResult>
    where TResult : class
{
    protected static HashRingOptions OfWeight(Func<TopologyEndpoint, int> weight) => new() { Weight = weight };

    protected override IReadOnlyList<(string Source, string Result)> Examples =>
        [("s-0-1-i-2-n-z|", "--0-1-2-----z|"), ("[s021]--n1|", "[021]--21|"), ("2-s-2-s-1|", "2-------1|")];

    protected sealed override ServiceTopology Value(char key) => TopologyText.Snapshot(Words[key]);
}
