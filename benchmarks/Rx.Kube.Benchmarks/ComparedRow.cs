using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks;

/// <summary>Represents a row of <c>compare</c>: Rx.Kube and a peer on the same workload.</summary>
/// <param name="Area">The area of the command line.</param>
/// <param name="Workload">What was measured.</param>
/// <param name="Ours">The least figure of Rx.Kube; null if it could not be measured.</param>
/// <param name="Peer">The least figure of the peer; null if there is none.</param>
/// <param name="Unit">The unit of both.</param>
/// <param name="Ratio">Peer ÷ ours, of the least figures; null without a peer.</param>
/// <param name="Goal">The goal, as text.</param>
/// <param name="Met">Whether the goal is reached.</param>
internal sealed record ComparedRow(
    string Area, string Workload, double? Ours, double? Peer, string Unit, double? Ratio, string Goal, bool Met)
{
    /// <summary>Gets peer ÷ ours, of the least figures; null without a peer, or if ours is zero.</summary>
    public double? Ratio { get; init; } = Ratio is { } ratio && double.IsFinite(ratio) ? ratio : null;

    /// <summary>Gets the median of Rx.Kube's figures; null if only one was taken.</summary>
    public double? OursMedian { get; init; }

    /// <summary>Gets the median of the peer's figures; null if only one was taken.</summary>
    public double? PeerMedian { get; init; }

    /// <summary>Gets peer ÷ ours, of the medians; null if there is none.</summary>
    public double? RatioOfMedians => PeerMedian / OursMedian is { } ratio && double.IsFinite(ratio) ? ratio : null;

    /// <summary>Gets which peer it is; null if there is none.</summary>
    public string? PeerName { get; init; }

    /// <summary>Gets why there is no figure; null if there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>Creates a row whose ratio peer ÷ ours must be at least <paramref name="least"/>.</summary>
    public static ComparedRow Times(string area, string workload, double ours, double peer, string unit, double least) =>
        new(area, workload, ours, peer, unit, peer / ours, AtLeast(least), least == 0 || peer / ours >= least);

    /// <summary>Creates a row whose ratio peer ÷ ours must be at least <paramref name="least"/>, from all rounds of both.</summary>
    /// <param name="area">The area.</param>
    /// <param name="workload">What was measured.</param>
    /// <param name="ours">The rounds of Rx.Kube.</param>
    /// <param name="peer">The rounds of the peer.</param>
    /// <param name="peerName">The peer.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="least">The least ratio; zero for a row without a goal.</param>
    public static ComparedRow Times(
        string area, string workload, Figures ours, Figures peer, string peerName, string unit, double least) =>
        Times(area, workload, ours.Least, peer.Least, unit, least) with
        {
            OursMedian = ours.Median,
            PeerMedian = peer.Median,
            PeerName = peerName,
        };

    /// <summary>Creates a row with an upper bound and without a peer.</summary>
    public static ComparedRow AtMost(string area, string workload, double ours, string unit, double most) =>
        new(area, workload, ours, null, unit, null, $"<= {most:0.##} {unit}", ours <= most);

    /// <summary>Creates a row without a peer, from all rounds.</summary>
    /// <param name="area">The area.</param>
    /// <param name="workload">What was measured.</param>
    /// <param name="ours">The rounds of Rx.Kube.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="most">The upper bound; null for a row without a goal.</param>
    public static ComparedRow AtMost(string area, string workload, Figures ours, string unit, double? most) =>
        (most is { } bound ? AtMost(area, workload, ours.Least, unit, bound)
            : new ComparedRow(area, workload, ours.Least, null, unit, null, "none", true)) with
        {
            OursMedian = ours.Median,
        };

    /// <summary>Gets the text of a goal for a ratio; "none" for zero.</summary>
    public static string AtLeast(double ratio) => ratio == 0 ? "none" : $">= {ratio:0.##}x";

    /// <summary>Creates a row for what could not be measured.</summary>
    /// <param name="area">The area.</param>
    /// <param name="workload">What was to be measured.</param>
    /// <param name="peerName">The peer that is missing; null if it is not the peer.</param>
    /// <param name="goal">The goal.</param>
    /// <param name="reason">Why it could not be measured.</param>
    public static ComparedRow NotRun(string area, string workload, string? peerName, string goal, string reason) =>
        new(area, workload, null, null, "", null, goal, false) { PeerName = peerName, Reason = reason };
}
