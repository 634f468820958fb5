using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// The endpoints of a snapshot, ordered by <see cref="EndpointOrder.ByMember"/>, in a B+ tree that successive snapshots share: a change
/// copies the path to what it touches, O(log n). Immutable; safe on any thread.
/// </summary>
internal sealed class EndpointTree
{
    private EndpointTree(EndpointNode? root) => Root = root;

    /// <summary>No endpoints.</summary>
    public static EndpointTree Empty { get; } = new(null);

    /// <summary>The node on top; null when there are no endpoints.</summary>
    public EndpointNode? Root { get; }

    /// <summary>How many endpoints.</summary>
    public int Count => Root?.Count ?? 0;

    /// <summary>How many members they have.</summary>
    public int Members => Root?.Members ?? 0;

    /// <summary>The tree of endpoints that are in order.</summary>
    public static EndpointTree Of(TopologyEndpoint[] ordered)
    {
        var nodes = new List<EndpointNode>();
        EndpointNode.Split(ordered, nodes);
        return Above(nodes);
    }

    /// <summary>The endpoints without those that are gone and with the new ones.</summary>
    /// <param name="gone">All of them are here. Sorted by this call.</param>
    /// <param name="added">None of them is here, but for those that are gone. Sorted by this call.</param>
    public EndpointTree Apply(List<TopologyEndpoint> gone, List<TopologyEndpoint> added)
    {
        if (gone.Count + added.Count == 0)
        {
            return this;
        }

        gone.Sort(EndpointOrder.ByMember);
        added.Sort(EndpointOrder.ByMember);
        if (Root is null)
        {
            return Of([.. added]);
        }

        var nodes = new List<EndpointNode>();
        Root.Apply([.. gone], [.. added], nodes);
        return Above(nodes);
    }

    /// <summary>How many endpoints a view has.</summary>
    public int CountOf(EndpointView view) => Root?.CountOf(view) ?? 0;

    /// <summary>The leaf in which an endpoint of a view is.</summary>
    /// <param name="view">The view.</param>
    /// <param name="index">The endpoint's place in the view; within its bounds. Becomes its place among those of the leaf that are in the view.</param>
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

    /// <summary>The name of a member.</summary>
    /// <param name="index">Its place; within bounds.</param>
    public string MemberAt(int index)
    {
        var node = Root!;
        var before = "";
        while (node.Children is { } children)
        {
            // A member that a node shares with the one before has been counted there.
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

    /// <summary>The endpoints of a member; empty when it is not there.</summary>
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

    /// <summary>The endpoint at the place of another: of the same member, at the same address; null when there is none.</summary>
    public TopologyEndpoint? At(TopologyEndpoint place)
    {
        var node = Root;
        while (node?.Children is { } children)
        {
            var i = 0;
            for (; i < children.Length - 1 && EndpointOrder.ByMember.Compare(children[i].Last, place) < 0; i++)
            {
            }

            node = children[i];
        }

        var index = node is null ? -1 : Array.BinarySearch(node.Endpoints!, place, EndpointOrder.ByMember);
        return index < 0 ? null : node!.Endpoints![index];
    }

    /// <summary>Whether a member is there.</summary>
    public bool Contains(string member)
    {
        var place = IndexOf(member);
        return place < Count && IsOf(LeafOf(EndpointView.All, ref place)[place], member);
    }

    /// <summary>Whether the endpoints are the same. What two trees share is not looked at.</summary>
    public bool SameAs(EndpointTree other) => ReferenceEquals(this, other) || (Count == other.Count && !Differences(other).Any());

    /// <summary>
    /// What is only in one of two trees, in order: an endpoint of this one, or of the other, or both at one place. What they share is not looked at.
    /// </summary>
    /// <param name="other">The other tree.</param>
    /// <param name="byContent">Whether endpoints that are equal are the same; if not, only one object is: then their provenance counts as well.</param>
    public IEnumerable<(TopologyEndpoint? Mine, TopologyEndpoint? Other)> Differences(EndpointTree other, bool byContent = true)
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

    // How many endpoints are before those of a member.
    private int IndexOf(string member)
    {
        var index = 0;
        var node = Root;
        while (node?.Children is { } children)
        {
            var i = 0;
            for (; i < children.Length - 1 && string.CompareOrdinal(children[i].Last.Member, member) < 0; i++)
            {
                index += children[i].Count;
            }

            node = children[i];
        }

        return index + (node?.Endpoints!.Count(e => string.CompareOrdinal(e.Member, member) < 0) ?? 0);
    }

    private static bool IsOf(TopologyEndpoint endpoint, string member) => string.Equals(endpoint.Member, member, StringComparison.Ordinal);
}
