using System.Runtime.InteropServices;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>An endpoint that is not the one that was at its position the last time.</summary>
internal readonly record struct ProtobufEndpointChange(int Index, ulong Print, Conditions Conditions, Endpoint Endpoint);

/// <summary>
/// The endpoints of one slice, and of each a keyed hash of its bytes without the conditions, and these: 9 bytes. In the usual event the
/// conditions of one of a hundred endpoints changed: no text is read, and the others are not allocated again: such an event takes
/// 1,600 bytes at most. A decoder that remembers nothing is the plain path, to which <c>ProtobufKnownSliceTests</c> and
/// <c>ProtobufEveryBitTests</c> compare this one. Used by one thread at a time.
/// </summary>
internal sealed class ProtobufKnownSlice
{
    // The API server allows 1,000 endpoints; beyond this a search for each would add up.
    private const int MostSearched = 4096;

    // The print of an endpoint that is always read. One with this hash would be read every time, too.
    private const ulong NeverFound = 0;

    // Each replacement copies a part of the endpoints: for more of them, all are copied once.
    private const int MostReplaced = 8;
    private readonly WeakReference<SliceEndpoints> _endpoints = new(SliceEndpoints.Empty);
    private readonly List<ulong> _prints = [];
    private readonly List<Conditions> _conditions = [];
    private SliceEndpoints _before = SliceEndpoints.Empty;
    private int _count;
    private int _next; // where the endpoint after the last one that was recognized was

    /// <summary>Gets whether there are endpoints, and they are in use.</summary>
    public bool IsInUse => _endpoints.TryGetTarget(out var endpoints) && !endpoints.IsEmpty;

    /// <summary>Holds the endpoints for an event, until <see cref="End"/> or <see cref="Abandon"/>. False if they are not in use.</summary>
    public bool Hold() => _endpoints.TryGetTarget(out _before!);

    /// <summary>Reads the next endpoint, or finds what its bytes were read as the last time.</summary>
    /// <exception cref="ProtobufException">It is broken.</exception>
    public void Add(ProtobufReader bytes, ProtobufEndpointReader reader, List<ProtobufEndpointChange> changes)
    {
        var index = _count++;
        var print = ProtobufEndpointReader.PrintOf(bytes, out var conditions);
        if (Was(index, print) && _conditions[index] == (conditions ?? default))
        {
            _next = index + 1;
            return;
        }

        var known = Was(index, print) ? index : Was(_next, print) ? _next : Was(_next + 1, print) ? _next + 1 : Find(print);
        _next = (known >= 0 ? known : _next) + 1;
        var isAmbiguous = false;
        var endpoint = known < 0 ? reader.ReadEndpoint(bytes, out isAmbiguous)
            : conditions is { } now ? _before[known].With(now)
            : _before[known];
        changes.Add(new(index, isAmbiguous ? NeverFound : print, conditions ?? default, endpoint));
    }

    /// <summary>Gets the endpoints that were read, and remembers them.</summary>
    public SliceEndpoints End(List<ProtobufEndpointChange> changes)
    {
        var after = _count == _before.Count && changes.Count <= MostReplaced ? Replace(changes) : Copy(changes);
        if (_count < _prints.Count)
        {
            _prints.RemoveRange(_count, _prints.Count - _count);
            _conditions.RemoveRange(_count, _conditions.Count - _count);
        }

        _prints.Capacity = Math.Max(_prints.Capacity, _count);
        _conditions.Capacity = Math.Max(_conditions.Capacity, _count);
        foreach (var change in changes)
        {
            if (change.Index < _prints.Count)
            {
                _prints[change.Index] = change.Print;
                _conditions[change.Index] = change.Conditions;
            }
            else
            {
                _prints.Add(change.Print);
                _conditions.Add(change.Conditions);
            }
        }

        _endpoints.SetTarget(after);
        Abandon();
        return after;
    }

    /// <summary>Remembers what was remembered before.</summary>
    public void Abandon() => (_before, _count, _next) = (SliceEndpoints.Empty, 0, 0);

    private SliceEndpoints Replace(List<ProtobufEndpointChange> changes)
    {
        var after = _before;
        foreach (var (index, _, _, endpoint) in changes)
        {
            after = after.SetItem(index, endpoint);
        }

        return after;
    }

    private SliceEndpoints Copy(List<ProtobufEndpointChange> changes)
    {
        var all = new Endpoint[_count];
        for (var i = Math.Min(_count, _before.Count) - 1; i >= 0; i--)
        {
            all[i] = _before[i];
        }

        foreach (var (index, _, _, endpoint) in changes)
        {
            all[index] = endpoint;
        }

        return SliceEndpoints.Create(all);
    }

    private bool Was(int index, ulong print) => print != NeverFound && index < _prints.Count && _prints[index] == print;

    private int Find(ulong print) => print != NeverFound && _prints.Count <= MostSearched
        ? CollectionsMarshal.AsSpan(_prints).IndexOf(print)
        : -1;
}
