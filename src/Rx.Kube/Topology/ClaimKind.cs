using Rx.Kube.Models;


namespace Rx.Kube;

/// <summary>What a fold must know of a kind of object that holds endpoints.</summary>
/// <param name="Name">The name of the kind.</param>
/// <param name="ServiceOf">The name of the Service an object belongs to; empty if to none.</param>
/// <param name="Replace">Takes the next state of an object, after the one before, if there is one, and moves its claims to the Service.</param>
/// <param name="Cure">What to watch to have the objects of one Service only.</param>
internal sealed record ClaimKind<T>(
    string Name, Func<T, string> ServiceOf, Func<ObjectClaims?, T, ServiceState, ObjectClaims> Replace, string Cure)
    where T : IResource;

/// <summary>The kinds of object that hold endpoints.</summary>
internal static class ClaimKinds
{
    public static ClaimKind<EndpointSlice> EndpointSlices { get; } = new(
        "EndpointSlice", s => s.ServiceName, SliceClaims.Replace,
        $"label selector {EndpointSlice.ServiceNameLabel}=NAME");

    public static ClaimKind<LegacyEndpoints> Endpoints { get; } = new(
        "Endpoints", e => e.Metadata.Name, LegacyClaims.Replace, "field selector metadata.name=NAME");
}
