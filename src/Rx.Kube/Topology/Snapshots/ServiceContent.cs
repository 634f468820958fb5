namespace Rx.Kube;

/// <summary>The content of a snapshot for one Service, without the state that all Services of a watch share. Immutable.</summary>
/// <param name="Endpoints">The endpoints.</param>
/// <param name="MembersSince">The same object for all snapshots since a member last joined or left.</param>
/// <param name="IsTruncated">Whether the server left endpoints out.</param>
/// <param name="Objects">How many slices, or Endpoints objects, the Service has.</param>
internal sealed record ServiceContent(EndpointTree Endpoints, object MembersSince, bool IsTruncated, int Objects)
{
    /// <summary>Gets the content of a Service without any object.</summary>
    public static ServiceContent None { get; } = new(EndpointTree.Empty, EndpointTree.Empty, IsTruncated: false, Objects: 0);
}

/// <summary>A change whose object says when the change was triggered.</summary>
/// <param name="Service">The Service that changed.</param>
/// <param name="Time">When the change was triggered.</param>
internal sealed record TriggeredChange(ServiceName Service, DateTimeOffset Time);
