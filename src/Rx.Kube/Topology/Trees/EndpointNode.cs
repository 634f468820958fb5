namespace Rx.Kube;

/// <summary>
/// A node of an <see cref="EndpointTree"/>: a leaf with endpoints, or a branch whose children have the same height. Immutable and never
/// empty. It counts the endpoints below it in each <see cref="EndpointView"/>, and their members.
/// </summary>
internal sealed class EndpointNode
{
    private const int Widest = 32;
    private const int New = 24;
    private const int Narrow = Widest / 2;

    private readonly int _ready;
    private readonly int _leaving;

    // In a branch: the last endpoint of each child, so that a search visits only the child it descends to.
    private readonly TopologyEndpoint[] _lasts = [];

    private EndpointNode(TopologyEndpoint[] endpoints)
    {
        (Endpoints, Count) = (endpoints, endpoints.Length);
        for (var i = 0; i < endpoints.Length; i++)
        {
            _ready += endpoints[i].IsIn(EndpointView.Ready) ? 1 : 0;
            _leaving += endpoints[i].IsIn(EndpointView.Leaving) ? 1 : 0;
            Members += i > 0 && EndpointOrder.SameMember(endpoints[i], endpoints[i - 1]) ? 0 : 1;
        }
    }

    private EndpointNode(EndpointNode[] children)
    {
        (Children, Height) = (children, children[0].Height + 1);
        _lasts = new TopologyEndpoint[children.Length];
        for (var i = 0; i < children.Length; i++)
        {
            var child = children[i];
            _lasts[i] = child.Last;
            Count += child.Count;
            _ready += child._ready;
            _leaving += child._leaving;
            Members += child.Members - (i > 0 ? Shares(children[i - 1], child) : 0);
        }
    }

    // A leaf in which endpoints replace others at their places. The other endpoints are not visited: they may be far away in memory.
    private EndpointNode(EndpointNode before, ReadOnlySpan<TopologyEndpoint> gone, ReadOnlySpan<TopologyEndpoint> now)
    {
        Endpoints = [.. before.Endpoints!];
        (Count, Members, _ready, _leaving) = (before.Count, before.Members, before._ready, before._leaving);
        for (var i = 0; i < gone.Length; i++)
        {
            // Normally it is the same object; then the content of the others is not compared.
            var place = 0;
            while (place < Endpoints.Length && !ReferenceEquals(Endpoints[place], gone[i]))
            {
                place++;
            }

            place = place < Endpoints.Length ? place : Array.BinarySearch(Endpoints, gone[i], EndpointOrder.ByMember);
            var old = Endpoints[place];
            Endpoints[place] = now[i];
            _ready += (now[i].IsIn(EndpointView.Ready) ? 1 : 0) - (old.IsIn(EndpointView.Ready) ? 1 : 0);
            _leaving += (now[i].IsIn(EndpointView.Leaving) ? 1 : 0) - (old.IsIn(EndpointView.Leaving) ? 1 : 0);
        }
    }

    // A branch in which some children replace others, with endpoints at the same places.
    private EndpointNode(EndpointNode before, EndpointNode[] children)
    {
        (Children, Height, _lasts) = (children, before.Height, before._lasts);
        (Count, Members, _ready, _leaving) = (before.Count, before.Members, before._ready, before._leaving);
        for (var i = 0; i < children.Length; i++)
        {
            var (old, now) = (before.Children![i], children[i]);
            if (ReferenceEquals(old, now))
            {
                continue;
            }

            _ready += now._ready - old._ready;
            _leaving += now._leaving - old._leaving;
            if (!ReferenceEquals(_lasts[i], now.Last))
            {
                _lasts = ReferenceEquals(_lasts, before._lasts) ? [.. _lasts] : _lasts;
                _lasts[i] = now.Last;
            }
        }
    }

    // A branch in which one child replaces another.
    private EndpointNode(EndpointNode before, int place, EndpointNode child)
    {
        var old = before.Children![place];
        Children = [.. before.Children];
        Children[place] = child;
        Height = before.Height;
        Count = before.Count + child.Count - old.Count;
        _ready = before._ready + child._ready - old._ready;
        _leaving = before._leaving + child._leaving - old._leaving;
        Members = before.Members + child.Members - old.Members;
        if (place > 0)
        {
            Members += Shares(Children[place - 1], old) - Shares(Children[place - 1], child);
        }

        _lasts = before._lasts;
        if (!ReferenceEquals(_lasts[place], child.Last))
        {
            _lasts = [.. _lasts];
            _lasts[place] = child.Last;
            Members += place < Children.Length - 1 ? Shares(old, Children[place + 1]) - Shares(child, Children[place + 1]) : 0;
        }
    }

    /// <summary>Gets the endpoints of a leaf; null for a branch.</summary>
    public TopologyEndpoint[]? Endpoints { get; }

    /// <summary>Gets the children of a branch; null for a leaf.</summary>
    public EndpointNode[]? Children { get; }

    /// <summary>Gets the height; 0 for a leaf.</summary>
    public int Height { get; }

    /// <summary>Gets the number of endpoints below.</summary>
    public int Count { get; }

    /// <summary>Gets the number of their members.</summary>
    public int Members { get; }

    public TopologyEndpoint First => Endpoints is null ? Children![0].First : Endpoints[0];

    public TopologyEndpoint Last => Endpoints is null ? _lasts[^1] : Endpoints[^1];

    private int Width => Endpoints?.Length ?? Children!.Length;

    /// <summary>Gets the number of endpoints in a view.</summary>
    public int CountOf(EndpointView view) => view switch
    {
        EndpointView.All => Count,
        EndpointView.Ready => _ready,
        _ => _leaving,
    };

    /// <summary>Creates the node in which endpoints replace others at their places. Nodes below that are not affected stay.</summary>
    /// <param name="gone">The endpoints to remove, all in this node, in order. Not empty.</param>
    /// <param name="now">What comes instead of each, at the same place of the order.</param>
    public EndpointNode Replace(ReadOnlySpan<TopologyEndpoint> gone, ReadOnlySpan<TopologyEndpoint> now)
    {
        if (Endpoints is not null)
        {
            return new EndpointNode(this, gone, now);
        }

        EndpointNode[] children = [.. Children!];
        while (!gone.IsEmpty)
        {
            var place = ChildOf(gone[0]);
            var end = place == children.Length - 1 ? gone.Length : UpTo(gone, children[place]);
            children[place] = children[place].Replace(gone[..end], now[..end]);
            gone = gone[end..];
            now = now[end..];
        }

        return new EndpointNode(this, children);
    }

    /// <summary>Gets the child in whose part of the order an endpoint is.</summary>
    public int ChildOf(TopologyEndpoint endpoint)
    {
        var (from, end) = (0, Children!.Length - 1);
        while (from < end)
        {
            var middle = (from + end) / 2;
            (from, end) = EndpointOrder.ByMember.Compare(endpoint, _lasts[middle]) <= 0 ? (from, middle) : (middle + 1, end);
        }

        return from;
    }

    /// <summary>Gets the first child whose last member is not before a member; the last child if there is none.</summary>
    public int ChildOf(string member)
    {
        var place = 0;
        while (place < Children!.Length - 1 && EndpointOrder.CompareMember(_lasts[place], member) < 0)
        {
            place++;
        }

        return place;
    }

    /// <summary>Appends to a list the nodes that replace this one after a change: one, several, or none.</summary>
    /// <param name="gone">The endpoints to remove, all in this node, in order.</param>
    /// <param name="added">The endpoints to add, in order.</param>
    /// <param name="to">The list.</param>
    public void Apply(ReadOnlySpan<TopologyEndpoint> gone, ReadOnlySpan<TopologyEndpoint> added, List<EndpointNode> to)
    {
        if (Endpoints is not null)
        {
            Split(Merge(Endpoints, gone, added), to);
            return;
        }

        if (TryApplyToOne(gone, added, to))
        {
            return;
        }

        // The list may contain nodes of other parents; the new children of this node start at `start`.
        var start = to.Count;
        for (var i = 0; i < Children!.Length; i++)
        {
            var child = Children[i];
            var isLast = i == Children.Length - 1;
            var goneHere = isLast ? gone.Length : UpTo(gone, child);
            var addedHere = isLast ? added.Length : UpTo(added, child);
            if (goneHere + addedHere == 0)
            {
                Push(child, start, to);
                continue;
            }

            var before = to.Count;
            child.Apply(gone[..goneHere], added[..addedHere], to);
            if (to.Count > before && before > start && TryJoin(to[before - 1], to[before]) is { } joined)
            {
                to[before - 1] = joined;
                to.RemoveAt(before);
            }

            gone = gone[goneHere..];
            added = added[addedHere..];
        }

        var children = to.GetRange(start, to.Count - start);
        to.RemoveRange(start, children.Count);
        Group(children, to);
    }

    /// <summary>Groups nodes of one height under as few branches as possible, and appends these to a list.</summary>
    public static void Group(List<EndpointNode> nodes, List<EndpointNode> to)
    {
        var branches = nodes.Count <= Widest ? 1 : (nodes.Count + New - 1) / New;
        for (var i = 0; i < branches && nodes.Count > 0; i++)
        {
            var (from, end) = (i * nodes.Count / branches, (i + 1) * nodes.Count / branches);
            to.Add(new EndpointNode([.. nodes[from..end]]));
        }
    }

    /// <summary>Splits endpoints into leaves, and appends these to a list.</summary>
    public static void Split(TopologyEndpoint[] endpoints, List<EndpointNode> to)
    {
        if (endpoints.Length <= Widest)
        {
            if (endpoints.Length > 0)
            {
                to.Add(new EndpointNode(endpoints));
            }

            return;
        }

        var leaves = (endpoints.Length + New - 1) / New;
        for (var i = 0; i < leaves; i++)
        {
            var (from, end) = ((int)((long)i * endpoints.Length / leaves), (int)((long)(i + 1) * endpoints.Length / leaves));
            to.Add(new EndpointNode(endpoints[from..end]));
        }
    }

    // Nearly every change affects one leaf, whose width stays about the same: then only the path to it is copied.
    private bool TryApplyToOne(ReadOnlySpan<TopologyEndpoint> gone, ReadOnlySpan<TopologyEndpoint> added, List<EndpointNode> to)
    {
        var place = PlaceOf(gone, added);
        if (place < 0)
        {
            return false;
        }

        var before = to.Count;
        Children![place].Apply(gone, added, to);
        if (to.Count != before + 1 || to[before].Width < Narrow / 2)
        {
            to.RemoveRange(before, to.Count - before);
            return false;
        }

        to[before] = new EndpointNode(this, place, to[before]);
        return true;
    }

    /// <summary>Gets the child that all changes belong to; -1 if they belong to several.</summary>
    private int PlaceOf(ReadOnlySpan<TopologyEndpoint> gone, ReadOnlySpan<TopologyEndpoint> added)
    {
        var order = EndpointOrder.ByMember;
        var first = added.IsEmpty || (!gone.IsEmpty && order.Compare(gone[0], added[0]) <= 0) ? gone[0] : added[0];
        var last = added.IsEmpty || (!gone.IsEmpty && order.Compare(gone[^1], added[^1]) > 0) ? gone[^1] : added[^1];
        var place = ChildOf(first);
        return place == Children!.Length - 1 || order.Compare(last, _lasts[place]) <= 0 ? place : -1;
    }

    // The number of members that two neighbours share: one, or none.
    private static int Shares(EndpointNode left, EndpointNode right) => EndpointOrder.SameMember(left.Last, right.First) ? 1 : 0;

    private static void Push(EndpointNode node, int start, List<EndpointNode> to)
    {
        if (to.Count > start && TryJoin(to[^1], node) is { } joined)
        {
            to[^1] = joined;
        }
        else
        {
            to.Add(node);
        }
    }

    private static EndpointNode? TryJoin(EndpointNode x, EndpointNode y) =>
        x.Width + y.Width > Narrow ? null
        : x.Endpoints is null ? new EndpointNode([.. x.Children!, .. y.Children!])
        : new EndpointNode([.. x.Endpoints, .. y.Endpoints!]);

    // Counts the changes up to the end of a node. There are few in a node and many behind it, so the steps grow from the first one.
    private static int UpTo(ReadOnlySpan<TopologyEndpoint> changes, EndpointNode node)
    {
        var last = node.Last;
        var (from, end) = (0, 1);
        while (end <= changes.Length && EndpointOrder.ByMember.Compare(changes[end - 1], last) <= 0)
        {
            (from, end) = (end, end * 2);
        }

        for (end = Math.Min(end - 1, changes.Length); from < end;)
        {
            var middle = (from + end) / 2;
            (from, end) = EndpointOrder.ByMember.Compare(changes[middle], last) <= 0 ? (middle + 1, end) : (from, middle);
        }

        return from;
    }

    private static TopologyEndpoint[] Merge(
        ReadOnlySpan<TopologyEndpoint> before, ReadOnlySpan<TopologyEndpoint> gone, ReadOnlySpan<TopologyEndpoint> added)
    {
        var next = new TopologyEndpoint[before.Length - gone.Length + added.Length];
        var to = 0;
        while (!gone.IsEmpty || !added.IsEmpty)
        {
            // At equal places the old endpoint is removed before the new one is added.
            var goes = added.IsEmpty || (!gone.IsEmpty && EndpointOrder.ByMember.Compare(gone[0], added[0]) <= 0);
            var change = goes ? gone[0] : added[0];
            var place = before.BinarySearch(change, EndpointOrder.ByMember);
            var stays = before[..(place < 0 ? ~place : place)];
            stays.CopyTo(next.AsSpan(to));
            before = before[stays.Length..];
            to += stays.Length;
            if (goes)
            {
                before = before[1..];
                gone = gone[1..];
            }
            else
            {
                next[to++] = change;
                added = added[1..];
            }
        }

        before.CopyTo(next.AsSpan(to));
        return next;
    }
}
