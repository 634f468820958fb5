using Rx.Kube.Hashing.Members;

namespace Rx.Kube.Hashing.Tokens;

/// <summary>From a place on the ring on, each member when its first token comes.</summary>
internal ref struct RingPreference(TokenCursor cursor, Span<ulong> seen) : IPreference
{
    private readonly Span<ulong> _seen = seen;
    private TokenCursor _cursor = cursor;

    public int Next()
    {
        for (; ; _cursor.MoveNext())
        {
            var slot = _cursor.Slot;
            if ((_seen[slot / 64] & (1UL << slot)) == 0)
            {
                _seen[slot / 64] |= 1UL << slot;
                return slot;
            }
        }
    }
}
