using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>Creates rings by rendezvous hashing.</summary>
public static class Rendezvous
{
    /// <summary>Creates a ring of names with equal weights. Each name is its own identity.</summary>
    /// <param name="members">The names, in any order; may be empty.</param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="members"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, is empty, or is not well-formed Unicode; or there are more than <see cref="RingLimits.MaxMembers"/> names.
    /// </exception>
    public static Rendezvous<string> Create(IEnumerable<string> members) => Create(members, name => name);

    /// <summary>Creates a ring of members.</summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="members">The members, in any order; may be empty.</param>
    /// <param name="hashKey">
    /// Gets a member's identity, which determines its position: a value that survives a restart, such as the name of a StatefulSet pod;
    /// never an address.
    /// </param>
    /// <param name="weight">
    /// Gets a member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>. The default is null: 1 for each member.
    /// </param>
    /// <param name="zone">
    /// Gets a member's zone. Every zone gets one replica before any zone gets a second one. Members whose zone is null form a zone of their
    /// own. The default is null: members have no zones.
    /// </param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="members"/> or <paramref name="hashKey"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Two members have the same identity; an identity is empty; an identity or a zone is not well-formed Unicode; a weight is out of
    /// range; or there are more than <see cref="RingLimits.MaxMembers"/> members.
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
/// A ring without tokens: each member has a score for each key, and the member with the highest score owns the key. Shares follow the
/// weights, apart from random variation, and a change moves only what must move, including replicas. However, a lookup computes a score for
/// every member. This ring is best for up to a few hundred members.
/// </summary>
/// <remarks>
/// <para>A lookup takes about half a nanosecond per member on a processor with AVX-512, up to two nanoseconds on others, and four if
/// weights differ. A change costs a copy of the members. Besides the table of members that every ring has
/// (about 130 bytes per member), the memory is 8 bytes per member, 16 if weights differ. Immutable and
/// thread-safe.</para>
/// <para>The layout is the format <c>Rendezvous/1</c>, which never changes under this name. A member's hash <c>h</c> for a key is XXH64 of
/// the 8 bytes of the key's hash, the least significant first, with a seed: XXH64, seed 0, of the UTF-8 of the member's identity.
/// If all weights are equal, a key prefers members by descending <c>h</c>. If they differ, a key prefers members by ascending cost, which
/// is −log2(h / 2^64) / weight in integers:</para>
/// <list type="number">
/// <item><description>Let <c>T(i)</c>, for <c>i</c> from 0 to 1024, be 2^44 × log2(1 + i / 1024), rounded down.</description></item>
/// <item><description>Of <c>h</c>, or of 1 if it is 0, let <c>e</c> be the index of the highest bit that is set, <c>i</c> the next 10 bits,
/// and <c>f</c> the rest, as a fraction from 0 to 1; if <c>h</c> has too few bits, zeros follow its lowest bit.</description></item>
/// <item><description>Let <c>d</c> be (64 − e) × 2^44 − T(i) − (T(i + 1) − T(i)) × f, where the product is rounded
/// down.</description></item>
/// <item><description>The cost is d × 2^13 × r / 2^64, rounded down, where <c>r</c> is (2^64 − 1) / weight, rounded
/// down.</description></item>
/// </list>
/// <para>Of equal costs the greater <c>h</c> comes first, and of equal hashes the smaller identity, by UTF-16 code units. The first member
/// is the owner.</para>
/// </remarks>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed class Rendezvous<TMember> : IRing<TMember>
{
    // With zones some members are skipped; more than this many are seldom needed.
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
