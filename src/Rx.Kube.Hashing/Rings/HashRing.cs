using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>Makes rings of virtual nodes.</summary>
public static class HashRing
{
    /// <summary>A ring of names, each its own identity, of equal weights.</summary>
    /// <inheritdoc cref="Create{TMember}"/>
    public static HashRing<string> Create(IEnumerable<string> members, RingLayout? layout = null) => Create(members, name => name, layout: layout);

    /// <summary>A ring of the members, in whatever order they come.</summary>
    /// <param name="members">Who owns keys. None is allowed.</param>
    /// <param name="hashKey">
    /// A member's identity, which places it: what stays when it restarts, such as the name of a pod of a StatefulSet; never an address.
    /// </param>
    /// <param name="weight">A member's share relative to others, from 1 to <see cref="RingLimits.MaxWeight"/>; 1 for each by default.</param>
    /// <param name="zone">
    /// Where a member is: then replicas are spread over zones before any zone has two. Null, or a member's null, is one zone more; by default there are none.
    /// </param>
    /// <param name="layout">Where tokens stand; <see cref="RingLayout.Default"/> by default.</param>
    /// <exception cref="ArgumentException">
    /// Two members have one identity; an identity is empty; it or a zone is not well-formed Unicode; a weight is out of range; or there would be more than
    /// <see cref="RingLimits"/> allow.
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
/// A ring of virtual nodes: each member has many tokens on a circle of 2^64 hashes, and a token owns the hashes after the one before it, up to
/// and including its own. A member that joins takes keys from others and moves no other; of one that leaves, only its own keys move.
/// </summary>
/// <remarks>
/// <para>The layout is a format, <c>HashRing/1</c>, which does not change under this name. Token <c>i</c> of a member, from 0 to
/// weight × tokens per weight − 1, is XXH64 of the UTF-8 of its identity with the seed <c>i + 1</c>. The owner of a hash is that of the
/// smallest token that is not less than it, or of the smallest token at all if there is none. Of equal tokens the one of the smaller identity
/// counts, by UTF-16 code units. <see cref="RingLayout"/> has the layouts of others.</para>
/// <para>A lookup costs a few nanoseconds, however many members there are. A change costs what the member's own tokens cost, and shares all pages of
/// tokens that it does not touch with the ring before; both can be used on.</para>
/// </remarks>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class HashRing<TMember> : IRangedRing<TMember>
{
    private readonly MemberTable<TMember> _table;
    private readonly long[] _counts;
    private readonly TMember[] _owners;
    private readonly int[] _tokenless;
    private readonly TokenPages _tokens;

    private HashRing(MemberTable<TMember> table, RingLayout layout, long[] counts, TokenPages tokens)
    {
        (_table, Layout, _counts, _tokens) = (table, layout, counts, tokens);
        _owners = Array.ConvertAll(table.BySlot, member => member is null ? default! : member.Member);
        _tokenless = !counts.Contains(0) ? [] : [.. table.ByRank.Where((_, rank) => counts[rank] == 0).Select(member => member.Slot)];
        Fingerprint = table.Fingerprint(layout.Name, layout.Parameters);
    }

    /// <summary>Where the tokens stand.</summary>
    public RingLayout Layout { get; }

    /// <inheritdoc/>
    public ImmutableArray<TMember> Members => _table.Members;

    /// <inheritdoc/>
    public MemberTraits<TMember> Traits => _table.Traits;

    /// <inheritdoc/>
    public ulong Fingerprint { get; }

    /// <summary>How many tokens all members have.</summary>
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

        // At most 8 KB: there are no more slots than RingLimits.MaxMembers.
        Span<ulong> seen = stackalloc ulong[(_owners.Length + 63) / 64];
        var preference = new RingPreference(_tokens.At(key.Value), seen, _table.Count - _tokenless.Length, _tokenless);
        return ReplicaChoice.Choose(_table, ref preference, replicas);
    }

    /// <inheritdoc/>
    public KeyRange RangeOf(KeyHash key)
    {
        var (first, last) = _tokens.Around(key.Value);
        return new KeyRange(first, last);
    }

    /// <inheritdoc cref="IRing{TMember}.With"/>
    public HashRing<TMember> With(TMember member) => Next(_table.With(member));

    /// <inheritdoc cref="IRing{TMember}.Without"/>
    public HashRing<TMember> Without(TMember member)
    {
        var table = _table.Without(member);
        return ReferenceEquals(table, _table) ? this : Next(table);
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

        return new(table, layout, counts, TokenPages.Of(points, new TokenOrder<TMember>(table, table)));
    }

    /// <summary>Where this ring is certain to be as that one; null if that cannot be told.</summary>
    internal SharedTokens<TMember>? SharedWith(HashRing<TMember> previous, int replicationFactor) =>
        SharedTokens<TMember>.Of(previous._table, previous._tokens, _table, _tokens, replicationFactor);

    /// <summary>The tokens in their order, with their members.</summary>
    internal IEnumerable<(ulong Token, TMember Member)> Tokens() => _tokens.Points().Select(point => (point.Token, _owners[point.Slot]));

    private static long[] CountTokens(MemberTable<TMember> table, RingLayout layout)
    {
        var counts = layout.CountTokens(Array.ConvertAll(table.ByRank, member => member.Weight));
        return counts.Sum() is > RingLimits.MaxTokens and var total
            ? throw new ArgumentException($"The ring would have {total} tokens, of {RingLimits.MaxTokens} that it can have.")
            : counts;
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

    // A member's tokens are a sequence of its own; a change makes some sequences longer or shorter, most often only one.
    private HashRing<TMember> Next(MemberTable<TMember> table)
    {
        var counts = CountTokens(table, Layout);
        var (removed, added) = (new List<RingPoint>(), new List<RingPoint>());
        void Resize(PlacedMember<TMember> member, long from, long to)
        {
            var points = new RingPoint[Math.Abs(to - from)];
            Place(Layout, member, Math.Min(from, to), points);
            (to < from ? removed : added).AddRange(points);
        }

        for (var (mine, next) = (0, 0); mine < _table.Count || next < table.Count;)
        {
            var (was, now) = (mine < _table.Count ? _table.ByRank[mine] : null, next < table.Count ? table.ByRank[next] : null);
            var order = ReferenceEquals(was, now) ? 0 : was is null ? 1 : now is null ? -1 : string.CompareOrdinal(was.HashKey, now.HashKey);
            var (from, to) = (order <= 0 ? _counts[mine++] : 0, order >= 0 ? counts[next++] : 0);
            if (from != to)
            {
                Resize(order < 0 ? was! : now!, from, to);
            }
        }

        var tokens = removed.Count + added.Count == 0
            ? _tokens
            : _tokens.Change([.. removed], [.. added], new TokenOrder<TMember>(table, _table));
        return new(table, Layout, counts, tokens);
    }
}
