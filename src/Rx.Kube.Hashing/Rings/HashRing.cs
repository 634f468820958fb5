using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>Creates consistent-hash rings with virtual nodes.</summary>
public static class HashRing
{
    /// <summary>Creates a ring of names with equal weights. Each name is its own identity.</summary>
    /// <param name="members">The names, in any order; may be empty.</param>
    /// <param name="layout">The layout of the tokens. The default is <see cref="RingLayout.Default"/>.</param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="members"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A name occurs twice, is empty, or is not well-formed Unicode; or there would be more members or tokens than <see cref="RingLimits"/>
    /// allows.
    /// </exception>
    public static HashRing<string> Create(IEnumerable<string> members, RingLayout? layout = null) =>
        Create(members, name => name, layout: layout);

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
    /// <param name="layout">The layout of the tokens. The default is <see cref="RingLayout.Default"/>.</param>
    /// <returns>The ring.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="members"/> or <paramref name="hashKey"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// Two members have the same identity; an identity is empty; an identity or a zone is not well-formed Unicode; a weight is out of
    /// range; or there would be more members or tokens than <see cref="RingLimits"/> allows.
    /// </exception>
    public static HashRing<TMember> Create<TMember>(
        IEnumerable<TMember> members,
        Func<TMember, string> hashKey,
        Func<TMember, int>? weight = null,
        Func<TMember, string?>? zone = null,
        RingLayout? layout = null)
    {
        ArgumentNullException.ThrowIfNull(members);
        return HashRing<TMember>.Of(MemberTable<TMember>.Of(members, new(hashKey, weight, zone)), layout ?? RingLayout.Default);
    }
}

/// <summary>
/// A consistent-hash ring with virtual nodes: each member has many tokens on a circle of 2^64 hashes, and a token owns the hashes after the
/// previous token, up to and including its own. When a member joins, only the keys that it takes over move. When a member leaves, only its
/// own keys move.
/// </summary>
/// <remarks>
/// <para>The layout is the format <c>HashRing/1</c>, which never changes under this name. Token <c>i</c> of a member, from 0 to weight ×
/// tokens per weight − 1, is the XXH64 hash of its identity in UTF-8 with seed <c>i + 1</c>. The owner of a hash is the owner of the
/// smallest token that is not less than the hash, or of the smallest token of all if there is none. Of equal tokens, the one with the
/// smaller identity, compared by UTF-16 code units, takes precedence. <see cref="RingLayout"/> also provides the layouts of other
/// systems.</para>
/// <para>A lookup takes a few nanoseconds, regardless of the number of members. A change places the tokens of one member, and copies the
/// lists of members and of pages; the new ring shares all unaffected pages of tokens with the old ring. Both rings remain usable. The cost
/// of a difference between two such rings (<see cref="RangedRing.DiffFrom"/>) is proportional to the number of tokens that changed.</para>
/// <para>Immutable and thread-safe.</para>
/// </remarks>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed class HashRing<TMember> : IRangedRing<TMember>
{
    private readonly MemberTable<TMember> _table;

    /// <summary>The number of tokens of each member, by rank. Empty where it depends on nothing but the weight of the member.</summary>
    private readonly long[] _counts;

    /// <summary>The members by slot.</summary>
    private readonly TMember[] _owners;
    private readonly int[] _tokenless;
    private readonly TokenPages _tokens;

    private HashRing(MemberTable<TMember> table, RingLayout layout, long[] counts, TMember[] owners, TokenPages tokens)
    {
        (_table, Layout, _counts, _owners, _tokens) = (table, layout, counts, owners, tokens);
        _tokenless = !counts.Contains(0) ? [] : [.. table.ByRank.Where((_, rank) => counts[rank] == 0).Select(member => member.Slot)];
        Fingerprint = table.Fingerprint(layout.Name, layout.Parameters);
    }

    /// <summary>Gets the layout of the tokens.</summary>
    public RingLayout Layout { get; }

    /// <inheritdoc/>
    public ImmutableArray<TMember> Members => _table.Members;

    /// <inheritdoc/>
    public MemberTraits<TMember> Traits => _table.Traits;

    /// <inheritdoc/>
    public ulong Fingerprint { get; }

    /// <summary>Gets the total number of tokens of all members, from 0 to <see cref="RingLimits.MaxTokens"/>.</summary>
    public int TokenCount => _tokens.Count;

    /// <inheritdoc/>
    public bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner)
    {
        if (_tokens.Count == 0)
        {
            owner = default;
            return false;
        }

        owner = _owners[_tokens.SlotOf(key.Value)];
        return true;
    }

    /// <inheritdoc/>
    public int GetReplicas(KeyHash key, Span<TMember> replicas)
    {
        if (_tokens.Count == 0)
        {
            return 0;
        }

        var seen = new SlotSet(_owners.Length, stackalloc ulong[SlotSet.WordsOnStack(_owners.Length)]);
        var preference = new RingPreference(_tokens.At(key.Value), seen, _table.Count - _tokenless.Length, _tokenless);
        var found = ReplicaChoice.Choose(_table, ref preference, replicas);
        seen.Return();
        return found;
    }

    /// <inheritdoc/>
    public KeyRange RangeOf(KeyHash key)
    {
        var (first, last) = _tokens.Around(key.Value);
        return new KeyRange(first, last);
    }

    /// <inheritdoc cref="IRing{TMember}.With"/>
    public HashRing<TMember> With(TMember member)
    {
        var table = _table.With(member, out var was, out var now);
        return Next(table, was, now);
    }

    /// <inheritdoc cref="IRing{TMember}.Without"/>
    public HashRing<TMember> Without(TMember member)
    {
        var table = _table.Without(member, out var was);
        return was is null ? this : Next(table, was, null);
    }

    /// <inheritdoc cref="IRing{TMember}.Only"/>
    public HashRing<TMember> Only(Func<TMember, bool> isMember)
    {
        ArgumentNullException.ThrowIfNull(isMember);
        return Of(_table.Only(isMember), Layout);
    }

    IRing<TMember> IRing<TMember>.With(TMember member) => With(member);

    IRing<TMember> IRing<TMember>.Without(TMember member) => Without(member);

    IRing<TMember> IRing<TMember>.Only(Func<TMember, bool> isMember) => Only(isMember);

    internal static HashRing<TMember> Of(MemberTable<TMember> table, RingLayout layout)
    {
        var counts = CountTokens(table, layout);
        var (points, next) = (new RingPoint[counts.Sum()], 0);
        for (var rank = 0; rank < counts.Length; rank++)
        {
            Place(layout, table.ByRank[rank], 0, points.AsSpan(next, (int)counts[rank]));
            next += (int)counts[rank];
        }

        return new(
            table, layout, layout.TokensOf(1) is null ? counts : [], Array.ConvertAll(table.ByRank, member => member.Member),
            TokenPages.Of(points, table.BySlot.Length, new TokenOrder<TMember>(table, table)));
    }

    /// <summary>Finds where this ring certainly has the same replicas as a previous one; null if that cannot be told.</summary>
    internal SharedTokens<TMember>? SharedWith(HashRing<TMember> previous, int replicationFactor) =>
        SharedTokens<TMember>.Of(previous._table, previous._tokens, _table, _tokens, replicationFactor);

    /// <summary>Lists the tokens in order, each with its member.</summary>
    internal IEnumerable<(ulong Token, TMember Member)> Tokens() => _tokens.Points().Select(point => (point.Token, _owners[point.Slot]));

    private static long[] CountTokens(MemberTable<TMember> table, RingLayout layout)
    {
        var counts = layout.CountTokens(Array.ConvertAll(table.ByRank, member => member.Weight));
        CheckTokens(counts.Sum());
        return counts;
    }

    private static void CheckTokens(long count)
    {
        if (count > RingLimits.MaxTokens)
        {
            throw new ArgumentException(
                $"The ring would have {count} tokens; the most is {RingLimits.MaxTokens}. "
                + "To fix: use smaller weights or fewer tokens per weight.");
        }
    }

    private static void Place(RingLayout layout, PlacedMember<TMember> member, long first, Span<RingPoint> points)
    {
        var tokens = new ulong[points.Length];
        layout.Place(member.Utf8, (int)first, tokens);
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = new RingPoint(tokens[i], member.Slot);
        }
    }

    // Each member has its own sequence of tokens. A change makes the sequence of a member longer or shorter.
    private HashRing<TMember> Next(MemberTable<TMember> table, PlacedMember<TMember>? was, PlacedMember<TMember>? now)
    {
        var change = new TokenChange<TMember>(Layout);
        long[] counts = [];
        if (Layout.TokensOf(1) is null)
        {
            counts = CountTokens(table, Layout);
            change.ResizeAll(_table, _counts, table, counts);
        }
        else
        {
            var (from, to) = (was is null ? 0 : Layout.TokensOf(was.Weight)!.Value, now is null ? 0 : Layout.TokensOf(now.Weight)!.Value);
            CheckTokens(_tokens.Count - from + to);
            change.Resize(now ?? was!, from, to);
        }

        var owners = new TMember[table.BySlot.Length];
        _owners.CopyTo(owners, 0);
        owners[(now ?? was!).Slot] = now is null ? default! : now.Member;
        return new(table, Layout, counts, owners, change.Apply(_tokens, _table, table));
    }
}
