using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>An object as a fold keeps it: the object, and what each of its endpoints claims. Immutable.</summary>
/// <param name="Object">The object.</param>
/// <param name="Ports">The ports that all its endpoints share; empty when each claim has its own.</param>
/// <param name="Claims">A claim for each endpoint; null for an endpoint without an address, which claims nothing. Never changed.</param>
internal sealed record ObjectClaims<T>(T Object, EquatableArray<EndpointPort> Ports, TopologyEndpoint?[] Claims);
