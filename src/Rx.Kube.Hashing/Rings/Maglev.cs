using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>Makes rings with a table, as Envoy's Maglev load balancer does.</summary>
public static class Maglev
{
    /// <summary>The size of a table, unless told otherwise; Envoy's default too.</summary>
    public const int DefaultTableSize = 65_537;

    /// <summary>The largest table; Envoy's largest too.</summary>
    public const int MaxTableSize = 5_000_011;

    /// <summary>A ring of names, each its own identity, of equal weights.</summary>
    /// <inheritdoc cref="Create{TMember}"/>
    public static Maglev<string> Create(IEnumerable<string> members, int tableSize = DefaultTableSize) =>
        Create(members, name => name, tableSize: tableSize);

    /// <summary>A ring of the members, in whatever order they come.</summary>
    /// <param name="members">Who owns keys. None is allowed.</param>
    /// <param name="hashKey">
    /// A member's identity, which places it. To find the owners that an Envoy finds, what it hashes: a host's metadata <c>hash_key</c>,
    /// else its hostname if Envoy is told so, else its address, such as <c>10.0.0.1:80</c>.
    /// </param>
    /// <param name="weight">
    /// A member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>; 1 for each by default.
    /// </param>
    /// <param name="zone">
    /// Where a member is: then replicas are spread over zones before any zone has two. Null, or a member's null, is one zone more; by
    /// default there are none.
    /// </param>
    /// <param name="tableSize">
    /// How many places the table has: a prime from 2 to <see cref="MaxTableSize"/>. It should be 100 times the number of members or more: then
    /// shares differ by one percent, and the more it is the fewer keys move needlessly. With fewer places than members, some own nothing.
    /// </param>
    /// <exception cref="ArgumentException">
    /// <paramref name="tableSize"/> is not prime or out of range; two members have one identity; an identity is empty; it or a zone is not
    /// well-formed Unicode; a weight is out of range; or there would be more than <see cref="RingLimits.MaxMembers"/> members.
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
/// A ring with a table of places, each of which has an owner: what Envoy's Maglev load balancer has, so that both find the same owner of a
/// hash. Shares are almost equal, or as the weights are, and a lookup reads one place; but a change moves more keys than it must.
/// </summary>
/// <remarks>
/// <para>A change fills the whole table anew, and moves keys of other members too. In a table of 65,537 places, one of 10 members that comes
/// or goes moves about 1.05 times what it must, one of 100 about 1.5 times, one of 650 about 6 times; with fewer places it is more. Where
/// moved keys cost much, take a <see cref="HashRing{TMember}"/>.</para>
/// <para>The layout is a format, <c>Maglev/1</c>, which does not change under this name. Of a table with <c>M</c> places, a member takes
/// its first at XXH64, seed 0, of the UTF-8 of its identity, modulo M, and goes on in steps of 1 + (XXH64, seed 1, modulo M − 1). In
/// rounds, numbered from 1, and by the bytes of their identities, members take the next free place on their way, until the table is full.
/// With <c>w</c> its weight divided by the sum of all, a member sits a round out if <c>round × w</c> is less than <c>t</c>; else it takes a
/// place, and the greatest <c>w</c> is added to its <c>t</c>, which is 0 at first: in 64-bit floating-point numbers. The owner of a hash has
/// the place at the hash modulo M. More replicas are those of the places after it, around the table; members without a place come last, in
/// the order of identities.</para>
/// </remarks>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class Maglev<TMember> : IRing<TMember>
{
    private const int WordsOnStack = 128;

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

    /// <summary>How many places the table has.</summary>
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

        var words = (_owners.Length + 63) / 64;
        var rented = words > WordsOnStack ? ArrayPool<ulong>.Shared.Rent(words) : null;
        var seen = rented ?? stackalloc ulong[words];
        seen.Clear();
        var preference = new TablePreference<TMember>(_table, _places, (int)(key.Value % (ulong)_places.Length), seen);
        var found = ReplicaChoice.Choose(_table, ref preference, replicas);
        if (rented is not null)
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }

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
        new(table, tableSize, permutations, table.Count == 0 ? [] : TableFill.Of(table, permutations, tableSize));

    // Who stays keeps its slot, and with it its permutation.
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
