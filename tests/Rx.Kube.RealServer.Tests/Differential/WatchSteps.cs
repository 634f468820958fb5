using static Rx.Kube.RealServer.Tests.Differential.RequestBodies;
using static Rx.Kube.RealServer.Tests.Differential.Step;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Watch requests: their start, their events and their end.</summary>
internal static class WatchSteps
{
    private const string Watch = Slices + "?watch=true";
    private const string Streaming = Watch + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    internal static IReadOnlyList<Step> All { get; } =
    [
        .. FiveSlices,
        Get(Slices) with { Name = "list" },

        // Live events: the watch opens before the changes.
        Get(Watch + "&resourceVersion={rv:list}") with { Name = "all", Opens = true },
        Get(Watch + "&resourceVersion={rv:list}&labelSelector=on") with { Name = "labelled", Opens = true },
        Get(Watch + "&resourceVersion={rv:list}&fieldSelector=metadata.name%3Dx") with { Name = "one", Opens = true },
        Post(Slices, Slice("x")),
        Patch("merge", Slices + "/x", """{"metadata":{"labels":{"on":"1"}}}""") with { Name = "labelled-x" },
        Patch("merge", Slices + "/x", """{"addressType":"IPv6"}"""),
        Patch("merge", Slices + "/p1", """{"metadata":{"labels":{"on":"1"}}}"""),
        Patch("merge", Slices + "/x", """{"metadata":{"labels":{"on":null}}}"""),
        Patch("merge", Slices + "/x", """{"addressType":"IPv4"}"""),
        Delete(Slices + "/x"),
        Delete(Slices + "/p1"),
        Read("all", 8),
        Read("labelled", 5),
        Read("one", 6),

        // The same from history.
        Get(Watch + "&resourceVersion={rv:list}") with { Lines = 8 },
        Get(Watch + "&resourceVersion={rv:list}") with { Accept = "application/json;drop=metadata.managedFields", Lines = 8 },
        Get(Watch + "&resourceVersion={rv:list}&labelSelector=on") with { Lines = 5 },
        Get(Watch + "&resourceVersion={rv:labelled-x}&labelSelector=!on") with { Lines = 2 },
        Get(Watch + "&resourceVersion={rv:list}&limit=1") with { Lines = 8 },
        Get(Watch + "&resourceVersion={rv:list}&timeoutSeconds=1"),
        Get(Watch + "&resourceVersion={rv:p1}&timeoutSeconds=1&labelSelector=n%3D4"),

        // Without a version, the watch starts with the present state.
        Get(Watch + "&timeoutSeconds=1"),
        Get(Watch + "&resourceVersion=0&timeoutSeconds=1"),
        Get(Watch + "&timeoutSeconds=1&labelSelector=n%3D2"),
        Get(Watch + "&timeoutSeconds=1&labelSelector=none"),
        Get("apis/discovery.k8s.io/v1/watch/namespaces/{ns}/endpointslices?timeoutSeconds=1"),
        Get("apis/discovery.k8s.io/v1/watch/namespaces/{ns}/endpointslices/p2?timeoutSeconds=1"),
        Get(Watch + "&resourceVersion=0&allowWatchBookmarks=true&labelSelector=n%3D4") with { Lines = 2 },
        Get(Watch + "&allowWatchBookmarks=true&labelSelector=n%3D4") with { Lines = 2 },

        // Streaming lists.
        Get(Streaming + "&allowWatchBookmarks=true") with { Lines = 5 },
        Get(Streaming + "&allowWatchBookmarks=true&resourceVersion={rv:list}&labelSelector=n") with { Lines = 5 },
        Get(Streaming + "&allowWatchBookmarks=true&resourceVersion=0&labelSelector=none") with { Lines = 1 },
        Get(Streaming + "&timeoutSeconds=1"),
        Get(Streaming + "&resourceVersion=99999999&allowWatchBookmarks=true&timeoutSeconds=9"),
        Get(Streaming + "&allowWatchBookmarks=true") with { Name = "stream", Opens = true },
        Read("stream", 5),
        Post(Slices, Slice("y")),
        Read("stream", 1),
        Get(Watch + "&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&timeoutSeconds=1"),
        Get(Watch + "&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&timeoutSeconds=1&resourceVersion={rv:list}"),
        Get(Watch + "&sendInitialEvents=true"),
        Get(Watch + "&sendInitialEvents=false"),
        Get(Watch + "&sendInitialEvents=abc"),
        Get(Watch + "&sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=1"),
        Get(Watch + "&resourceVersionMatch=NotOlderThan&resourceVersion=1"),

        // A bookmark two seconds before the end.
        Get(Watch + "&resourceVersion={rv:list}&labelSelector=none&allowWatchBookmarks=true&timeoutSeconds=6")
            with { Name = "marks", Opens = true },
        Post(Slices, Slice("z")),
        Read("marks", 1),

        // Without a change there is no bookmark.
        Get(Watch + "&resourceVersion={rv:list}&labelSelector=none&allowWatchBookmarks=true&timeoutSeconds=4"),

        Get(Watch + "&resourceVersion=99999999&timeoutSeconds=1"),
        Get(Watch + "&resourceVersion=abc"),
        Get(Watch + "&continue=abc"),
        Get(Watch + "&fieldSelector=foo%3D1"),
        Get(Watch + "&labelSelector=,"),
        Get(Watch + "&timeoutSeconds=abc"),
        Get(Watch + "&timeoutSeconds=1&labelSelector=n") with { Accept = Table },
        Get(Watch + "&resourceVersion=0&allowWatchBookmarks=true&labelSelector=n%3D4") with { Accept = Table, Lines = 2 },
        Get(Watch + "&timeoutSeconds=1&labelSelector=n%3D4") with { Accept = "application/json;stream=watch" },
        Get(Watch + "&timeoutSeconds=1") with { Accept = "text/html", AnyMessage = true },
        Get(Core + "endpoints?watch=true&timeoutSeconds=1"),

        // An object with finalizers is modified first and deleted later.
        Post(Slices, Slice("kept", "", ", \"finalizers\": [\"example.com/x\"]")) with { Name = "kept" },
        Delete(Slices + "/kept"),
        Patch("merge", Slices + "/kept", """{"metadata":{"finalizers":null}}"""),
        Get(Watch + "&resourceVersion={rv:kept}") with { Lines = 2 },
    ];
}
