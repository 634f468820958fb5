using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Describes a kind of object that holds endpoints, for a fold.</summary>
/// <param name="Name">The name of the kind.</param>
/// <param name="ServiceOf">Gets the name of the Service an object belongs to; empty if the object belongs to none.</param>
/// <param name="CountOf">Gets how many endpoints an object has, at most.</param>
/// <param name="IsTruncated">Gets whether the server left endpoints out of an object.</param>
/// <param name="Next">
/// Finds how what an object claims differs from before, with <see cref="MemberOf"/> as the last argument. Has no side effects.
/// </param>
/// <param name="Selector">The selector that makes a watch return the objects of one Service only, for messages.</param>
internal sealed record ClaimKind<T>(
    string Name, Func<T, string> ServiceOf, Func<T, int> CountOf, Func<T, bool> IsTruncated,
    Func<ObjectClaims<T>, T, Func<TopologyEndpoint, string>?, ClaimDiff> Next, string Selector)
    where T : IResource
{
    /// <summary>Gets the function that gives the identity of an endpoint's member; null for the default.</summary>
    public Func<TopologyEndpoint, string>? MemberOf { get; init; }

    /// <summary>Gets the limits on what counts at an address.</summary>
    public TopologyLimits Limits { get; init; } = TopologyLimits.Default;

    /// <summary>Gets the kind with what a caller has chosen; null for the defaults.</summary>
    public ClaimKind<T> With(Func<TopologyEndpoint, string>? memberOf, TopologyLimits? limits) =>
        this with { MemberOf = memberOf, Limits = limits ?? TopologyLimits.Default };
}

/// <summary>The kinds of object that hold endpoints.</summary>
internal static class ClaimKinds
{
    public static ClaimKind<EndpointSlice> EndpointSlices { get; } = new(
        "EndpointSlice", s => s.ServiceName, s => s.Endpoints.Count, _ => false, SliceClaims.Next,
        $"label selector {EndpointSlice.ServiceNameLabel}=NAME");

    public static ClaimKind<LegacyEndpoints> Endpoints { get; } = new(
        "Endpoints", e => e.Metadata.Name, e => e.Subsets.Sum(s => s.Addresses.Length + s.NotReadyAddresses.Length), e => e.IsTruncated,
        LegacyClaims.Next, "field selector metadata.name=NAME");
}
