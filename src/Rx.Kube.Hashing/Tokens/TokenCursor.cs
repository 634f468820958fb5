namespace Rx.Kube;

/// <summary>A position among tokens that moves around the ring.</summary>
internal struct TokenCursor
{
    private readonly uint[][] _pages;
    private readonly TokenShape _shape;
    private int _page;
    private int _index;

    /// <param name="pages">The pages, with at least one token.</param>
    /// <param name="shape">The shape of the pages.</param>
    /// <param name="page">The index of a page.</param>
    /// <param name="index">A token in it, or the index after its last token, which means the first token of a later page.</param>
    public TokenCursor(uint[][] pages, TokenShape shape, int page, int index)
    {
        (_pages, _shape, _page, _index) = (pages, shape, page, index);
        PassEnds();
    }

    public readonly int Slot => _shape.SlotIn(_pages[_page][_index]);

    public void MoveNext()
    {
        _index++;
        PassEnds();
    }

    private void PassEnds()
    {
        while (_index == TokenPage.EndOf(_pages[_page], _shape))
        {
            _page = _page + 1 < _pages.Length ? _page + 1 : 0;
            _index = _shape.First;
        }
    }
}
