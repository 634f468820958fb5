using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>
/// Consistent hashing with bounded loads (Mirrokni, Thorup and Zadimoghaddam, 2016) for requests in flight: each goes to the first of its key's replicas
/// that has room, so that keys stay where they are while loads are even, and a key that many ask for spreads over several members. A member has room
/// while its load, with one request more, is at most (1 + ε) times its share by weight of all loads with that one more, rounded up.
/// </summary>
/// <remarks>
/// <para>Any number of threads may acquire and release at once: no call waits for a lock, and what is granted is within the bound at the very moment at which
/// it is granted. A request that holds on while others end may find its member above it later. Nothing is allocated, but for what array pools take
/// when an owner has no room.</para>
/// <para>Loads are of this process alone: each process keeps the bound for its own requests, and with that all of them for all.</para>
/// </remarks>
/// <typeparam name="TMember">What owns keys.</typeparam>
public sealed class BoundedLoad<TMember>
{
    private readonly Lock _swap = new();
    private readonly LoadBound _bound;
    private readonly LoadTotal _total = new();
    private LoadView<TMember> _view;

    /// <summary>Nothing is in flight.</summary>
    /// <param name="ring">Where keys are.</param>
    /// <param name="epsilon">
    /// ε: how much more than its share a member may have, from 0.000001 to 1,000, in millionths; 0.25, a quarter more, by default. Less is more even, and
    /// takes more keys from their owners.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is out of range.</exception>
    public BoundedLoad(IRing<TMember> ring, double epsilon = 0.25) =>
        (_view, _bound) = (LoadView<TMember>.Of(ring, before: null), LoadBound.Of(epsilon, least: 1, nameof(epsilon)));

    /// <summary>
    /// Where keys are. May be set at any time, from any thread, while others acquire and release. Loads go by identity: who stays keeps its own; that of one
    /// who left counts no more for the others, and is its own again should it come back.
    /// </summary>
    /// <exception cref="ArgumentNullException">It is set to null.</exception>
    public IRing<TMember> Ring
    {
        get => Volatile.Read(ref _view).Ring;
        set
        {
            lock (_swap)
            {
                Swap(LoadView<TMember>.Of(value, _view));
            }
        }
    }

    /// <summary>Finds the member for a request, and counts it as in flight until <see cref="Release"/>.</summary>
    /// <param name="key">The key of the request.</param>
    /// <param name="owner">Whom to ask: the key's owner if it has room.</param>
    /// <returns>False if there are no members, and only then.</returns>
    /// <exception cref="InvalidOperationException">2,147,483,647 requests are in flight: those that ended were not released.</exception>
    public bool TryAcquire(KeyHash key, [MaybeNullWhen(false)] out TMember owner)
    {
        // Again only if another thread got ahead of this one, or has reserved a place that it will not take.
        for (var spin = default(SpinWait); ; spin.SpinOnce(sleep1Threshold: -1))
        {
            // Read first: if it is the same in the end, nothing was granted, given back or swapped meanwhile.
            var state = _total.State;
            var view = Volatile.Read(ref _view);
            if (view.Ring.Members.IsEmpty)
            {
                owner = default;
                return false;
            }

            if (LoadTotal.CountOf(state) == int.MaxValue)
            {
                throw new InvalidOperationException($"{int.MaxValue} requests are in flight. Release each when it has ended.");
            }

            var walk = new ReplicaWalk<TMember>(view.Ring, key);
            try
            {
                while (walk.MoveNext(out owner))
                {
                    if (TryTake(view, view.LoadOf(owner), state))
                    {
                        return true;
                    }

                    if (_total.State != state)
                    {
                        break;
                    }
                }
            }
            finally
            {
                walk.Dispose();
            }
        }
    }

    /// <summary>A request to the member is in flight no more.</summary>
    /// <exception cref="InvalidOperationException">There is none in flight, as none was acquired or all were released.</exception>
    public void Release(TMember member)
    {
        var view = Volatile.Read(ref _view);
        if (view.LoadOf(member).Load is not { } load || !load.TryLetGo())
        {
            throw new InvalidOperationException(
                $"'{view.Ring.Traits.HashKeyOf(member)}' has no request in flight. Release once for each time that TryAcquire gave this member.");
        }

        // From the total first, so that it is never more than what is reserved.
        var wasAway = load.Reserved.IsAway;
        if (!wasAway)
        {
            _total.Add(-1);
        }

        GiveBack(load, wasAway);
    }

    /// <summary>How many requests to the member are in flight; also to one that has left. 0 for a stranger.</summary>
    public long LoadOf(TMember member) => Volatile.Read(ref _view).LoadOf(member).Load?.Held ?? 0;

    private bool TryTake(LoadView<TMember> view, (MemberLoad Load, int Weight) member, long state)
    {
        // Reservations that are given up later make the total less than it was: then nobody has room for a moment.
        var total = Math.Max(0L, LoadTotal.CountOf(state)) + 1;
        bool HasRoom(long load) => _bound.HasRoom(load, total, member.Weight, view.Weights);
        if (member.Load.Reserved is { IsAway: true } || !HasRoom(member.Load.Reserved.Count))
        {
            return false;
        }

        var (reserved, isAway) = member.Load.Reserve(1);
        if (!isAway && HasRoom(reserved - 1) && _total.TryAddOne(state))
        {
            member.Load.Hold();
            return true;
        }

        GiveBack(member.Load, isAway);
        return false;
    }

    // A member that went away took all its places out of the total, and one that came back took them in; this one too, though it was not, or no more, meant.
    private void GiveBack(MemberLoad load, bool wasAway)
    {
        var isAway = load.Reserve(-1).IsAway;
        if (isAway != wasAway)
        {
            _total.Add(isAway ? 1 : -1);
        }
    }

    // First who leaves, then the ring, then who returns: at no moment does the total count what the ring of that moment does not have.
    private void Swap(LoadView<TMember> next)
    {
        foreach (var (name, (load, _)) in _view.Loads.Where(known => !next.Loads.ContainsKey(known.Key)))
        {
            if (!load.Reserved.IsAway)
            {
                _total.Add(-load.Leave());
            }

            if (load.Reserved.Count > 0)
            {
                next.Loads.Add(name, (load, 0));
            }
        }

        Volatile.Write(ref _view, next);
        foreach (var member in next.Ring.Members)
        {
            var load = next.LoadOf(member).Load;
            if (load.Reserved.IsAway)
            {
                _total.Add(load.Return());
            }
        }

        // What was decided on the ring before is decided again.
        _total.Add(0);
    }
}
