namespace Rx.Kube;

/// <summary>The state that a fold keeps for an object: the object, and the claims of its endpoints. Immutable.</summary>
/// <param name="Object">The object.</param>
/// <param name="Context">What all its endpoints share; null when each claim has its own.</param>
/// <param name="Claims">A claim for each endpoint; null for an endpoint without an address, which claims nothing. Never changed.</param>
internal sealed record ObjectClaims<T>(T Object, ClaimContext? Context, TopologyEndpoint?[] Claims);
