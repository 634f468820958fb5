using System.Text;

namespace Rx.Kube.Hashing.Tests.Rings;

/// <summary>A ring against a model: all tokens in one sorted list, and every answer a walk through it.</summary>
public sealed class HashRingModelTests
{
    private sealed record Placed(string Name, int Weight, string? Zone, int Version);

    // Tokens at both ends of the space, with few leading bits, equal in 16 of these, fully equal, twice of one member, in one page, or
    // anywhere; and many members with few tokens, whose rings share most pages.
    public static TheoryData<string> Shapes => ["ends", "few", "lead", "page", "wide", "shares", "many"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rings_of_branching_histories_answer_and_differ_as_the_plainest_ring_does(string shape)
    {
        for (var seed = 0; seed < (shape == "many" ? 1 : 2); seed++)
        {
            var random = new Random(seed);
            Func<Placed, string?>? zone = random.Next(2) == 0 ? placed => placed.Zone : null;
            var (layout, names, version) = (new Wicked(shape), shape == "many" ? 400 : random.Next(2, 30), 0);
            Placed Some() => new($"{random.Next(names)}", random.Next(1, 4), random.Next(3) == 0 ? null : $"{random.Next(3)}", version++);
            HashRing<Placed> Fresh(IEnumerable<Placed> members) =>
                HashRing.Create(members, placed => placed.Name, placed => placed.Weight, zone, layout);
            var first = shape == "many" ? Enumerable.Range(0, 250).Select(i => new Placed($"{i}", 1 + (i % 3), $"{i % 3}", -1)) : [];
            var rings = new List<HashRing<Placed>> { Fresh(first) };
            for (var step = 0; step < (shape == "many" ? 11 : 25); step++)
            {
                // Mostly from the latest ring, sometimes from an earlier one: then two branches reuse the same slots for different members.
                var from = rings[random.Next(4) == 0 ? random.Next(rings.Count) : ^1];
                var next = random.Next(5) < 3 || from.Members.IsEmpty
                    ? from.With(Some())
                    : from.Without(from.Members[random.Next(from.Members.Length)]);
                rings.Add(next);
                var (other, factor, where) = (rings[random.Next(rings.Count)], random.Next(1, 6), $"{shape}, seed {seed}, step {step}");
                Check(new Model(next, layout), next, factor, random, where);
                Assert.True(Fresh(next.Members).Fingerprint == next.Fingerprint, where);
                Assert.True(Text(Fresh(next.Members).DiffFrom(Fresh(other.Members), factor)) == Text(next.DiffFrom(other, factor)), where);
                CheckDiff(other, next, layout, factor, random, where);
                CheckDiff(next, other, layout, factor, random, where);
            }
        }
    }

    private static string Text(RingDiff<Placed> diff) =>
        string.Join("\n", diff.Changes.Select(change =>
            $"{change.Range}: {string.Join(" ", change.Before)} -> {string.Join(" ", change.After)}"));

    private static ulong[] Some(IEnumerable<ulong> hashes, Random random) =>
        hashes.ToArray() is var all ? random.GetItems(all, all.Length > 2000 ? 8 : 40) : [];

    private static void Check(Model model, HashRing<Placed> ring, int factor, Random random, string where)
    {
        var tokens = string.Join(" ", ring.Tokens().Select(token => (token.Token, token.Member)));
        Assert.True(string.Join(" ", model.Tokens) == tokens, where);
        foreach (var hash in Some(model.Edges(), random).Append(HashRings.RandomHash(random)))
        {
            var key = new KeyHash(hash);
            var replicas = new Placed[factor];
            var found = ring.GetReplicas(key, replicas);
            Assert.True(model.Replicas(hash, factor).SequenceEqual(replicas[..found]), $"{where}: {key}");
            Assert.True(
                ring.TryGetOwner(key, out var owner) == !ring.Members.IsEmpty && owner == model.Replicas(hash, 1).FirstOrDefault(),
                $"{where}: {key}");
            Assert.True(ring.RangeOf(key) == model.RangeOf(hash), $"{where}: {key}");
        }

        if (ring.Members.Length > 0 && random.Next(4) == 0)
        {
            var member = ring.Members[random.Next(ring.Members.Length)];
            var expected = model.Ranges().Select(range => (range, rank: model.Replicas(range.First, factor).IndexOf(member)))
                .Where(owned => owned.rank >= 0);
            var merged = new List<OwnedRange>();
            foreach (var (range, rank) in expected)
            {
                if (merged.Count > 0 && merged[^1].Rank == rank && merged[^1].Range.Last + 1 == range.First)
                {
                    merged[^1] = new(new(merged[^1].Range.First, range.Last), rank);
                }
                else
                {
                    merged.Add(new(range, rank));
                }
            }

            Assert.True(merged.SequenceEqual(ring.OwnedBy(member, factor)), $"{where}: {member}");
        }
    }

    private static void CheckDiff(
        HashRing<Placed> before, HashRing<Placed> after, RingLayout layout, int factor, Random random, string where)
    {
        var (was, now) = (new Model(before, layout), new Model(after, layout));
        var diff = after.DiffFrom(before, factor);
        Assert.All(diff.Changes.Zip(diff.Changes.Skip(1)), pair => Assert.True(pair.First.Range.Last < pair.Second.Range.First, where));
        var moves = after.DiffFrom(before, factor).Moves;
        foreach (var hash in Some(was.Edges().Concat(now.Edges()).Distinct(), random))
        {
            var key = new KeyHash(hash);
            var (old, are) = (was.Replicas(hash, factor), now.Replicas(hash, factor));
            var change = diff.Changes.Where(change => change.Range.Contains(key)).Take(1).ToArray();
            var isSame = old.Select(placed => placed.Name).SequenceEqual(are.Select(placed => placed.Name));
            Assert.True(isSame == (change.Length == 0), $"{where}, factor {factor}: {key}");
            Assert.True(isSame || (old.SequenceEqual(change[0].Before) && are.SequenceEqual(change[0].After)),
                $"{where}, factor {factor}: {key}");
            for (var rank = 0; rank < factor; rank++)
            {
                var (from, to) = (old.ElementAtOrDefault(rank)?.Name, are.ElementAtOrDefault(rank)?.Name);
                var said = moves.Where(move => move.Rank == rank && move.Range.Contains(key))
                    .Select(move => (move.From?.Name, move.To?.Name)).SingleOrDefault();
                Assert.True(said == (from == to ? (null, null) : (from, to)), $"{where}, factor {factor}, rank {rank}: {key}");
            }
        }
    }

    private sealed class Model
    {
        private readonly HashRing<Placed> _ring;
        private readonly List<Placed> _tokenless;

        public Model(HashRing<Placed> ring, RingLayout layout)
        {
            var tokens = new List<(ulong, Placed)>();
            var members = ring.Members.OrderBy(member => member.Name, StringComparer.Ordinal).ToArray();
            var counts = layout.CountTokens(members.Select(member => member.Weight).ToArray());
            foreach (var (member, count) in members.Zip(counts))
            {
                var own = new ulong[count];
                layout.Place(Encoding.UTF8.GetBytes(member.Name), 0, own);
                tokens.AddRange(own.Select(token => (token, member)));
            }

            (_ring, _tokenless) = (ring, [.. members.Where((_, rank) => counts[rank] == 0)]);
            Tokens = [.. tokens.OrderBy(token => token.Item1).ThenBy(token => token.Item2.Name, StringComparer.Ordinal)];
        }

        public List<(ulong Token, Placed Member)> Tokens { get; }

        public IEnumerable<ulong> Edges() =>
            Tokens.SelectMany(token => new[] { token.Token - 1, token.Token, token.Token + 1 })
                .Concat(new[] { 0UL, 1UL << 63, ulong.MaxValue }).Distinct();

        public List<Placed> Replicas(ulong hash, int count)
        {
            var start = Tokens.Count(token => token.Token < hash);
            var order = Tokens.Skip(start).Concat(Tokens.Take(start)).Select(token => token.Member).Distinct().Concat(_tokenless)
                .Take(_ring.Members.Length).ToList();
            return [.. order.Select((member, place) => (member, place))
                .GroupBy(one => _ring.Traits.HasZones ? one.member.Zone ?? "" : $"{one.place}")
                .SelectMany(zone => zone.Select((one, round) => (one.member, one.place, round))).OrderBy(one => one.round)
                .ThenBy(one => one.place).Take(count).Select(one => one.member)];
        }

        public KeyRange RangeOf(ulong hash) => Ranges().Single(range => range.Contains(new KeyHash(hash)));

        public IEnumerable<KeyRange> Ranges()
        {
            var first = 0UL;
            foreach (var token in Tokens.Select(token => token.Token).Distinct())
            {
                yield return new KeyRange(first, token);
                if (token == ulong.MaxValue)
                {
                    yield break;
                }

                first = token + 1;
            }

            yield return new KeyRange(first, ulong.MaxValue);
        }
    }

    private sealed class Wicked(string shape) : RingLayout("Wicked/1")
    {
        internal override long[] CountTokens(ReadOnlySpan<int> weights)
        {
            var (counts, sum) = (new long[weights.Length], 0);
            foreach (var weight in weights)
            {
                sum += weight;
            }

            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] = shape == "shares" ? Math.Max(i == 0 ? 1 : 0, (40 * weights[i] / sum) - 1)
                    : shape == "wide" ? weights[i] * 40L
                    : weights[i] * (shape == "many" ? 2L : 9L);
            }

            return counts;
        }

        internal override void Place(ReadOnlySpan<byte> hashKey, int first, Span<ulong> tokens)
        {
            for (var i = 0; i < tokens.Length; i++)
            {
                var hash = XxHash64.Hash(hashKey, (ulong)(first + i));
                tokens[i] = shape switch
                {
                    "ends" => hash % 3 == 0 ? ulong.MaxValue : hash % 3 == 1 ? 0 : hash,
                    "few" => hash >> 56 << 56,
                    "lead" => (hash & 0xC000_0000_0000_00FF) | 0x1234_5678_0000_0000,
                    "page" => (ulong.MaxValue << 10) | hash,
                    _ => hash,
                };
            }
        }
    }
}
