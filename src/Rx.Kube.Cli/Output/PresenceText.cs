namespace Rx.Kube.Cli.Output;

/// <summary>Tells apart a Service without slices, one without endpoints, and one without ready endpoints. All texts are escaped.</summary>
internal static class PresenceText
{
    /// <summary>Describes what a complete snapshot lacks.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <returns>The text; null if the snapshot has a ready endpoint, or is not complete.</returns>
    public static string? Of(ServiceTopology snapshot) => snapshot.Presence switch
    {
        ServicePresence.NoSlices => $"no EndpointSlice in namespace {EndpointFormat.Name(snapshot.Namespace)} belongs to " +
            $"Service {EndpointFormat.Name(snapshot.Service)}",
        ServicePresence.NoEndpoints when snapshot.SliceCount == 1 => "no endpoints: the slice of the Service is empty",
        ServicePresence.NoEndpoints => $"no endpoints: all {HumanFormat.Count(snapshot.SliceCount, "slice")} of the Service are empty",
        ServicePresence.NoneReady => $"{HumanFormat.Count(snapshot.Endpoints.Count, "endpoint")}, none ready",
        _ => null,
    };

    /// <summary>Describes why a snapshot has no members.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <returns>The text; null if it has members, or is not complete.</returns>
    public static string? OfMemberless(ServiceTopology snapshot) =>
        snapshot.Presence is ServicePresence.NoSlices or ServicePresence.NoEndpoints ? Of(snapshot) : null;

    /// <summary>Gets the name of a presence in JSON.</summary>
    /// <param name="presence">The presence.</param>
    /// <returns>The name.</returns>
    public static string Name(ServicePresence presence) => presence switch
    {
        ServicePresence.NoSlices => "noSlices",
        ServicePresence.NoEndpoints => "noEndpoints",
        ServicePresence.NoneReady => "noneReady",
        ServicePresence.Ready => "ready",
        _ => "unknown",
    };
}
