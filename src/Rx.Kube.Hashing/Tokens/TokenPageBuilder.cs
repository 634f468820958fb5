namespace Rx.Kube;

/// <summary>Fills a page from the left, by single tokens or by runs of tokens of another page of the same slice.</summary>
/// <param name="count">The number of tokens that the page will have.</param>
/// <param name="shape">The shape of the page.</param>
internal ref struct TokenPageBuilder(int count, TokenShape shape)
{
    private readonly uint[] _page = TokenPage.Create(count, shape);
    private int _next;

    /// <summary>Gets the number of tokens that the page will have.</summary>
    public int Count { get; } = count;

    public void Add(RingPoint point)
    {
        TokenPage.SetRest(TokenPage.RestsOf(_page, shape), _next, shape.RestOf(point.Token));
        _page[shape.First + _next++] = shape.LeadOf(point.Token) | (uint)point.Slot;
    }

    /// <summary>Adds the tokens of another page, from one index up to but not including another; both without the cells.</summary>
    public void AddRun(uint[] page, int from, int to)
    {
        TokenPage.WordsOf(page, shape)[from..to].CopyTo(TokenPage.WordsOf(_page, shape)[_next..]);
        TokenPage.RestsOf(page, shape)[TokenPage.RestsFor(from, to)]
            .CopyTo(TokenPage.RestsOf(_page, shape)[TokenPage.RestsFor(_next, Count)]);
        _next += to - from;
    }

    /// <summary>Gets the page, with these entries.</summary>
    public readonly uint[] ToPage(ReadOnlySpan<byte> cells)
    {
        cells.CopyTo(TokenPage.CellsOf(_page, shape));
        return _page;
    }

    /// <summary>Gets the page, with entries that count its tokens.</summary>
    public readonly uint[] ToPage()
    {
        Span<int> counts = stackalloc int[shape.Cells];
        counts.Clear();
        foreach (var word in TokenPage.WordsOf(_page, shape))
        {
            counts[shape.CellOf(word)]++;
        }

        Span<byte> cells = stackalloc byte[shape.Cells];
        var before = 0;
        for (var cell = 0; cell < cells.Length; cell++)
        {
            // A page has more tokens only with a bad hash; then the search is longer.
            cells[cell] = (byte)Math.Min(before, 0xFF);
            before += counts[cell];
        }

        return ToPage(cells);
    }
}
