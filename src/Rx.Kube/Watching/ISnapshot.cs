namespace Rx.Kube;

/// <summary>A snapshot of a watch: of one Service, of all Services, of a store, or of a join. Immutable.</summary>
public interface ISnapshot
{
    /// <summary>Gets whether the snapshot is the current state of the server.</summary>
    Freshness Freshness { get; }
}
