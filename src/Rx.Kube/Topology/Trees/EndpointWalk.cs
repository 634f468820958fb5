namespace Rx.Kube;

/// <summary>A walk through a tree in order that can skip a whole node.</summary>
internal struct EndpointWalk
{
    private readonly Stack<EndpointNode> _ahead;
    private int _place;

    public EndpointWalk(EndpointNode? root)
    {
        _ahead = new Stack<EndpointNode>();
        if (root is not null)
        {
            _ahead.Push(root);
        }
    }

    public readonly bool IsDone => _ahead.Count == 0;

    /// <summary>Gets whether the walk is at the start of a node, and not in the middle of a leaf.</summary>
    public readonly bool IsAtNode => _ahead.Count > 0 && _place == 0;

    public readonly EndpointNode Node => _ahead.Peek();

    public readonly int Height => Node.Height;

    /// <summary>Gets the next endpoint. The node must be a leaf.</summary>
    public readonly TopologyEndpoint Endpoint => Node.Endpoints![_place];

    /// <summary>Skips the node.</summary>
    public readonly void Skip() => _ahead.Pop();

    /// <summary>Moves to the first child of the node.</summary>
    public readonly void Descend()
    {
        var children = _ahead.Pop().Children!;
        for (var i = children.Length - 1; i >= 0; i--)
        {
            _ahead.Push(children[i]);
        }
    }

    /// <summary>Moves past the endpoint.</summary>
    public void Next()
    {
        if (++_place == Node.Endpoints!.Length)
        {
            _place = 0;
            _ahead.Pop();
        }
    }
}
