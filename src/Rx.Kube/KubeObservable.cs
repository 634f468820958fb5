namespace Rx.Kube;

/// <summary>
/// The operators of Rx.Kube: from a collection to a resumed watch, from its events to immutable snapshots, and from snapshots to what an
/// application needs. They are extension methods on <see cref="IWatchable{T}"/> and <see cref="IObservable{T}"/>, and compose with those of
/// System.Reactive.
/// </summary>
public static partial class KubeObservable;
