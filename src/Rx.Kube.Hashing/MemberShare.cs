namespace Rx.Kube;

/// <summary>How much of all hashes a member owns.</summary>
/// <param name="Member">The member.</param>
/// <param name="Share">What it owns, from 0 to 1; exact but for rounding.</param>
/// <param name="Ideal">What it would own if its weight were followed exactly.</param>
/// <typeparam name="TMember">What owns keys.</typeparam>
public readonly record struct MemberShare<TMember>(TMember Member, double Share, double Ideal);
