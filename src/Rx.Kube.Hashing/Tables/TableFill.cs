namespace Rx.Kube;

/// <summary>
/// Fills the table: in each round every member takes the next free entry of its permutation; lighter members skip rounds.
/// </summary>
internal static class TableFill
{
    // There is no slot 65,535.
    private const ushort Free = ushort.MaxValue;

    /// <summary>Gets the slot that owns each entry.</summary>
    /// <param name="table">The members; at least one.</param>
    /// <param name="permutations">The members' permutations, by slot.</param>
    /// <param name="size">The number of entries.</param>
    public static ushort[] Of<TMember>(MemberTable<TMember> table, Permutation[] permutations, int size)
    {
        var (places, takers) = (new ushort[size], TakersOf(table, permutations));
        Array.Fill(places, Free);
        var heaviest = takers.Max(taker => taker.Weight);
        var filled = 0;
        for (var round = 1; filled < size; round++)
        {
            for (var i = 0; i < takers.Length && filled < size; i++)
            {
                // Doubles, as in Envoy: addition and multiplication give the same bits on every machine.
                ref var taker = ref takers[i];
                if (round * taker.Weight < taker.Target)
                {
                    continue;
                }

                taker.Target += heaviest;
                while (places[taker.Place] != Free)
                {
                    taker.Step(size);
                }

                places[taker.Place] = taker.Slot;
                filled++;
            }
        }

        return places;
    }

    // By bytes, which differs from the order of ranks for the few identities with surrogates.
    private static Taker[] TakersOf<TMember>(MemberTable<TMember> table, Permutation[] permutations)
    {
        var members = (PlacedMember<TMember>[])table.ByRank.Clone();
        Array.Sort(members, (left, right) => left.Utf8.AsSpan().SequenceCompareTo(right.Utf8));
        var total = (double)members.Sum(member => (long)member.Weight);
        return Array.ConvertAll(members, member => new Taker(member.Slot, permutations[member.Slot], member.Weight / total));
    }

    private struct Taker(int slot, Permutation permutation, double weight)
    {
        public readonly ushort Slot = (ushort)slot;
        public readonly double Weight = weight;
        public double Target;
        public uint Place = permutation.Offset;
        private readonly uint _skip = permutation.Skip;

        public void Step(int size)
        {
            Place += _skip;
            Place -= Place >= (uint)size ? (uint)size : 0;
        }
    }
}

/// <summary>
/// The order in which a member tries the entries of a table: from an offset on in equal steps, which visit each entry once, because the
/// size is prime.
/// </summary>
internal readonly record struct Permutation(uint Offset, uint Skip)
{
    public static Permutation Of(ReadOnlySpan<byte> hashKey, int size) =>
        new((uint)(XxHash64.Hash(hashKey) % (uint)size), (uint)(XxHash64.Hash(hashKey, 1) % (uint)(size - 1)) + 1);
}
