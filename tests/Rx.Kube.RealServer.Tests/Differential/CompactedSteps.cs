using static Rx.Kube.RealServer.Tests.Differential.Bodies;
using static Rx.Kube.RealServer.Tests.Differential.Step;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Watches from before a compaction; the real server runs without its watch cache, and so shows the kind of each item in a list.</summary>
internal static class CompactedSteps
{
    internal static IReadOnlyList<Step> All { get; } =
    [
        .. FiveSlices,
        Get(Slices) with { Name = "list", HeadOnly = true },
        Post(Slices, Slice("x")),
        Compact(),
        Get(Slices + "?watch=true&resourceVersion={rv:p1}") with { OwnWords = true },
        Get(Slices + "?watch=true&resourceVersion={rv:p1}&allowWatchBookmarks=true&timeoutSeconds=60") with { OwnWords = true },
        Get(Slices) with { Name = "again", HeadOnly = true },
        Post(Slices, Slice("y")),
        Get(Slices + "?watch=true&resourceVersion={rv:again}") with { Lines = 1 },
    ];
}
