using System.Numerics;
using System.Runtime.InteropServices;

namespace Rx.Kube.Hashing.Tokens;

/// <summary>
/// All tokens of a ring in order, in pages by the leading bits of the hash. Immutable: what a change does not touch, the next one shares. There are about
/// 64 to 128 tokens to a page, however many there are; with far more or fewer, all pages are cut anew.
/// </summary>
internal sealed class TokenPages
{
    private const int Most = 192;
    private const int Least = 40;
    private const int Wanted = 96;

    private readonly ulong[][] _pages;
    private readonly int _shift;

    private TokenPages(ulong[][] pages, int shift, int count) => (_pages, _shift, Count) = (pages, shift, count);

    public int Count { get; }

    public static TokenPages Of(RingPoint[] points, Comparison<RingPoint> order)
    {
        var pageBits = PageBitsFor(points.Length);
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

        // Now each entry goes down from the end of its page to the beginning.
        var sorted = new RingPoint[points.Length];
        foreach (var point in points)
        {
            sorted[--ends[point.Token >> shift]] = point;
        }

        var pages = new ulong[ends.Length][];
        for (var page = 0; page < pages.Length; page++)
        {
            var slice = sorted.AsSpan(ends[page]..(page + 1 < ends.Length ? ends[page + 1] : sorted.Length));
            slice.Sort(order);
            pages[page] = TokenPage.Of(slice, shift - TokenPage.CellBits);
        }

        return new(pages, shift, points.Length);
    }

    /// <summary>The slot that owns the hash. There must be a token.</summary>
    public int SlotOf(ulong hash)
    {
        var page = _pages[hash >> _shift];
        var index = TokenPage.Start(page, hash, _shift - TokenPage.CellBits);
        while (page[index] < (hash & ~0xFFFFUL))
        {
            index++;
        }

        return TokenPage.IsSettled(page[index], hash) ? TokenPage.SlotAt(page, index) : At(hash).Slot;
    }

    /// <summary>The first token at or after the hash, or the very first if there is none. There must be a token.</summary>
    public TokenCursor At(ulong hash)
    {
        var page = (int)(hash >> _shift);
        return new TokenCursor(_pages, page, TokenPage.Find(_pages[page], hash, _shift - TokenPage.CellBits));
    }

    /// <summary>The first and the last hash of the range around this one that no token divides.</summary>
    public (ulong First, ulong Last) Around(ulong hash)
    {
        var number = (int)(hash >> _shift);
        var index = TokenPage.Find(_pages[number], hash, _shift - TokenPage.CellBits);
        return (FirstAfter(number, index), LastUpTo(number, index));
    }

    /// <summary>All tokens in their order.</summary>
    public IEnumerable<RingPoint> Points()
    {
        foreach (var page in _pages)
        {
            for (var index = TokenPage.First; index < TokenPage.First + TokenPage.CountOf(page); index++)
            {
                yield return new RingPoint(TokenPage.TokenAt(page, index), TokenPage.SlotAt(page, index));
            }
        }
    }

    /// <summary>Without some points, each of which must be there, and with others.</summary>
    public TokenPages Change(RingPoint[] removed, RingPoint[] added, Comparison<RingPoint> order)
    {
        var count = Count - removed.Length + added.Length;
        if (count > (long)Most * _pages.Length || (count < (long)Least * _pages.Length && _pages.Length > 2))
        {
            var gone = removed.CountBy(point => point).ToDictionary();
            return Of([.. Points().Where(point => !IsGone(gone, point)), .. added], order);
        }

        Array.Sort(removed, order);
        Array.Sort(added, order);
        var pages = (ulong[][])_pages.Clone();
        var merged = new List<RingPoint>();
        for (var (r, a) = (0, 0); r < removed.Length || a < added.Length;)
        {
            var number = Math.Min(
                r < removed.Length ? removed[r].Token >> _shift : ulong.MaxValue,
                a < added.Length ? added[a].Token >> _shift : ulong.MaxValue);
            var page = pages[number];
            merged.Clear();
            for (var index = TokenPage.First; index < TokenPage.First + TokenPage.CountOf(page); index++)
            {
                var point = new RingPoint(TokenPage.TokenAt(page, index), TokenPage.SlotAt(page, index));
                if (r < removed.Length && removed[r] == point)
                {
                    r++;
                    continue;
                }

                for (; a < added.Length && added[a].Token >> _shift == number && order(added[a], point) < 0; a++)
                {
                    merged.Add(added[a]);
                }

                merged.Add(point);
            }

            for (; a < added.Length && added[a].Token >> _shift == number; a++)
            {
                merged.Add(added[a]);
            }

            pages[number] = TokenPage.Of(CollectionsMarshal.AsSpan(merged), _shift - TokenPage.CellBits);
        }

        return new(pages, _shift, count);
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
        for (; _pages[number][index] == TokenPage.End; index = TokenPage.First)
        {
            if (++number == _pages.Length)
            {
                return ulong.MaxValue;
            }
        }

        return TokenPage.TokenAt(_pages[number], index);
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

    private static int PageBitsFor(int count) => Math.Max(1, BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(count / Wanted, 2))));
}
