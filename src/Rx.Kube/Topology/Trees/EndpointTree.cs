using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Rx.Kube;

/// <summary>
/// The endpoints of a snapshot, ordered by <see cref="EndpointOrder.ByMember"/>, in a persistent B+ tree: a change copies only the path to
/// what it touches, O(log n), and successive snapshots share the rest: of 20,000 endpoints, an old snapshot that is held keeps 1.3 KB, and
/// the newest one 12 MB. <c>EndpointTreeTests</c> compare with a sorted list. Immutable and thread-safe.
/// </summary>
internal sealed class EndpointTree
{
    private readonly ReplacementLog? _log;
    private readonly int _length;
    private readonly int _ready;
    private readonly int _leaving;
    private EndpointNode? _root;

    private EndpointTree(EndpointNode? root)
    {
        _root = root;
        (Count, Members) = (root?.Count ?? 0, root?.Members ?? 0);
        (_ready, _leaving) = (root?.CountOf(EndpointView.Ready) ?? 0, root?.CountOf(EndpointView.Leaving) ?? 0);
    }

    // The tree after some endpoints have replaced others at their places.
    private EndpointTree(EndpointTree before, ReplacementLog log, int length, List<TopologyEndpoint> gone, List<TopologyEndpoint> now)
    {
        (_log, _length, Count, Members) = (log, length, before.Count, before.Members);
        (_ready, _leaving) = (before._ready, before._leaving);
        for (var i = 0; i < gone.Count; i++)
        {
            _ready += (now[i].IsIn(EndpointView.Ready) ? 1 : 0) - (gone[i].IsIn(EndpointView.Ready) ? 1 : 0);
            _leaving += (now[i].IsIn(EndpointView.Leaving) ? 1 : 0) - (gone[i].IsIn(EndpointView.Leaving) ? 1 : 0);
        }
    }

    /// <summary>Gets the tree without endpoints.</summary>
    public static EndpointTree Empty { get; } = new(null);

    /// <summary>Gets the root; null when there are no endpoints.</summary>
    public EndpointNode? Root
    {
        get
        {
            if (_log is null || Volatile.Read(ref _root) is not null)
            {
                return _root;
            }

            // Two threads may make the nodes at once; then all use those of one, so that what trees share is seen.
            var root = _log.RootAt(_length);
            return Interlocked.CompareExchange(ref _root, root, null) ?? root;
        }
    }

    /// <summary>Gets the number of endpoints.</summary>
    public int Count { get; }

    /// <summary>Gets the number of members.</summary>
    public int Members { get; }

    /// <summary>Creates the tree of endpoints that are in order.</summary>
    public static EndpointTree Of(TopologyEndpoint[] ordered)
    {
        var nodes = new List<EndpointNode>();
        EndpointNode.Split(ordered, nodes);
        return Above(nodes);
    }

    /// <summary>Creates a tree without some endpoints and with others.</summary>
    /// <param name="gone">The endpoints to remove; all must be present. May be sorted by this call.</param>
    /// <param name="added">
    /// The endpoints to add; none may be present, except at the place of one that is removed. May be sorted by this call.
    /// </param>
    public EndpointTree Apply(List<TopologyEndpoint> gone, List<TopologyEndpoint> added)
    {
        if (gone.Count + added.Count == 0)
        {
            return this;
        }

        // In nearly every event each endpoint replaces the one with the same number, in the order of the slice. A log needs no other order.
        var isReplacement = ReplaceEachOther(gone, added);
        if (isReplacement && TryLog(gone, added) is { } logged)
        {
            return logged;
        }

        EndpointSort.Sort(gone);
        EndpointSort.Sort(added);
        if (Count == 0)
        {
            return Of([.. added]);
        }

        if (isReplacement || ReplaceEachOther(gone, added))
        {
            return TryLog(gone, added)
                ?? new(Root!.Replace(CollectionsMarshal.AsSpan(gone), CollectionsMarshal.AsSpan(added)));
        }

        var nodes = new List<EndpointNode>();
        Root!.Apply(CollectionsMarshal.AsSpan(gone), CollectionsMarshal.AsSpan(added), nodes);
        return Above(nodes);
    }

    /// <summary>Gets the number of endpoints in a view.</summary>
    public int CountOf(EndpointView view) => view switch
    {
        EndpointView.All => Count,
        EndpointView.Ready => _ready,
        _ => _leaving,
    };

    /// <summary>Gets the leaf that contains an endpoint of a view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="index">
    /// The endpoint's position in the view; within its bounds. Becomes its position among the endpoints of the leaf that are in the view.
    /// </param>
    public TopologyEndpoint[] LeafOf(EndpointView view, ref int index)
    {
        var node = Root!;
        while (node.Children is { } children)
        {
            var i = 0;
            for (; index >= children[i].CountOf(view); i++)
            {
                index -= children[i].CountOf(view);
            }

            node = children[i];
        }

        return node.Endpoints!;
    }

    /// <summary>Gets the name of a member.</summary>
    /// <param name="index">Its position; within bounds.</param>
    public string MemberAt(int index)
    {
        var node = Root!;
        var before = "";
        while (node.Children is { } children)
        {
            // A member that a node shares with the node before was counted there.
            var i = 0;
            for (int own; index >= (own = children[i].Members - (IsOf(children[i].First, before) ? 1 : 0)); i++)
            {
                index -= own;
                before = children[i].Last.Member;
            }

            node = children[i];
        }

        foreach (var endpoint in node.Endpoints!)
        {
            if (!IsOf(endpoint, before) && index-- == 0)
            {
                return endpoint.Member;
            }

            before = endpoint.Member;
        }

        throw new InvalidOperationException("a member was not where it was counted");
    }

    /// <summary>Gets the endpoints of a member; empty when it is not present.</summary>
    public ImmutableArray<TopologyEndpoint> Of(string member)
    {
        var from = IndexOf(member);
        var endpoints = ImmutableArray.CreateBuilder<TopologyEndpoint>();
        for (var i = from; i < Count; i += endpoints.Count - (i - from))
        {
            var place = i;
            var leaf = LeafOf(EndpointView.All, ref place);
            for (; place < leaf.Length; place++)
            {
                if (!IsOf(leaf[place], member))
                {
                    return endpoints.DrainToImmutable();
                }

                endpoints.Add(leaf[place]);
            }
        }

        return endpoints.DrainToImmutable();
    }

    /// <summary>Gets the endpoint at the place of another one, with the same member and address; null when there is none.</summary>
    public TopologyEndpoint? At(TopologyEndpoint place)
    {
        var node = Root;
        while (node?.Children is { } children)
        {
            node = children[node.ChildOf(place)];
        }

        var index = node is null ? -1 : Array.BinarySearch(node.Endpoints!, place, EndpointOrder.ByMember);
        return index < 0 ? null : node!.Endpoints![index];
    }

    /// <summary>Gets whether a member is present.</summary>
    public bool Contains(string member)
    {
        var place = IndexOf(member);
        return place < Count && IsOf(LeafOf(EndpointView.All, ref place)[place], member);
    }

    /// <summary>Gets whether the endpoints are the same. Nodes that the trees share are not visited.</summary>
    public bool SameAs(EndpointTree other) => ReferenceEquals(this, other) || (Count == other.Count && !Differences(other).Any());

    /// <summary>
    /// Finds the differences from another tree, in order: an endpoint of this tree, or of the other, or both at one place. Nodes that the
    /// trees share are not visited.
    /// </summary>
    /// <param name="other">The other tree.</param>
    /// <param name="byContent">
    /// Whether equal endpoints are the same; if not, only identical objects are, so that their provenance counts too.
    /// </param>
    public IEnumerable<(TopologyEndpoint? Mine, TopologyEndpoint? Other)> Differences(EndpointTree other, bool byContent = true)
    {
        if (_log is not null && ReferenceEquals(_log, other._log))
        {
            return LoggedDifferences(other, byContent);
        }

        return WalkedDifferences(other, byContent);
    }

    // The trees share a log: it has the differences, and no nodes are needed.
    private IEnumerable<(TopologyEndpoint? Mine, TopologyEndpoint? Other)> LoggedDifferences(EndpointTree other, bool byContent)
    {
        var (gone, now) = _log!.Between(Math.Min(_length, other._length), Math.Max(_length, other._length));
        var (mine, others) = _length < other._length ? (gone, now) : (now, gone);
        for (var i = 0; i < mine.Length; i++)
        {
            var (x, y) = (mine.Span[i], others.Span[i]);
            if (!byContent || !x.Equals(y))
            {
                yield return (x, y);
            }
        }
    }

    private IEnumerable<(TopologyEndpoint? Mine, TopologyEndpoint? Other)> WalkedDifferences(EndpointTree other, bool byContent)
    {
        var (mine, others) = (new EndpointWalk(Root), new EndpointWalk(other.Root));
        while (!mine.IsDone || !others.IsDone)
        {
            if (mine.IsAtNode && others.IsAtNode && ReferenceEquals(mine.Node, others.Node))
            {
                mine.Skip();
                others.Skip();
            }
            else if (!mine.IsDone && mine.Height > 0 && (others.IsDone || mine.Height >= others.Height))
            {
                mine.Descend();
            }
            else if (!others.IsDone && others.Height > 0)
            {
                others.Descend();
            }
            else
            {
                var order = mine.IsDone ? 1 : others.IsDone ? -1 : EndpointOrder.ByMember.Compare(mine.Endpoint, others.Endpoint);
                var (x, y) = (order <= 0 ? mine.Endpoint : null, order >= 0 ? others.Endpoint : null);
                if (x is null || y is null || !(byContent ? x.Equals(y) : ReferenceEquals(x, y)))
                {
                    yield return (x, y);
                }

                if (x is not null)
                {
                    mine.Next();
                }

                if (y is not null)
                {
                    others.Next();
                }
            }
        }
    }

    // The tree after replacements that a log takes; null if none does.
    private EndpointTree? TryLog(List<TopologyEndpoint> gone, List<TopologyEndpoint> now)
    {
        if (Count < ReplacementLog.FewestEndpoints || gone.Count > ReplacementLog.LimitFor(Count))
        {
            return null;
        }

        if (_log is not null && _log.TryAppend(_length, gone, now))
        {
            return new(this, _log, _length + gone.Count, gone, now);
        }

        var log = new ReplacementLog(Root!);
        log.TryAppend(0, gone, now);
        return new(this, log, gone.Count, gone, now);
    }

    private static bool ReplaceEachOther(List<TopologyEndpoint> gone, List<TopologyEndpoint> added)
    {
        for (var i = 0; i < gone.Count && i < added.Count; i++)
        {
            if (EndpointOrder.ByMember.Compare(gone[i], added[i]) != 0)
            {
                return false;
            }
        }

        return gone.Count == added.Count;
    }

    private static EndpointTree Above(List<EndpointNode> nodes)
    {
        while (nodes.Count > 1)
        {
            var branches = new List<EndpointNode>();
            EndpointNode.Group(nodes, branches);
            nodes = branches;
        }

        var root = nodes.Count == 0 ? null : nodes[0];
        while (root?.Children is [var only])
        {
            root = only;
        }

        return root is null ? Empty : new EndpointTree(root);
    }

    // The number of endpoints before those of a member.
    private int IndexOf(string member)
    {
        var index = 0;
        var node = Root;
        while (node?.Children is { } children)
        {
            var place = node.ChildOf(member);
            for (var i = 0; i < place; i++)
            {
                index += children[i].Count;
            }

            node = children[place];
        }

        return index + (node?.Endpoints!.Count(e => EndpointOrder.CompareMember(e, member) < 0) ?? 0);
    }

    private static bool IsOf(TopologyEndpoint endpoint, string member) => endpoint.CompareMember(member) == 0;
}
