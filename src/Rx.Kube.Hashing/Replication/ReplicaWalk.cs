using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Rx.Kube;

/// <summary>
/// All members in the order in which they are a key's replicas. The first costs one lookup; later ones use a rented array that grows.
/// </summary>
internal ref struct ReplicaWalk<TMember>(IRing<TMember> ring, KeyHash key)
{
    private const int InitialCount = 8;

    private TMember[] _rented = [];
    private int _found;
    private int _next;

    public bool MoveNext([MaybeNullWhen(false)] out TMember member)
    {
        if (_next == 0)
        {
            _next = 1;
            return ring.TryGetOwner(key, out member);
        }

        if (_next >= _found)
        {
            Grow();
        }

        var isFound = _next < _found;
        member = isFound ? _rented[_next++] : default;
        return isFound;
    }

    public void Dispose()
    {
        if (_rented.Length > 0)
        {
            ArrayPool<TMember>.Shared.Return(_rented, RuntimeHelpers.IsReferenceOrContainsReferences<TMember>());
            _rented = [];
        }
    }

    // A ring has no cursor to continue from, so this finds the same members again, and as many more.
    private void Grow()
    {
        var wanted = Math.Min(ring.Members.Length, Math.Max(InitialCount, 2 * _found));
        if (wanted > _found)
        {
            Dispose();
            _rented = ArrayPool<TMember>.Shared.Rent(wanted);
            _found = ring.GetReplicas(key, _rented.AsSpan(0, wanted));
        }
    }
}
