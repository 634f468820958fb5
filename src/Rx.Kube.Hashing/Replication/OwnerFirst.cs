namespace Rx.Kube;

/// <summary>A given owner of a key, and then all other members in the order in which they are its replicas on a ring.</summary>
internal ref struct OwnerFirst<TMember>(MemberTable<TMember> table, TMember owner, ReplicaWalk<TMember> replicas) : IPreference
{
    private readonly int _owner = table.Find(table.Traits.HashKeyOf(owner))!.Slot;
    private ReplicaWalk<TMember> _replicas = replicas;
    private bool _isUnderWay;

    public int Next()
    {
        if (!_isUnderWay)
        {
            _isUnderWay = true;
            return _owner;
        }

        while (_replicas.MoveNext(out var replica))
        {
            if (table.Find(table.Traits.HashKeyOf(replica))!.Slot is var slot && slot != _owner)
            {
                return slot;
            }
        }

        return -1;
    }

    public void Dispose() => _replicas.Dispose();
}
