namespace Rx.Kube;

/// <summary>
/// How what an object claims differs from what it claimed before: some of its claims are withdrawn, and others are made in their place. A
/// value: nothing is applied by making one. In the usual event it has one claim, whatever the size of the object.
/// </summary>
/// <param name="Context">What all endpoints of the object share now; null when each claim has its own.</param>
/// <param name="At">The position of the first claim that is withdrawn, or before which the others are made.</param>
/// <param name="Withdrawn">The number of claims that are withdrawn.</param>
/// <param name="Added">The claims that are made; null entries claim nothing.</param>
internal readonly record struct ClaimDiff(ClaimContext? Context, int At, int Withdrawn, TopologyEndpoint?[] Added);
