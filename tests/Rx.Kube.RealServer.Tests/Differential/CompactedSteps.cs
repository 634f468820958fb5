using static Rx.Kube.RealServer.Tests.Differential.RequestBodies;
using static Rx.Kube.RealServer.Tests.Differential.Step;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Watches, pages and exact lists of versions before a compaction, on a real server without its watch cache.</summary>
internal static class CompactedSteps
{
    internal static IReadOnlyList<Step> All { get; } =
    [
        .. FiveSlices,
        Get(Slices) with { Name = "list" },
        Get(Slices + "?limit=2") with { Name = "page" },
        Post(Slices, Slice("x")),
        Compact(),
        Get(Slices + "?watch=true&resourceVersion={rv:p1}") with { AnyMessage = true },
        Get(Slices + "?watch=true&resourceVersion={rv:p1}&allowWatchBookmarks=true&timeoutSeconds=60") with { AnyMessage = true },
        Get(Slices + "?resourceVersion={rv:p2}&resourceVersionMatch=Exact"),
        Get(Slices + "?resourceVersion={rv:p2}&limit=2"),
        Get(Slices + "?limit=2&continue={continue:page}") with { AnyMessage = true, Name = "expired" },
        Get(Slices + "?limit=2&continue={continue:expired}") with { Name = "inconsistent" },
        Get(Slices + "?limit=2&continue={continue:inconsistent}"),
        Get(Slices + "?limit=2"),
        Get(Slices) with { Name = "again" },
        Post(Slices, Slice("y")),
        Get(Slices + "?watch=true&resourceVersion={rv:again}") with { Lines = 1 },
    ];
}
