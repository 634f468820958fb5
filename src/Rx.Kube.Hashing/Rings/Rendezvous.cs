using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>Makes rings by rendezvous hashing.</summary>
public static class Rendezvous
{
    /// <summary>A ring of names, each its own identity, of equal weights.</summary>
    /// <inheritdoc cref="Create{TMember}"/>
    public static Rendezvous<string> Create(IEnumerable<string> members) => Create(members, name => name);

    /// <summary>A ring of the members, in whatever order they come.</summary>
    /// <param name="members">Who owns keys. None is allowed.</param>
    /// <param name="hashKey">
    /// A member's identity, which places it: what stays when it restarts, such as the name of a pod of a StatefulSet; never an address.
    /// </param>
    /// <param name="weight">
    /// A member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>; 1 for each by default.
    /// </param>
    /// <param name="zone">
    /// Where a member is: then replicas are spread over zones before any zone has two. Null, or a member's null, is one zone more; by
    /// default there are none.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Two members have one identity; an identity is empty; it or a zone is not well-formed Unicode; a weight is out of range; or there would be more
    /// than <see cref="RingLimits.MaxMembers"/> members.
    /// </exception>
    public static Rendezvous<TMember> Create<TMember>(
        IEnumerable<TMember> members,
        Func<TMember, string> hashKey,
        Func<TMember, int>? weight = null,
        Func<TMember, string?>? zone = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        return new Rendezvous<TMember>(MemberTable<TMember>.Of(members, new(hashKey, weight, zone)));
    }
}

/// <summary>
/// A ring without tokens: each member has a score for each key, and the highest owns it. Shares follow the weights as closely as chance
/// allows, and a change moves only what must move, of replicas too; but a lookup asks every member. Best for up to a few hundred members.
/// </summary>
/// <remarks>
/// <para>A lookup costs about half a nanosecond for each member on a processor with AVX-512, up to two on others, four if weights differ; a
/// change costs a copy of the members. There is little to keep: 8 bytes for a member, 16 if weights differ.</para>
/// <para>The layout is a format, <c>Rendezvous/1</c>, which does not change under this name. A member's hash <c>h</c> for a key is XXH64 of
/// the 8 bytes of the key's hash, the least significant first, with the seed that is XXH64, seed 0, of the UTF-8 of the member's identity.
/// If all weights are equal, a key prefers members by descending <c>h</c>. If they differ, by ascending cost, which is −log2(h / 2^64) /
/// weight in integers:</para>
/// <list type="number">
/// <item><description>Let <c>T(i)</c>, for <c>i</c> from 0 to 1024, be 2^44 × log2(1 + i / 1024), rounded down.</description></item>
/// <item><description>Of <c>h</c>, or of 1 if it is 0, let <c>e</c> be the index of the highest bit that is set, <c>i</c> the next 10 bits,
/// and <c>f</c> the rest, as a fraction from 0 to 1; bits below the lowest are zeros.</description></item>
/// <item><description>Let <c>d</c> be (64 − e) × 2^44 − T(i) − (T(i + 1) − T(i)) × f, where the product is rounded down.</description></item>
/// <item><description>The cost is d × 2^13 × r / 2^64, rounded down, where <c>r</c> is (2^64 − 1) / weight, rounded down.</description></item>
/// </list>
/// <para>Of equal costs the greater <c>h</c> comes first, and of equal hashes the smaller identity, by UTF-16 code units. The first is the
/// owner.</para>
/// </remarks>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class Rendezvous<TMember> : IRing<TMember>
{
    // With zones some are passed over; more than these are seldom needed.
    private const int FirstFew = 16;

    private readonly MemberTable<TMember> _table;
    private readonly ScoreTable _scores;

    internal Rendezvous(MemberTable<TMember> table)
    {
        (_table, _scores) = (table, ScoreTable.Of(table));
        Fingerprint = table.Fingerprint("Rendezvous/1");
    }

    /// <inheritdoc/>
    public ImmutableArray<TMember> Members => _table.Members;

    /// <inheritdoc/>
    public MemberTraits<TMember> Traits => _table.Traits;

    /// <inheritdoc/>
    public ulong Fingerprint { get; }

    /// <inheritdoc/>
    public bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner)
    {
        if (_scores.Count == 0)
        {
            owner = default;
            return false;
        }

        owner = _table.Members[_scores.Best(key.Value)];
        return true;
    }

    /// <inheritdoc/>
    public int GetReplicas(KeyHash key, Span<TMember> replicas)
    {
        if (replicas.IsEmpty)
        {
            return 0;
        }

        Span<Score> first = stackalloc Score[FirstFew];
        var few = Math.Min(_table.ZoneSizes.Length < 2 ? Math.Min(replicas.Length, FirstFew) : FirstFew, _table.Count);
        var preference = new ScorePreference<TMember>(_table, _scores, key.Value, first[..few]);
        var found = ReplicaChoice.Choose(_table, ref preference, replicas);
        preference.Return();
        return found;
    }

    /// <inheritdoc cref="IRing{TMember}.With"/>
    public Rendezvous<TMember> With(TMember member) => new(_table.With(member));

    /// <inheritdoc cref="IRing{TMember}.Without"/>
    public Rendezvous<TMember> Without(TMember member)
    {
        var table = _table.Without(member);
        return ReferenceEquals(table, _table) ? this : new(table);
    }

    /// <inheritdoc cref="IRing{TMember}.Only"/>
    public Rendezvous<TMember> Only(Func<TMember, bool> isMember)
    {
        ArgumentNullException.ThrowIfNull(isMember);
        return new(_table.Only(isMember));
    }

    IRing<TMember> IRing<TMember>.With(TMember member) => With(member);

    IRing<TMember> IRing<TMember>.Without(TMember member) => Without(member);

    IRing<TMember> IRing<TMember>.Only(Func<TMember, bool> isMember) => Only(isMember);
}
