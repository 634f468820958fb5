namespace Rx.Kube;

/// <summary>
/// Copies a page from the left, without some tokens and with others. The cells in front of the tokens and the marks behind them are copied
/// with the tokens beside them, so that one more token costs four short copies.
/// </summary>
internal ref struct TokenPageEditor
{
    private readonly ReadOnlySpan<uint> _old;
    private readonly ReadOnlySpan<ushort> _oldRests;
    private readonly uint[] _page;
    private readonly Span<ushort> _rests;
    private readonly TokenShape _shape;
    private readonly int _end;
    private int _from;
    private int _to;

    /// <param name="page">The page to copy.</param>
    /// <param name="difference">The number of tokens that the copy has more.</param>
    /// <param name="shape">The shape of both.</param>
    public TokenPageEditor(uint[] page, int difference, TokenShape shape)
    {
        (_shape, _end) = (shape, TokenPage.EndOf(page, shape));
        _page = TokenPage.Create(_end - shape.First + difference, shape);
        _old = page;
        _oldRests = TokenPage.RestsOf(page, shape);
        _rests = TokenPage.RestsOf(_page, shape);
    }

    /// <summary>Copies the tokens up to but not including the one at an index.</summary>
    public void CopyTo(int index)
    {
        if (index > _from)
        {
            _old[_from..index].CopyTo(_page.AsSpan(_to));
            CopyRests(Math.Max(_from, _shape.First), index);
            (_from, _to) = (index, _to + index - _from);
        }
    }

    /// <summary>Leaves the next token out.</summary>
    public void Skip() => _from++;

    public void Add(RingPoint point)
    {
        TokenPage.SetRest(_rests, _to - _shape.First, _shape.RestOf(point.Token));
        _page[_to++] = _shape.LeadOf(point.Token) | (uint)point.Slot;
    }

    /// <summary>Copies the remaining tokens and the marks behind them.</summary>
    /// <returns>The page, with the cells of the old one.</returns>
    public uint[] ToPage()
    {
        _old.Slice(_from, _end - _from + TokenPage.Ends).CopyTo(_page.AsSpan(_to));
        CopyRests(_from, _end);
        return _page;
    }

    private readonly void CopyRests(int from, int to)
    {
        var shift = Math.Max(_to, _shape.First) - from;
        _oldRests[TokenPage.RestsFor(from - _shape.First, to - _shape.First)]
            .CopyTo(_rests[TokenPage.RestsFor(from + shift - _shape.First, to + shift - _shape.First)]);
    }
}
