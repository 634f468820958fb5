using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Rx.Kube.Hashing;

/// <summary>
/// A ring of virtual nodes: each member has many tokens on a circle of 2^64 hashes, and a token owns the hashes after the one before it, up to
/// and including its own. A member that joins takes keys from others and moves no other; of one that leaves, only its own keys move.
/// </summary>
/// <remarks>
/// <para>The layout is a format, <c>HashRing/1</c>, which does not change under this name. Token <c>i</c> of a member, from 0 to
/// weight × tokens per weight − 1, is XXH64 of the UTF-8 of its identity with the seed <c>i + 1</c>. The owner of a hash is that of the
/// smallest token that is not less than it, or of the smallest token at all if there is none. Of equal tokens the one of the smaller identity
/// counts, by UTF-16 code units.</para>
/// <para>The fingerprint is a chain of XXH64, each step seeded with the one before, beginning at 0: over the UTF-8 of <c>HashRing/1</c>, over the
/// tokens per weight, then for each member, in the order of identities, over the UTF-8 of its identity and over its weight. Numbers
/// are 8 bytes, the least significant first.</para>
/// </remarks>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class HashRing<TMember> : IRing<TMember>
{
    private readonly RingRules<TMember> _rules;
    private readonly MemberSlot<TMember>[] _slots;
    private readonly TMember[] _members;
    private readonly RingPoints _points;

    private HashRing(RingRules<TMember> rules, MemberSlot<TMember>[] slots, RingPoints points)
    {
        (_rules, _slots, _points) = (rules, slots, points);
        _members = Array.ConvertAll(slots, slot => slot.Member);
        Fingerprint = FingerprintOf(rules, slots);
    }

    /// <inheritdoc/>
    public ImmutableArray<TMember> Members => ImmutableCollectionsMarshal.AsImmutableArray(_members);

    /// <inheritdoc/>
    public ulong Fingerprint { get; }

    /// <summary>What changes owner between two rings: ranges in ascending order that do not overlap, and where neighbours differ in from or to.</summary>
    /// <remarks>A member of the same identity is the same member. Everything outside these ranges stays where it is.</remarks>
    public static ImmutableArray<RangeMove<TMember>> Moves(HashRing<TMember> from, HashRing<TMember> to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var moves = ImmutableArray.CreateBuilder<RangeMove<TMember>>();
        var (first, before, after) = (0UL, 0, 0);
        var previous = default(KeyValuePair<string?, string?>);
        while (true)
        {
            var last = Math.Min(from._points[before].Token, to._points[after].Token);
            var pair = KeyValuePair.Create(from.SlotAt(before)?.HashKey, to.SlotAt(after)?.HashKey);
            if (pair.Key != pair.Value)
            {
                if (pair.Equals(previous))
                {
                    moves[^1] = moves[^1] with { Range = new KeyRange(moves[^1].Range.First, last) };
                }
                else
                {
                    moves.Add(new(new KeyRange(first, last), Of(from.SlotAt(before)), Of(to.SlotAt(after))));
                }
            }

            if (last == ulong.MaxValue)
            {
                return moves.ToImmutable();
            }

            (previous, first) = (pair, last + 1);
            (before, after) = (from._points.Find(first), to._points.Find(first));
        }
    }

    /// <inheritdoc/>
    public bool TryGetOwner(KeyHash key, [MaybeNullWhen(false)] out TMember owner)
    {
        if (_members.Length == 0)
        {
            owner = default;
            return false;
        }

        owner = _members[_points[_points.Find(key.Value)].Member];
        return true;
    }

    /// <inheritdoc/>
    public int GetReplicas(KeyHash key, Span<TMember> replicas)
    {
        var wanted = Math.Min(replicas.Length, _members.Length);
        var words = (_members.Length + 63) / 64;
        var seen = words <= 128 ? stackalloc ulong[words] : new ulong[words];
        var found = 0;
        for (var index = _points.Find(key.Value); found < wanted; index = index < _points.Count ? index + 1 : 1)
        {
            var member = _points[index].Member;
            if ((seen[member / 64] & (1UL << member)) == 0)
            {
                seen[member / 64] |= 1UL << member;
                replicas[found++] = _members[member];
            }
        }

        return found;
    }

    /// <summary>What the member owns: ranges in ascending order that neither overlap nor touch; none if it is not on the ring.</summary>
    public ImmutableArray<KeyRange> OwnedBy(TMember member)
    {
        var rank = RankOf(_rules.HashKey(member));
        var ranges = ImmutableArray.CreateBuilder<KeyRange>();
        var first = 0UL;
        for (var index = 0; rank >= 0; index = _points.Find(first))
        {
            var (last, owner) = (_points[index].Token, _points[index].Member);
            if (owner == rank && ranges.Count > 0 && ranges[^1].Last + 1 == first)
            {
                ranges[^1] = new KeyRange(ranges[^1].First, last);
            }
            else if (owner == rank)
            {
                ranges.Add(new KeyRange(first, last));
            }

            if (last == ulong.MaxValue)
            {
                break;
            }

            first = last + 1;
        }

        return ranges.ToImmutable();
    }

    /// <inheritdoc cref="IRing{TMember}.With"/>
    public HashRing<TMember> With(TMember member)
    {
        var slot = _rules.Slot(member);
        var rank = RankOf(slot.HashKey);
        if (rank < 0)
        {
            MemberSlot<TMember>[] slots = [.. _slots.AsSpan(0, ~rank), slot, .. _slots.AsSpan(~rank)];
            _rules.CheckTotal(slots);
            var points = new RingPoint[_rules.TokensOf(slot)];
            _rules.Place(slot, ~rank, points);
            return new(_rules, slots, _points.With(points, ~rank));
        }

        return _slots[rank].Weight == slot.Weight
            ? new(_rules, [.. _slots.AsSpan(0, rank), slot, .. _slots.AsSpan(rank + 1)], _points)
            : Without(member).With(member);
    }

    /// <inheritdoc cref="IRing{TMember}.Without"/>
    public HashRing<TMember> Without(TMember member)
    {
        var rank = RankOf(_rules.HashKey(member));
        return rank < 0
            ? this
            : new(_rules, [.. _slots.AsSpan(0, rank), .. _slots.AsSpan(rank + 1)], _points.Without(rank, _rules.TokensOf(_slots[rank])));
    }

    IRing<TMember> IRing<TMember>.With(TMember member) => With(member);

    IRing<TMember> IRing<TMember>.Without(TMember member) => Without(member);

    internal static HashRing<TMember> Build(IEnumerable<TMember> members, RingRules<TMember> rules)
    {
        var slots = members.Select(rules.Slot).ToArray();
        Array.Sort(slots, (left, right) => string.CompareOrdinal(left.HashKey, right.HashKey));
        for (var i = 1; i < slots.Length; i++)
        {
            if (slots[i].HashKey == slots[i - 1].HashKey)
            {
                throw new ArgumentException($"Two members have the identity '{slots[i].HashKey}'.", nameof(members));
            }
        }

        rules.CheckTotal(slots);
        var points = new RingPoint[slots.Sum(rules.TokensOf)];
        var next = 0;
        for (var rank = 0; rank < slots.Length; rank++)
        {
            rules.Place(slots[rank], rank, points.AsSpan(next, rules.TokensOf(slots[rank])));
            next += rules.TokensOf(slots[rank]);
        }

        return new(rules, slots, RingPoints.Sorted(points));
    }

    /// <summary>The tokens in their order, with their members.</summary>
    internal IEnumerable<(ulong Token, TMember Member)> Tokens() =>
        Enumerable.Range(0, _points.Count).Select(i => (_points[i].Token, _members[_points[i].Member]));

    private static TMember? Of(MemberSlot<TMember>? slot) => slot is { } some ? some.Member : default;

    private static ulong FingerprintOf(RingRules<TMember> rules, MemberSlot<TMember>[] slots)
    {
        var hash = Chained((ulong)rules.TokensPerWeight, XxHash64.Hash("HashRing/1"u8));
        foreach (var slot in slots)
        {
            hash = Chained((ulong)slot.Weight, XxHash64.Hash(slot.Utf8, hash));
        }

        return hash;
    }

    private static ulong Chained(ulong number, ulong seed)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return XxHash64.Hash(bytes, seed);
    }

    private MemberSlot<TMember>? SlotAt(int index) => _slots.Length == 0 ? null : _slots[_points[index].Member];

    // Not found: the complement of where it belongs.
    private int RankOf(string hashKey)
    {
        var (low, high) = (0, _slots.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            switch (string.CompareOrdinal(_slots[middle].HashKey, hashKey))
            {
                case 0: return middle;
                case < 0: low = middle + 1; break;
                default: high = middle; break;
            }
        }

        return ~low;
    }
}
