namespace Rx.Kube;

/// <summary>A member of the ring, as the page shows it.</summary>
/// <param name="Member">The member.</param>
/// <param name="Owned">How many of all hashes it owns.</param>
/// <param name="Health">Its health in one or two words; no part of the placement.</param>
/// <param name="Address">Its first address; null if it has none.</param>
/// <param name="Revision">The number of the moment at which the row last changed.</param>
internal sealed record RingRow(RingMember Member, UInt128 Owned, string Health, string? Address, long Revision)
{
    /// <summary>Gets the share of all keys, from 0 to 1, as <c>Shares()</c> gives it.</summary>
    public double Share => Fraction(Owned);

    /// <summary>Converts a number of hashes into a share of all hashes.</summary>
    public static double Fraction(UInt128 hashes) => (double)hashes / 18446744073709551616.0;

    /// <summary>Describes the health of a member's endpoints.</summary>
    public static string HealthOf(EquatableArray<TopologyEndpoint> endpoints) =>
        endpoints.IsEmpty ? "away"
        : endpoints.Any(endpoint => endpoint is { Ready: true, Terminating: false }) ? "ready"
        : endpoints.Any(endpoint => endpoint.IsHeld) ? "away"
        : endpoints.Any(endpoint => endpoint is { Terminating: true, Serving: true }) ? "terminating"
        : endpoints.Any(endpoint => endpoint.Terminating) ? "stopped"
        : "not ready";
}
