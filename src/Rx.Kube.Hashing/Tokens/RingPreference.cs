namespace Rx.Kube;

/// <summary>From a position on the ring on: each member at its first token; then the members without tokens, by rank.</summary>
internal ref struct RingPreference(TokenCursor cursor, SlotSet seen, int withTokens, ReadOnlySpan<int> tokenless) : IPreference
{
    private readonly SlotSet _seen = seen;
    private TokenCursor _cursor = cursor;
    private int _withTokens = withTokens;
    private ReadOnlySpan<int> _tokenless = tokenless;

    public int Next()
    {
        if (_withTokens == 0)
        {
            var next = _tokenless[0];
            _tokenless = _tokenless[1..];
            return next;
        }

        for (_withTokens--; ; _cursor.MoveNext())
        {
            var slot = _cursor.Slot;
            if (_seen.Add(slot))
            {
                return slot;
            }
        }
    }
}
