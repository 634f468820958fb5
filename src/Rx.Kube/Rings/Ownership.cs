using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>From rings to what they mean for one member.</summary>
public static partial class KubeObservable
{
    /// <summary>Gives what a member owns at first, and then what it gains and loses with each ring.</summary>
    /// <typeparam name="TMember">What owns keys.</typeparam>
    /// <param name="rings">The rings.</param>
    /// <param name="self">The member, known by its identity; it need not be on a ring.</param>
    /// <returns>A cold stream. What each event gives:
    /// <list type="table">
    /// <item><term>The first ring</term><description>all that the member holds, as gained</description></item>
    /// <item><term>A ring that changes something for the member</term><description>one change, from the ring before</description></item>
    /// <item><term>A ring that does not</term><description>nothing; so does the first, if the member is not on it</description></item>
    /// <item><term>The ring's code for identities throws</term><description>OnError with what it threw</description></item>
    /// <item><term>OnCompleted, OnError</term><description>passed on</description></item>
    /// </list>
    /// </returns>
    /// <remarks>
    /// Applied one after another to nothing, the changes give what the member holds on the latest ring. Costs a walk over all tokens of both rings for each
    /// ring. One ring is kept.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<OwnershipChange<TMember>> Ownership<TMember>(this IObservable<IRangedRing<TMember>> rings, TMember self) =>
        rings.WithReplicas(1).Ownership(self);

    /// <summary>The same with replicas: what a member holds at first, and then what it gains, loses, and holds in another rank with each ring.</summary>
    /// <inheritdoc cref="Ownership{TMember}(IObservable{IRangedRing{TMember}}, TMember)" path="/typeparam|/param|/remarks|/exception"/>
    /// <returns>As for rings without replicas; and one with another replication factor than the one before gives OnError with an <see cref="ArgumentException"/>.</returns>
    public static IObservable<OwnershipChange<TMember>> Ownership<TMember>(this IObservable<ReplicatedRing<TMember>> rings, TMember self)
    {
        ArgumentNullException.ThrowIfNull(rings);
        ArgumentNullException.ThrowIfNull(self);
        return Observable.Defer(() =>
        {
            ReplicatedRing<TMember>? previous = null;
            return rings
                .Select(next =>
                {
                    var change = next.DiffFrom(previous).OwnershipOf(self);
                    previous = next;
                    return change;
                })
                .Where(change => !change.IsEmpty);
        });
    }
}
