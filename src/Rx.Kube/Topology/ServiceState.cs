namespace Rx.Kube;

/// <summary>One Service in a fold: what its objects claim, and the endpoints that come of it. Lives as long as it has an object.</summary>
internal sealed class ServiceState(ServiceName name)
{
    private readonly CurrentEndpoints _endpoints = new();

    public ServiceName Name { get; } = name;

    /// <summary>Where its objects make their claims.</summary>
    public AddressClaims Claims { get; } = new();

    /// <summary>How many objects it has.</summary>
    public int Objects { get; set; }

    /// <summary>How many of them do not hold all endpoints.</summary>
    public int Truncated { get; set; }

    /// <summary>Whether the event under way is about it.</summary>
    public bool IsTouched { get; set; }

    /// <summary>What a snapshot says of it; a new object after each event that was about it.</summary>
    public ServiceContent Content { get; private set; } = ServiceContent.None;

    /// <summary>Works out what it is after an event.</summary>
    public void Settle()
    {
        var (gone, added) = Claims.Settle();
        _endpoints.Apply(gone, added);
        Content = new(_endpoints.Tree, _endpoints.MembersSince, Truncated > 0);
    }
}

/// <summary>What a snapshot says of a Service, but for what all Services of a watch have in common. Immutable.</summary>
/// <param name="Endpoints">The endpoints.</param>
/// <param name="MembersSince">The same object for all snapshots since somebody joined or left.</param>
/// <param name="IsTruncated">Whether the server left endpoints out.</param>
internal sealed record ServiceContent(EndpointTree Endpoints, object MembersSince, bool IsTruncated)
{
    /// <summary>That of a Service without any object.</summary>
    public static ServiceContent None { get; } = new(EndpointTree.Empty, EndpointTree.Empty, IsTruncated: false);
}
