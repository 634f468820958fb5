using System.Buffers;

namespace Rx.Kube;

/// <summary>Members by their scores: the first few are selected at once, and all members are sorted only when more are needed.</summary>
internal ref struct ScorePreference<TMember> : IPreference
{
    private readonly MemberTable<TMember> _table;
    private readonly ScoreTable _scores;
    private readonly ulong _key;
    private Span<Score> _sorted;
    private Score[]? _rented;
    private int _next;

    /// <param name="table">The members.</param>
    /// <param name="scores">The scores of the same members.</param>
    /// <param name="key">The hash of the key.</param>
    /// <param name="first">A buffer for the first few; not longer than the number of members.</param>
    public ScorePreference(MemberTable<TMember> table, ScoreTable scores, ulong key, Span<Score> first)
    {
        (_table, _scores, _key) = (table, scores, key);
        _sorted = first;
        scores.Best(key, first);
    }

    public int Next()
    {
        if (_next == _sorted.Length)
        {
            if (_next == _scores.Count)
            {
                return -1;
            }

            SortAll();
        }

        return _table.ByRank[_sorted[_next++].Rank].Slot;
    }

    /// <summary>Returns the rented array. Not usable afterwards.</summary>
    public readonly void Return()
    {
        if (_rented is not null)
        {
            ArrayPool<Score>.Shared.Return(_rented);
        }
    }

    private void SortAll()
    {
        _rented = ArrayPool<Score>.Shared.Rent(_scores.Count);
        _sorted = _rented.AsSpan(0, _scores.Count);
        for (var rank = 0; rank < _sorted.Length; rank++)
        {
            _sorted[rank] = _scores.At(rank, _key);
        }

        _sorted.Sort();
    }
}
