using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// The state of one subscription to <see cref="KubeObservable.Ownership{TMember}(IObservable{ReplicatedRing{TMember}}, TMember)"/>: applies
/// rings and returns the changes for one member. Not thread-safe.
/// </summary>
internal sealed class OwnershipFold<TMember>(TMember self)
{
    private ReplicatedRing<TMember>? _previous;

    public static IObservable<OwnershipChange<TMember>> Changes(IObservable<ReplicatedRing<TMember>> rings, TMember self) =>
        Observable.Defer(() => rings.Select(new OwnershipFold<TMember>(self).Apply).Where(change => !change.IsEmpty));

    private OwnershipChange<TMember> Apply(ReplicatedRing<TMember> next)
    {
        var change = next.DiffFrom(_previous).OwnershipOf(self);
        _previous = next;
        return change;
    }
}
