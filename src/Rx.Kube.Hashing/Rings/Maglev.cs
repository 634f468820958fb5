using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>Creates rings with a lookup table, as Envoy's Maglev load balancer does.</summary>
public static class Maglev
{
    /// <summary>The default size of a table; also Envoy's default.</summary>
    public const int DefaultTableSize = 65_537;

    /// <summary>The largest size of a table; also Envoy's largest.</summary>
    public const int MaxTableSize = 5_000_011;

    /// <summary>The largest number of members: an entry of the table has 16 bits.</summary>
    public const int MaxMembers = 65_535;

    /// <summary>Creates a ring of names with equal weights. Each name is its own identity.</summary>
    /// <param name="members">The names, in any order; may be empty.</param>
    /// <param name="tableSize">The number of entries of the table: a prime from 2 to <see cref="MaxTableSize"/>.</param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="members"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="tableSize"/> is out of range or not prime; a name occurs twice, is empty, or is not well-formed Unicode; or there
    /// are more than <see cref="MaxMembers"/> names.
    /// </exception>
    public static Maglev<string> Create(IEnumerable<string> members, int tableSize = DefaultTableSize) =>
        Create(members, name => name, tableSize: tableSize);

    /// <summary>Creates a ring of members.</summary>
    /// <typeparam name="TMember">The type of the members.</typeparam>
    /// <param name="members">The members, in any order; may be empty.</param>
    /// <param name="hashKey">
    /// Gets a member's identity, which determines its position. To find the same owners as Envoy, return what Envoy hashes: the host's
    /// metadata <c>hash_key</c>, else its hostname if Envoy is set to use it, else its address, such as <c>10.0.0.1:80</c>.
    /// </param>
    /// <param name="weight">
    /// Gets a member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>. The default is null: 1 for each member.
    /// </param>
    /// <param name="zone">
    /// Gets a member's zone. Every zone gets one replica before any zone gets a second one. Members whose zone is null form a zone of their
    /// own. The default is null: members have no zones.
    /// </param>
    /// <param name="tableSize">
    /// The number of entries of the table: a prime from 2 to <see cref="MaxTableSize"/>. The default is <see cref="DefaultTableSize"/>. It
    /// should be at least 100 times the number of members: then shares differ by one percent, and the more entries there are, the fewer
    /// keys move needlessly. With fewer entries than members, some members own nothing.
    /// </param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="members"/> or <paramref name="hashKey"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="tableSize"/> is not prime or out of range; two members have the same identity; an identity is empty; an identity or
    /// a zone is not well-formed Unicode; a weight is out of range; or there are more than <see cref="MaxMembers"/> members.
    /// </exception>
    public static Maglev<TMember> Create<TMember>(
        IEnumerable<TMember> members,
        Func<TMember, string> hashKey,
        Func<TMember, int>? weight = null,
        Func<TMember, string?>? zone = null,
        int tableSize = DefaultTableSize)
    {
        ArgumentNullException.ThrowIfNull(members);
        TableSize.Check(tableSize);
        return Maglev<TMember>.Of(MemberTable<TMember>.Of(members, new(hashKey, weight, zone)), tableSize);
    }
}

/// <summary>
/// A ring with a lookup table whose entries each have an owner: the same table as in Envoy's Maglev load balancer, so that both find
/// the same owner of a hash. Shares are almost equal, or follow the weights, and a lookup reads one entry. However, a change moves more
/// keys than necessary.
/// </summary>
/// <remarks>
/// <para>A change refills the whole table, and also moves keys of other members. In a table of 65,537 entries, a join or a leave moves
/// about 1.05 times the minimum with 10 members, about 1.5 times with 100, and about 6 times with 650; with fewer entries, it moves more.
/// If moving keys is expensive, use a <see cref="HashRing{TMember}"/>. Immutable and thread-safe.</para>
/// <para>The layout is the format <c>Maglev/1</c>, which never changes under this name. In a table with <c>M</c> entries, a member first
/// tries the entry at XXH64, seed 0, of the UTF-8 of its identity, modulo M, and continues in steps of 1 + (XXH64, seed 1, modulo M − 1).
/// In rounds, numbered from 1, and in the order of the bytes of their identities, members take the next free entry in their sequence, until
/// the table is full. With <c>w</c> a member's weight divided by the sum of all weights, a member skips a round if <c>round × w</c> is less
/// than <c>t</c>; otherwise it takes an entry, and the greatest <c>w</c> is added to its <c>t</c>, which is 0 at first. All of this is
/// computed in 64-bit floating-point numbers. The owner of a hash is the owner of the entry at the hash modulo M. Further replicas are the
/// owners of the following entries, wrapping around the table; members without an entry come last, in the order of identities.</para>
/// </remarks>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed class Maglev<TMember> : IRing<TMember>
{
    private readonly MemberTable<TMember> _table;
    private readonly Permutation[] _permutations;
    private readonly ushort[] _places;
    private readonly TMember[] _owners;

    private Maglev(MemberTable<TMember> table, int tableSize, Permutation[] permutations, ushort[] places)
    {
        (_table, TableSize, _permutations, _places) = (table, tableSize, permutations, places);
        _owners = Array.ConvertAll(table.BySlot, member => member is null ? default! : member.Member);
        Fingerprint = table.Fingerprint("Maglev/1", (ulong)tableSize);
    }

    /// <summary>Gets the number of entries of the table.</summary>
    public int TableSize { get; }

    /// <inheritdoc/>
    public ImmutableArray<TMember> Members => _table.Members;

    /// <inheritdoc/>
    public MemberTraits<TMember> Traits => _table.Traits;

    /// <inheritdoc/>
    public ulong Fingerprint { get; }

    /// <inheritdoc/>
    public bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner)
    {
        if (_places.Length == 0)
        {
            owner = default;
            return false;
        }

        owner = _owners[_places[key.Value % (ulong)_places.Length]];
        return true;
    }

    /// <inheritdoc/>
    public int GetReplicas(KeyHash key, Span<TMember> replicas)
    {
        if (_places.Length == 0)
        {
            return 0;
        }

        var seen = new SlotSet(_owners.Length, stackalloc ulong[SlotSet.WordsOnStack(_owners.Length)]);
        var preference = new TablePreference<TMember>(_table, _places, (int)(key.Value % (ulong)_places.Length), seen);
        var found = ReplicaChoice.Choose(_table, ref preference, replicas);
        seen.Return();
        return found;
    }

    /// <inheritdoc cref="IRing{TMember}.With"/>
    public Maglev<TMember> With(TMember member)
    {
        var table = _table.With(member);
        var isOnlyNewer = _table.Find(Traits.HashKeyOf(member))?.Weight == Traits.WeightOf(member);
        return isOnlyNewer ? new(table, TableSize, _permutations, _places) : Next(table);
    }

    /// <inheritdoc cref="IRing{TMember}.Without"/>
    public Maglev<TMember> Without(TMember member)
    {
        var table = _table.Without(member);
        return ReferenceEquals(table, _table) ? this : Next(table);
    }

    /// <inheritdoc cref="IRing{TMember}.Only"/>
    public Maglev<TMember> Only(Func<TMember, bool> isMember)
    {
        ArgumentNullException.ThrowIfNull(isMember);
        return Of(_table.Only(isMember), TableSize);
    }

    IRing<TMember> IRing<TMember>.With(TMember member) => With(member);

    IRing<TMember> IRing<TMember>.Without(TMember member) => Without(member);

    IRing<TMember> IRing<TMember>.Only(Func<TMember, bool> isMember) => Only(isMember);

    internal static Maglev<TMember> Of(MemberTable<TMember> table, int tableSize) =>
        Of(table, tableSize, Array.ConvertAll(table.BySlot, member => Permutation.Of(member!.Utf8, tableSize)));

    private static Maglev<TMember> Of(MemberTable<TMember> table, int tableSize, Permutation[] permutations) =>
        table.Count > Maglev.MaxMembers
            ? throw new ArgumentException(
                $"The ring would have {table.Count} members; the most of a Maglev ring is {Maglev.MaxMembers}. "
                + "To fix: use a HashRing, which can have more.")
            : new(table, tableSize, permutations, table.Count == 0 ? [] : TableFill.Of(table, permutations, tableSize));

    // A member that stays keeps its slot, and with it its permutation.
    private Maglev<TMember> Next(MemberTable<TMember> table)
    {
        var permutations = new Permutation[table.BySlot.Length];
        for (var slot = 0; slot < permutations.Length; slot++)
        {
            var (was, now) = (_table.BySlot.ElementAtOrDefault(slot), table.BySlot[slot]);
            permutations[slot] = now is null ? default
                : ReferenceEquals(was, now) ? _permutations[slot]
                : Permutation.Of(now.Utf8, TableSize);
        }

        return Of(table, TableSize, permutations);
    }
}
