namespace Rx.Kube;

/// <summary>A way through a tree in order, which can pass over a node at once.</summary>
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

    /// <summary>Whether it stands before a whole node, not in the middle of a leaf.</summary>
    public readonly bool IsAtNode => _ahead.Count > 0 && _place == 0;

    public readonly EndpointNode Node => _ahead.Peek();

    public readonly int Height => Node.Height;

    /// <summary>The next endpoint; only in a leaf.</summary>
    public readonly TopologyEndpoint Endpoint => Node.Endpoints![_place];

    /// <summary>Passes over the node.</summary>
    public readonly void Skip() => _ahead.Pop();

    /// <summary>Goes to the first child of the node.</summary>
    public readonly void Descend()
    {
        var children = _ahead.Pop().Children!;
        for (var i = children.Length - 1; i >= 0; i--)
        {
            _ahead.Push(children[i]);
        }
    }

    /// <summary>Passes over the endpoint.</summary>
    public void Next()
    {
        if (++_place == Node.Endpoints!.Length)
        {
            _place = 0;
            _ahead.Pop();
        }
    }
}
