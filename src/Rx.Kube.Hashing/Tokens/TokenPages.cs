using System.Numerics;

namespace Rx.Kube;

/// <summary>
/// All tokens of a ring in order, in pages by the leading bits of the hash. Immutable: a changed ring shares the pages that the change does
/// not touch. A page has about 64 to 128 tokens, whatever their number; with far more or fewer tokens, all pages are built again.
/// </summary>
internal sealed class TokenPages
{
    private const int Most = 192;
    private const int Wanted = 128;
    private const int Least = 48;

    private readonly uint[][] _pages;
    private readonly int _shift;

    private TokenPages(uint[][] pages, int shift, int count) => (_pages, _shift, Count) = (pages, shift, count);

    public int Count { get; }

    private int LeadShift => _shift - TokenPage.LeadBits;

    public static TokenPages Of(RingPoint[] points, ITokenOrder order)
    {
        var pageBits = Math.Max(1, BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)(points.Length / Wanted) + 1)));
        var shift = 64 - pageBits;
        var ends = new int[1 << pageBits];
        foreach (var point in points)
        {
            ends[point.Token >> shift]++;
        }

        for (var page = 1; page < ends.Length; page++)
        {
            ends[page] += ends[page - 1];
        }

        // Each entry now counts down from the end of its page to the beginning.
        var sorted = new RingPoint[points.Length];
        foreach (var point in points)
        {
            sorted[--ends[point.Token >> shift]] = point;
        }

        var pages = new uint[ends.Length][];
        for (var page = 0; page < pages.Length; page++)
        {
            var slice = sorted.AsSpan(ends[page]..(page + 1 < ends.Length ? ends[page + 1] : sorted.Length));
            order.Sort(slice);
            var builder = new TokenPageBuilder(slice.Length, shift - TokenPage.LeadBits);
            foreach (var point in slice)
            {
                builder.Add(point);
            }

            pages[page] = builder.ToPage();
        }

        return new(pages, shift, points.Length);
    }

    /// <summary>Gets the slot that owns a hash. There must be a token.</summary>
    public int SlotOf(ulong hash)
    {
        var number = (int)(hash >> _shift);
        var word = TokenPage.WordOf(_pages[number], hash, LeadShift);
        while (word == TokenPage.End)
        {
            number = number + 1 < _pages.Length ? number + 1 : 0;
            word = _pages[number][TokenPage.First];
        }

        return word != TokenPage.Unclear ? TokenPage.SlotIn(word) : At(hash).Slot;
    }

    /// <summary>Finds the first token at or after a hash, or the very first if there is none. There must be a token.</summary>
    public TokenCursor At(ulong hash)
    {
        var page = (int)(hash >> _shift);
        return new TokenCursor(_pages, page, TokenPage.Find(_pages[page], hash));
    }

    /// <summary>Gets the first and the last hash of the range around a hash that no token divides.</summary>
    public (ulong First, ulong Last) Around(ulong hash)
    {
        var number = (int)(hash >> _shift);
        var index = TokenPage.Find(_pages[number], hash);
        return (FirstAfter(number, index), LastUpTo(number, index));
    }

    /// <summary>Lists all tokens in order.</summary>
    public IEnumerable<RingPoint> Points()
    {
        foreach (var page in _pages)
        {
            for (var index = TokenPage.First; !TokenPage.IsEnd(page, index); index++)
            {
                yield return TokenPage.PointAt(page, index);
            }
        }
    }

    public int PageCount => _pages.Length;

    public int PageOf(ulong hash) => (int)(hash >> _shift);

    /// <summary>Gets whether both are divided at the same hashes, so that they can share pages.</summary>
    public bool HasPagesAs(TokenPages other) => _shift == other._shift;

    public bool SharesPage(TokenPages other, int page) => ReferenceEquals(_pages[page], other._pages[page]);

    /// <summary>Gets the content of a page.</summary>
    public ReadOnlySpan<uint> WordsOf(int page) => _pages[page];

    /// <summary>Lists the tokens of a page and of the pages before it, the last one first.</summary>
    public IEnumerable<RingPoint> PointsBackFrom(int page)
    {
        for (; page >= 0; page--)
        {
            for (var index = TokenPage.First + TokenPage.CountOf(_pages[page]) - 1; index >= TokenPage.First; index--)
            {
                yield return TokenPage.PointAt(_pages[page], index);
            }
        }
    }

    /// <summary>Creates pages without some points, each of which must be there, and with others.</summary>
    public TokenPages Change(RingPoint[] removed, RingPoint[] added, ITokenOrder order)
    {
        var count = Count - removed.Length + added.Length;
        if (count > (long)Most * _pages.Length || (count < (long)Least * _pages.Length && _pages.Length > 2))
        {
            var gone = removed.CountBy(point => point).ToDictionary();
            return Of([.. Points().Where(point => !IsGone(gone, point)), .. added], order);
        }

        order.Sort(removed);
        order.Sort(added);
        var pages = (uint[][])_pages.Clone();
        ReadOnlySpan<RingPoint> leaving = removed;
        ReadOnlySpan<RingPoint> coming = added;
        while (!leaving.IsEmpty || !coming.IsEmpty)
        {
            var number = Math.Min(PageOfFirst(leaving), PageOfFirst(coming));
            pages[number] = ChangePage(pages[number], TakePage(ref leaving, number), TakePage(ref coming, number), order);
        }

        return new(pages, _shift, count);
    }

    private static bool IsGone(Dictionary<RingPoint, int> gone, RingPoint point)
    {
        if (gone.GetValueOrDefault(point) is 0)
        {
            return false;
        }

        gone[point]--;
        return true;
    }

    private uint[] ChangePage(uint[] page, ReadOnlySpan<RingPoint> leaving, ReadOnlySpan<RingPoint> coming, ITokenOrder order)
    {
        var builder = new TokenPageBuilder(TokenPage.CountOf(page) - leaving.Length + coming.Length, LeadShift);
        Span<byte> cells = stackalloc byte[TokenPage.Cells];
        TokenPage.CellsOf(page).CopyTo(cells);
        var index = TokenPage.First;
        while (!leaving.IsEmpty || !coming.IsEmpty)
        {
            var leaves = coming.IsEmpty || (!leaving.IsEmpty && order.Compare(leaving[0], coming[0]) <= 0);
            var point = leaves ? leaving[0] : coming[0];
            var place = Math.Max(index, TokenPage.Find(page, point.Token));
            while (!TokenPage.IsEnd(page, place) && order.Compare(TokenPage.PointAt(page, place), point) < 0)
            {
                place++;
            }

            builder.AddRun(page, index, place);
            TokenPage.Count(cells, TokenPage.CellOf(TokenPage.LeadOf(point.Token, LeadShift)), isMore: !leaves);
            if (leaves)
            {
                index = place + 1;
                leaving = leaving[1..];
            }
            else
            {
                builder.Add(point);
                index = place;
                coming = coming[1..];
            }
        }

        builder.AddRun(page, index, TokenPage.First + TokenPage.CountOf(page));
        return Math.Max(TokenPage.CountOf(page), builder.Count) <= 0xFF ? builder.ToPage(cells) : builder.ToPage();
    }

    private int PageOfFirst(ReadOnlySpan<RingPoint> points) => points.IsEmpty ? int.MaxValue : (int)(points[0].Token >> _shift);

    private ReadOnlySpan<RingPoint> TakePage(ref ReadOnlySpan<RingPoint> points, int number)
    {
        var count = 0;
        while (PageOfFirst(points[count..]) == number)
        {
            count++;
        }

        var taken = points[..count];
        points = points[count..];
        return taken;
    }

    private ulong FirstAfter(int number, int index)
    {
        for (; index == TokenPage.First; index = TokenPage.First + TokenPage.CountOf(_pages[number]))
        {
            if (number-- == 0)
            {
                return 0;
            }
        }

        return TokenPage.TokenAt(_pages[number], index - 1) + 1;
    }

    private ulong LastUpTo(int number, int index)
    {
        for (; TokenPage.IsEnd(_pages[number], index); index = TokenPage.First)
        {
            if (++number == _pages.Length)
            {
                return ulong.MaxValue;
            }
        }

        return TokenPage.TokenAt(_pages[number], index);
    }
}
