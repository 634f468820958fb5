namespace Rx.Kube;

/// <summary>
/// A member of a Service on a ring. Immutable. The name is its identity: equality ignores weight and zone.
/// <see cref="RingMemberExtensions"/> has overloads for names, such as <c>ring.OwnedBy("cache-0")</c>.
/// </summary>
/// <param name="Name">
/// The stable identity, as in <see cref="ServiceTopology.Members"/>. The position on a ring never depends on the address.
/// </param>
/// <param name="Weight">
/// The member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>. A ring checks the range.
/// </param>
/// <param name="Zone">The member's zone; null when unknown, or when replicas are not spread over zones.</param>
public sealed record RingMember(string Name, int Weight = 1, string? Zone = null)
{
    /// <summary>Compares by name only.</summary>
    /// <param name="other">The other member.</param>
    /// <returns>Whether both have the same name.</returns>
    public bool Equals(RingMember? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>Gets the name. It comes from the network: escape it before printing.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
