using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>
/// The state of one subscription to <see cref="KubeObservable.Ownership(IObservable{RingView}, string, IEnumerable{KeyRange})"/>: applies
/// rings and returns the changes for one member. Not thread-safe.
/// </summary>
/// <param name="self">The member.</param>
/// <param name="kept">The ranges whose data the member has when it is first on a ring; null for none.</param>
internal sealed class OwnershipFold<TMember>(TMember self, KeyRange[]? kept)
{
    private ReplicatedRing<TMember>? _previous;
    private KeyRange[]? _kept = kept;

    public static IObservable<OwnershipChange<TMember>> Changes(
        IObservable<ReplicatedRing<TMember>> rings, TMember self, IEnumerable<KeyRange>? kept) =>
        Changes(rings, self, kept, ring => ring, (_, change) => change);

    /// <summary>Creates the stream of changes for rings that are part of something else.</summary>
    public static IObservable<OwnershipChange<TMember>> Changes<TSource>(
        IObservable<TSource> source, TMember self, IEnumerable<KeyRange>? kept, Func<TSource, ReplicatedRing<TMember>> ringOf,
        Func<TSource, OwnershipChange<TMember>, OwnershipChange<TMember>> result)
    {
        KeyRange[]? ranges = kept is null ? null : [.. kept];
        return Observable.Defer(() =>
        {
            var fold = new OwnershipFold<TMember>(self, ranges);
            return source.Select(each => result(each, fold.Apply(ringOf(each))));
        });
    }

    private OwnershipChange<TMember> Apply(ReplicatedRing<TMember> next)
    {
        var previous = _previous;
        _previous = next;
        if (_kept is { } kept && IsOn(next.Ring))
        {
            _kept = null;
            return next.JoinOf(self, kept);
        }

        return previous is null ? next.JoinOf(self) : next.DiffFrom(previous).OwnershipOf(self);
    }

    private bool IsOn(IRangedRing<TMember> ring)
    {
        var identity = ring.Traits.HashKeyOf(self);
        return ring.Members.Any(member => ring.Traits.HashKeyOf(member) == identity);
    }
}
