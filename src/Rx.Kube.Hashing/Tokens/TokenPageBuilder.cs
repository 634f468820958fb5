namespace Rx.Kube;

/// <summary>Fills a page from the left, by single tokens or by runs of tokens of another page.</summary>
/// <param name="count">The number of tokens that the page will have.</param>
/// <param name="shift">The number of bits of a hash after the bits that are stored with the slot.</param>
internal ref struct TokenPageBuilder(int count, int shift)
{
    private readonly uint[] _page = new uint[TokenPage.First + (count * TokenPage.WordsPerToken) + TokenPage.Ends];
    private int _next = TokenPage.First;

    /// <summary>Gets the number of tokens that the page will have.</summary>
    public int Count { get; } = count;

    public void Add(RingPoint point)
    {
        var whole = TokenPage.WholeAt(_page, _next);
        (_page[whole], _page[whole + 1]) = ((uint)point.Token, (uint)(point.Token >> 32));
        _page[_next++] = TokenPage.LeadOf(point.Token, shift) | (uint)point.Slot;
    }

    /// <summary>Adds the tokens of another page with the same shift, from one index up to but not including another.</summary>
    public void AddRun(uint[] page, int from, int to)
    {
        var length = to - from;
        page.AsSpan(from, length).CopyTo(_page.AsSpan(_next));
        page.AsSpan(TokenPage.WholeAt(page, from), length * 2).CopyTo(_page.AsSpan(TokenPage.WholeAt(_page, _next)));
        _next += length;
    }

    /// <summary>Gets the page, with these entries.</summary>
    public readonly uint[] ToPage(ReadOnlySpan<byte> cells)
    {
        cells.CopyTo(TokenPage.CellsOf(_page));
        _page.AsSpan(_next, TokenPage.Ends).Fill(TokenPage.End);
        return _page;
    }

    /// <summary>Gets the page, with entries that count its tokens.</summary>
    public readonly uint[] ToPage()
    {
        Span<int> counts = stackalloc int[TokenPage.Cells];
        counts.Clear();
        foreach (var word in _page.AsSpan(TokenPage.First, _next - TokenPage.First))
        {
            counts[TokenPage.CellOf(word)]++;
        }

        Span<byte> cells = stackalloc byte[TokenPage.Cells];
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
