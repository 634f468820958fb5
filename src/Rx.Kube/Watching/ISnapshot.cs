namespace Rx.Kube;

/// <summary>A snapshot of a watch: of one Service, of all Services, of a store, or of a join. Immutable.</summary>
/// <remarks>
/// A type of your own that is made of several snapshots may implement it, with <see cref="Rx.Kube.Freshness.Worst"/>: then the operators
/// on snapshots, such as <c>WhereSynced</c> and <c>FirstSyncedAsync</c>, work on it too.
/// </remarks>
public interface ISnapshot
{
    /// <summary>Gets whether the snapshot is the current state of the server.</summary>
    Freshness Freshness { get; }
}
