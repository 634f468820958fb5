namespace Rx.Kube;

/// <summary>The functions with which a ring gets a member's identity, weight and zone.</summary>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed class MemberTraits<TMember>
{
    private readonly Func<TMember, string> _hashKey;
    private readonly Func<TMember, int>? _weight;
    private readonly Func<TMember, string?>? _zone;

    /// <summary>Creates the traits for your own implementation of <see cref="IRing{TMember}"/>.</summary>
    /// <param name="hashKey">Gets a member's identity, which determines its position.</param>
    /// <param name="weight">Gets a member's share relative to others; null for 1 each.</param>
    /// <param name="zone">Gets a member's zone; null if members have no zones.</param>
    /// <exception cref="ArgumentNullException"><paramref name="hashKey"/> is null.</exception>
    public MemberTraits(Func<TMember, string> hashKey, Func<TMember, int>? weight = null, Func<TMember, string?>? zone = null)
    {
        ArgumentNullException.ThrowIfNull(hashKey);
        (_hashKey, _weight, _zone) = (hashKey, weight, zone);
    }

    /// <summary>Gets whether members have zones, so that replicas are spread over them.</summary>
    public bool HasZones => _zone is not null;

    /// <summary>Gets the identity of a member, which determines its position.</summary>
    /// <param name="member">The member.</param>
    /// <returns>The identity.</returns>
    public string HashKeyOf(TMember member) => _hashKey(member);

    /// <summary>Gets the weight of a member.</summary>
    /// <param name="member">The member.</param>
    /// <returns>The weight; 1 if members have no weights.</returns>
    public int WeightOf(TMember member) => _weight?.Invoke(member) ?? 1;

    /// <summary>Gets the zone of a member.</summary>
    /// <param name="member">The member.</param>
    /// <returns>The zone; empty if the member has none.</returns>
    public string ZoneOf(TMember member) => _zone?.Invoke(member) ?? "";
}
