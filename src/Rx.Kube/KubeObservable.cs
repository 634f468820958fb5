namespace Rx.Kube;

/// <summary>
/// The operators of Rx.Kube. They turn a collection into a resumed watch, its events into immutable snapshots, and snapshots into what an
/// application needs. They are extension methods on <see cref="IWatchable{T}"/> and <see cref="IObservable{T}"/>, and compose with the
/// operators of System.Reactive.
/// </summary>
public static partial class KubeObservable;
