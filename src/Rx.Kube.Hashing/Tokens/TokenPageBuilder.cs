namespace Rx.Kube;

/// <summary>Fills a page from the left, by single tokens or by runs of tokens of another page of the same slice.</summary>
internal ref struct TokenPageBuilder
{
    private readonly uint[] _page;
    private readonly TokenShape _shape;
    private readonly Span<uint> _words;
    private readonly Span<ushort> _rests;
    private int _next;

    public TokenPageBuilder(int count, TokenShape shape)
    {
        (_page, _shape, Count) = (TokenPage.Create(count, shape), shape, count);
        _words = TokenPage.WordsOf(_page, shape);
        _rests = TokenPage.RestsOf(_page, shape);
    }

    /// <summary>Gets the number of tokens that the page will have.</summary>
    public int Count { get; }

    public void Add(RingPoint point)
    {
        TokenPage.SetRest(_rests, _next, _shape.RestOf(point.Token));
        _words[_next++] = _shape.LeadOf(point.Token) | (uint)point.Slot;
    }

    /// <summary>Adds the tokens of another page up to but not including one of them.</summary>
    public void AddRun(scoped ref TokenRun run, int end)
    {
        run.Words[run.Next..end].CopyTo(_words[_next..]);
        run.Rests[TokenPage.RestsFor(run.Next, end)].CopyTo(_rests[TokenPage.RestsFor(_next, Count)]);
        (_next, run.Next) = (_next + end - run.Next, end);
    }

    /// <summary>Gets the page, with these entries.</summary>
    public readonly uint[] ToPage(ReadOnlySpan<byte> cells)
    {
        cells.CopyTo(TokenPage.CellsOf(_page, _shape));
        return _page;
    }

    /// <summary>Gets the page, with entries that count its tokens.</summary>
    public readonly uint[] ToPage()
    {
        Span<int> counts = stackalloc int[_shape.Cells];
        counts.Clear();
        foreach (var word in _words)
        {
            counts[_shape.CellOf(word)]++;
        }

        Span<byte> cells = stackalloc byte[_shape.Cells];
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

/// <summary>The tokens of a page, of which the ones before <see cref="Next"/> are done.</summary>
internal ref struct TokenRun(uint[] page, TokenShape shape)
{
    public readonly ReadOnlySpan<uint> Words = TokenPage.WordsOf(page, shape);
    public readonly ReadOnlySpan<ushort> Rests = TokenPage.RestsOf(page, shape);
    public int Next;
}
