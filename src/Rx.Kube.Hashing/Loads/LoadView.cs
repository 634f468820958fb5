namespace Rx.Kube;

/// <summary>
/// A ring with the loads of its members, and of members that left with requests in flight. Immutable except for the loads themselves.
/// </summary>
internal sealed record LoadView<TMember>(IRing<TMember> Ring, long Weights, Dictionary<string, (MemberLoad Load, int Weight)> Loads)
{
    public (MemberLoad Load, int Weight) LoadOf(TMember member) => Loads.GetValueOrDefault(Ring.Traits.HashKeyOf(member));

    /// <summary>Creates the view of another ring, with the loads known here, without the members that left.</summary>
    public static LoadView<TMember> Of(IRing<TMember> ring, LoadView<TMember>? before)
    {
        ArgumentNullException.ThrowIfNull(ring);
        var loads = new Dictionary<string, (MemberLoad, int)>(StringComparer.Ordinal);
        var weights = 0L;
        foreach (var member in ring.Members)
        {
            var (name, weight) = (ring.Traits.HashKeyOf(member), ring.Traits.WeightOf(member));
            loads.Add(name, (before?.Loads.GetValueOrDefault(name).Load ?? new MemberLoad(), weight));
            weights += weight;
        }

        return new(ring, weights, loads);
    }
}
