namespace Rx.Kube;

/// <summary>Fills a page from the left.</summary>
internal ref struct TokenPageBuilder
{
    private readonly uint[] _page;
    private readonly TokenShape _shape;
    private readonly Span<uint> _words;
    private readonly Span<ushort> _rests;
    private int _next;

    public TokenPageBuilder(int count, TokenShape shape)
    {
        (_page, _shape) = (TokenPage.Create(count, shape), shape);
        _words = TokenPage.WordsOf(_page, shape);
        _rests = TokenPage.RestsOf(_page, shape);
    }

    public void Add(RingPoint point)
    {
        TokenPage.SetRest(_rests, _next, _shape.RestOf(point.Token));
        _words[_next++] = _shape.LeadOf(point.Token) | (uint)point.Slot;
    }

    /// <summary>Gets the page, without the slot of the next token.</summary>
    public readonly uint[] ToPage()
    {
        TokenPage.SetEnds(_page, _shape);
        TokenPage.SetCells(_page, _shape);
        return _page;
    }
}
