namespace Rx.Kube;

/// <summary>
/// Finds the tokens that only one of two rings has, or that another member has. Pages that the rings share are not read, and of other pages
/// the runs of tokens that are equal are compared many at a time: after one join, this takes less time than the join.
/// <c>HashRingModelTests</c> compare with the differences of the plainest ring.
/// </summary>
internal static class TokenDifferences
{
    /// <summary>Lists the tokens that differ in ascending order, each once.</summary>
    public static List<ulong> Between<TMember>(
        MemberTable<TMember> tableBefore, TokenPages before, MemberTable<TMember> tableAfter, TokenPages after)
    {
        var found = new List<ulong>();
        if (!before.HasPagesAs(after))
        {
            Merge(before.Points(), after.Points(), (was, now) => AreSame(tableBefore.BySlot[was]!, tableAfter.BySlot[now]!), found);
            return found;
        }

        var reused = ReusedSlots(tableBefore.BySlot, tableAfter.BySlot);
        for (var page = 0; page < after.PageCount; page++)
        {
            if (!after.SharesPage(before, page))
            {
                Compare(before.PageAt(page), after.PageAt(page), page, after.Shape, reused, found);
            }
        }

        return found;
    }

    private static void Compare(uint[] before, uint[] after, int number, TokenShape shape, HashSet<int> reused, List<ulong> found)
    {
        ReadOnlySpan<uint> were = TokenPage.WordsOf(before, shape);
        ReadOnlySpan<uint> are = TokenPage.WordsOf(after, shape);
        ReadOnlySpan<ushort> restsBefore = TokenPage.RestsOf(before, shape);
        ReadOnlySpan<ushort> restsAfter = TokenPage.RestsOf(after, shape);
        for (var (was, now) = (0, 0); ;)
        {
            var same = were[was..].CommonPrefixLength(are[now..]);
            var rests = restsBefore[TokenPage.RestsFor(was, was + same)]
                .CommonPrefixLength(restsAfter[TokenPage.RestsFor(now, now + same)]);
            same = Kept(were.Slice(was, rests / TokenPage.RestsFor(0, 1).End.Value), shape, reused);
            (was, now) = (was + same, now + same);
            if (was == were.Length && now == are.Length)
            {
                return;
            }

            var token = Math.Min(TokenAt(before, was), TokenAt(after, now));
            found.Add(token);
            was += Equal(before, was, token);
            now += Equal(after, now, token);
        }

        ulong TokenAt(uint[] page, int token) => token == TokenPage.CountOf(page, shape)
            ? ulong.MaxValue
            : TokenPage.TokenAt(page, number, shape.First + token, shape);

        int Equal(uint[] page, int from, ulong token)
        {
            var next = from;
            while (next < TokenPage.CountOf(page, shape) && TokenAt(page, next) == token)
            {
                next++;
            }

            return next - from;
        }
    }

    // Where a member left and another one has its slot, an equal word is not yet the same token.
    private static int Kept(ReadOnlySpan<uint> words, TokenShape shape, HashSet<int> reused)
    {
        for (var i = 0; reused.Count > 0 && i < words.Length; i++)
        {
            if (reused.Contains(shape.SlotIn(words[i])))
            {
                return i;
            }
        }

        return words.Length;
    }

    private static void Merge(IEnumerable<RingPoint> before, IEnumerable<RingPoint> after, Func<int, int, bool> areSame, List<ulong> found)
    {
        using var were = before.GetEnumerator();
        using var are = after.GetEnumerator();
        for (var (was, now) = (were.MoveNext(), are.MoveNext()); was || now;)
        {
            var order = !was ? 1 : !now ? -1 : were.Current.Token.CompareTo(are.Current.Token);
            var token = order <= 0 ? were.Current.Token : are.Current.Token;
            if (order != 0 || !areSame(were.Current.Slot, are.Current.Slot))
            {
                if (found.Count == 0 || found[^1] != token)
                {
                    found.Add(token);
                }
            }

            was = order <= 0 ? were.MoveNext() : was;
            now = order >= 0 ? are.MoveNext() : now;
        }
    }

    private static HashSet<int> ReusedSlots<TMember>(PlacedMember<TMember>?[] before, PlacedMember<TMember>?[] after)
    {
        var reused = new HashSet<int>();
        for (var slot = 0; slot < Math.Min(before.Length, after.Length); slot++)
        {
            if (!ReferenceEquals(before[slot], after[slot]) && before[slot] is { } was && after[slot] is { } now && !AreSame(was, now))
            {
                reused.Add(slot);
            }
        }

        return reused;
    }

    private static bool AreSame<TMember>(PlacedMember<TMember> was, PlacedMember<TMember> now) =>
        ReferenceEquals(was, now) || was.HashKey == now.HashKey;
}
