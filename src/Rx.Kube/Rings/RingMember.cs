namespace Rx.Kube;

/// <summary>
/// A member of a Service on a ring. Immutable. It is its name: equality leaves weight and zone aside, and where a ring wants to know whom you mean
/// a name will do, as in <c>ring.OwnedBy("cache-0")</c>.
/// </summary>
/// <param name="Name">The stable identity, as in <see cref="ServiceTopology.Members"/>. It alone places the member; its address never does.</param>
/// <param name="Weight">Its share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>.</param>
/// <param name="Zone">Its zone; null when unknown, or when replicas are not spread over zones.</param>
public sealed record RingMember(string Name, int Weight = 1, string? Zone = null)
{
    /// <inheritdoc/>
    public bool Equals(RingMember? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The member of that name: whoever it is on a ring, and on none of weight 1 and without a zone.</summary>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public static implicit operator RingMember(string name) => FromString(name);

    /// <inheritdoc cref="op_Implicit"/>
    public static RingMember FromString(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(name);
    }

    /// <summary>The name. From the network: escape before printing.</summary>
    public override string ToString() => Name;
}
