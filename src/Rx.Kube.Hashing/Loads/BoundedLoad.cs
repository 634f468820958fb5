using System.Diagnostics.CodeAnalysis;

namespace Rx.Kube;

/// <summary>
/// Consistent hashing with bounded loads (Mirrokni, Thorup and Zadimoghaddam, 2016) for requests in flight: each request goes to the first
/// of its key's replicas that has capacity. Keys stay where they are while loads are even, and a hot key spreads over several members. A
/// member has capacity if its load, including the new request, is at most (1 + ε) times its share by weight of the total load, including
/// the new request, rounded up.
/// </summary>
/// <remarks>
/// <para>Any number of threads may acquire and release concurrently. No call waits for a lock, and each request is within the bound when it
/// is granted. If other requests end while a long request is still running, its member can exceed the bound later. Nothing is allocated,
/// except by array pools when an owner has no capacity.</para>
/// <para>Loads are local to this process: each process keeps within the bound for its own requests.
/// Because each process rounds up, all processes together can exceed the bound for all requests, by less than one request per
/// process.</para>
/// </remarks>
/// <typeparam name="TMember">The type of the members.</typeparam>
public sealed class BoundedLoad<TMember>
{
    private readonly Lock _swap = new();
    private readonly LoadBound _bound;
    private readonly LoadTotal _total = new();
    private LoadView<TMember> _view;

    /// <summary>Creates an instance with no requests in flight.</summary>
    /// <param name="ring">The ring that places keys.</param>
    /// <param name="epsilon">
    /// ε: by how much a member may exceed its share, from 0.000001 to 1,000, rounded to millionths. The default is 0.25: a quarter more. A
    /// smaller value balances the load more evenly, and moves more requests away from the owners of their keys.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="ring"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is out of range.</exception>
    public BoundedLoad(IRing<TMember> ring, double epsilon = 0.25) =>
        (_view, _bound) = (LoadView<TMember>.Of(ring, before: null), LoadBound.Of(epsilon, least: 1, nameof(epsilon)));

    /// <summary>
    /// Gets or sets the ring that places keys. It may be set at any time, from any thread, while others acquire and release. Loads follow
    /// identities: a member that stays keeps its load; the load of a member that left no longer counts for the others, and counts again if
    /// the member comes back.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
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

    /// <summary>Finds the member for a request, and counts the request as in flight until <see cref="Release"/>.</summary>
    /// <param name="key">The key of the request.</param>
    /// <param name="owner">The member to send the request to: the key's owner if it has capacity.</param>
    /// <returns>False only if there are no members.</returns>
    /// <exception cref="InvalidOperationException">2,147,483,647 requests are in flight: ended requests were not released.</exception>
    public bool TryAcquire(KeyHash key, [MaybeNullWhen(false)] out TMember owner)
    {
        // Repeats only if another thread was faster, or has reserved a place that it will not take.
        for (var spin = default(SpinWait); ; spin.SpinOnce(sleep1Threshold: -1))
        {
            // Read first: if it is unchanged at the end, nothing was granted, released or swapped meanwhile.
            var state = _total.State;
            var view = Volatile.Read(ref _view);
            if (view.Ring.Members.IsEmpty)
            {
                owner = default;
                return false;
            }

            if (LoadTotal.CountOf(state) == int.MaxValue)
            {
                throw new InvalidOperationException(
                    $"{int.MaxValue} requests are in flight. To fix: release each request when it has ended.");
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

    /// <summary>Ends a request to a member.</summary>
    /// <param name="member">The member that <see cref="TryAcquire"/> returned for the request.</param>
    /// <exception cref="InvalidOperationException">The member has no request in flight.</exception>
    public void Release(TMember member)
    {
        var view = Volatile.Read(ref _view);
        if (view.LoadOf(member).Load is not { } load || !load.TryLetGo())
        {
            throw new InvalidOperationException(
                $"'{view.Ring.Traits.HashKeyOf(member)}' has no request in flight. "
                + "To fix: release once for each time that TryAcquire gave this member.");
        }

        // The total goes down first, so that it never exceeds the reservations.
        var wasAway = load.Reserved.IsAway;
        if (!wasAway)
        {
            _total.Add(-1);
        }

        GiveBack(load, wasAway);
    }

    /// <summary>Gets the number of requests in flight to a member, which may have left the ring.</summary>
    /// <param name="member">The member; only its identity is used.</param>
    /// <returns>The number; 0 for an unknown member.</returns>
    public long LoadOf(TMember member) => Volatile.Read(ref _view).LoadOf(member).Load?.Held ?? 0;

    private bool TryTake(LoadView<TMember> view, (MemberLoad Load, int Weight) member, long state)
    {
        // Reservations that are given up later lower the total below its earlier value: then no member has room for a moment.
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

    // A member that leaves takes all its reservations out of the total, and one that returns puts them back. That may include this
    // reservation, which must not count.
    private void GiveBack(MemberLoad load, bool wasAway)
    {
        var isAway = load.Reserve(-1).IsAway;
        if (isAway != wasAway)
        {
            _total.Add(isAway ? 1 : -1);
        }
    }

    // First the members that leave, then the ring, then the members that return: the total never counts a member that is not on the
    // current ring.
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

        // Decisions made on the previous ring are refused and made again.
        _total.Add(0);
    }
}
