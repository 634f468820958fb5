namespace Rx.Kube;

/// <summary>What a ring knows of its members.</summary>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class MemberTraits<TMember>
{
    private readonly Func<TMember, string> _hashKey;
    private readonly Func<TMember, int>? _weight;
    private readonly Func<TMember, string?>? _zone;

    /// <summary>For a ring of your own.</summary>
    /// <param name="hashKey">The identity of a member, which places it.</param>
    /// <param name="weight">Its share relative to others; null for 1 each.</param>
    /// <param name="zone">Where it is; null for no zones.</param>
    public MemberTraits(Func<TMember, string> hashKey, Func<TMember, int>? weight = null, Func<TMember, string?>? zone = null)
    {
        ArgumentNullException.ThrowIfNull(hashKey);
        (_hashKey, _weight, _zone) = (hashKey, weight, zone);
    }

    /// <summary>Whether members have zones, so that replicas are spread over them.</summary>
    public bool HasZones => _zone is not null;

    /// <summary>The identity of a member, which places it.</summary>
    public string HashKeyOf(TMember member) => _hashKey(member);

    /// <summary>The weight of a member; 1 where none was given.</summary>
    public int WeightOf(TMember member) => _weight?.Invoke(member) ?? 1;

    /// <summary>The zone of a member; empty where it has none.</summary>
    public string ZoneOf(TMember member) => _zone?.Invoke(member) ?? "";
}
