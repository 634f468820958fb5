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

    // In a branch: the last member of each child, so that a search visits only the child it descends to.
    private readonly string[] _lastMembers = [];

    private EndpointNode(TopologyEndpoint[] endpoints)
    {
        Endpoints = endpoints;
        (First, Last, Count) = (endpoints[0], endpoints[^1], endpoints.Length);
        for (var i = 0; i < endpoints.Length; i++)
        {
            _ready += endpoints[i].IsIn(EndpointView.Ready) ? 1 : 0;
            _leaving += endpoints[i].IsIn(EndpointView.Leaving) ? 1 : 0;
            Members += i > 0 && endpoints[i].Member == endpoints[i - 1].Member ? 0 : 1;
        }
    }

    private EndpointNode(EndpointNode[] children)
    {
        Children = children;
        (First, Last, Height) = (children[0].First, children[^1].Last, children[0].Height + 1);
        _lastMembers = new string[children.Length];
        for (var i = 0; i < children.Length; i++)
        {
            var child = children[i];
            _lastMembers[i] = child.Last.Member;
            Count += child.Count;
            _ready += child._ready;
            _leaving += child._leaving;
            Members += child.Members - (i > 0 ? Shares(children[i - 1], child) : 0);
        }
    }

    // A leaf in which one endpoint replaces another one of the same member. The other endpoints are not visited: they may be far away in
    // memory. The next constructor is the same for a branch in which one child replaces another.
    private EndpointNode(EndpointNode before, TopologyEndpoint[] endpoints, TopologyEndpoint gone, TopologyEndpoint added)
    {
        (Endpoints, First, Last, Count, Members) = (endpoints, endpoints[0], endpoints[^1], before.Count, before.Members);
        _ready = before._ready + (added.IsIn(EndpointView.Ready) ? 1 : 0) - (gone.IsIn(EndpointView.Ready) ? 1 : 0);
        _leaving = before._leaving + (added.IsIn(EndpointView.Leaving) ? 1 : 0) - (gone.IsIn(EndpointView.Leaving) ? 1 : 0);
    }

    private EndpointNode(EndpointNode before, int place, EndpointNode child)
    {
        var old = before.Children![place];
        Children = [.. before.Children];
        Children[place] = child;
        (First, Last, Height) = (Children[0].First, Children[^1].Last, before.Height);
        Count = before.Count + child.Count - old.Count;
        _ready = before._ready + child._ready - old._ready;
        _leaving = before._leaving + child._leaving - old._leaving;
        Members = before.Members + child.Members - old.Members;
        if (place > 0 && !SameMember(old.First, child.First))
        {
            Members += Shares(Children[place - 1], old) - Shares(Children[place - 1], child);
        }

        _lastMembers = before._lastMembers;
        if (!SameMember(old.Last, child.Last))
        {
            _lastMembers = [.. _lastMembers];
            _lastMembers[place] = child.Last.Member;
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

    public TopologyEndpoint First { get; }

    public TopologyEndpoint Last { get; }

    private int Width => Endpoints?.Length ?? Children!.Length;

    /// <summary>Gets the number of endpoints in a view.</summary>
    public int CountOf(EndpointView view) => view switch
    {
        EndpointView.All => Count,
        EndpointView.Ready => _ready,
        _ => _leaving,
    };

    /// <summary>Appends to a list the nodes that replace this one after a change: one, several, or none.</summary>
    /// <param name="gone">The endpoints to remove, all in this node, in order.</param>
    /// <param name="added">The endpoints to add, in order.</param>
    /// <param name="to">The list.</param>
    public void Apply(ReadOnlySpan<TopologyEndpoint> gone, ReadOnlySpan<TopologyEndpoint> added, List<EndpointNode> to)
    {
        if (Endpoints is not null)
        {
            if (gone.Length == 1 && added.Length == 1 && EndpointOrder.ByMember.Compare(gone[0], added[0]) == 0)
            {
                to.Add(Replace(Endpoints, gone[0], added[0]));
                return;
            }

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
        var (from, end) = (0, Children!.Length - 1);
        while (from < end)
        {
            var middle = (from + end) / 2;
            (from, end) = IsUpTo(first, middle) ? (from, middle) : (middle + 1, end);
        }

        return from == Children.Length - 1 || IsUpTo(last, from) ? from : -1;

        bool IsUpTo(TopologyEndpoint endpoint, int child)
        {
            var byMember = string.CompareOrdinal(endpoint.Member, _lastMembers[child]);
            return byMember < 0 || (byMember == 0 && order.Compare(endpoint, Children[child].Last) <= 0);
        }
    }

    private EndpointNode Replace(TopologyEndpoint[] before, TopologyEndpoint gone, TopologyEndpoint added)
    {
        // Normally it is the same object; then the content of the others is not compared.
        var place = Array.FindIndex(before, e => ReferenceEquals(e, gone));
        TopologyEndpoint[] endpoints = [.. before];
        endpoints[place >= 0 ? place : Array.BinarySearch(before, gone, EndpointOrder.ByMember)] = added;
        return new EndpointNode(this, endpoints, gone, added);
    }

    // The number of members that two neighbours share: one, or none.
    private static int Shares(EndpointNode left, EndpointNode right) => SameMember(left.Last, right.First) ? 1 : 0;

    private static bool SameMember(TopologyEndpoint x, TopologyEndpoint y) => ReferenceEquals(x, y) || x.Member == y.Member;

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

    private static int UpTo(ReadOnlySpan<TopologyEndpoint> changes, EndpointNode node)
    {
        if (changes.IsEmpty)
        {
            return 0;
        }

        var last = node.Last;
        var end = 0;
        while (end < changes.Length && EndpointOrder.ByMember.Compare(changes[end], last) <= 0)
        {
            end++;
        }

        return end;
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
