namespace Rx.Kube;

/// <summary>
/// From an entry of the table on, wrapping around: each member at its first entry; then the members without an entry, by rank.
/// </summary>
internal ref struct TablePreference<TMember> : IPreference
{
    private readonly MemberTable<TMember> _table;
    private readonly ushort[] _places;
    private readonly SlotSet _seen;
    private readonly int _first;
    private int _passed;

    /// <param name="table">The members.</param>
    /// <param name="places">The slot that owns each entry.</param>
    /// <param name="first">The first entry.</param>
    /// <param name="seen">An empty set of slots.</param>
    public TablePreference(MemberTable<TMember> table, ushort[] places, int first, SlotSet seen)
    {
        (_table, _places, _first) = (table, places, first);
        _seen = seen;
    }

    public int Next()
    {
        while (_passed < _places.Length + _table.Count)
        {
            var passed = _passed++;
            var place = _first + passed;
            var slot = passed >= _places.Length ? _table.ByRank[passed - _places.Length].Slot
                : _places[place < _places.Length ? place : place - _places.Length];
            if (_seen.Add(slot))
            {
                return slot;
            }
        }

        return -1;
    }
}
