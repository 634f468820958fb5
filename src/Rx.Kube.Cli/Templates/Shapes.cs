namespace Rx.Kube.Cli.Templates;

/// <summary>Holds the fields of the JSON of each command. A test compares them with what the commands print.</summary>
internal static class Shapes
{
    private const string State = "service version freshness presence cause retryInMs";

    private static readonly (string, Shape) _endpoints = ("endpoints", Shape.ListOf(
        "member ready serving terminating held zone node hostname pod uid slice",
        ("addresses", Shape.Values), ("ports", Shape.ListOf("name port protocol"))));

    private static readonly (string, Shape) _pod = ("pod", Shape.Of("name phase ready node"));

    private static readonly Shape _gains = Shape.Of("share", ("ranges", Shape.ListOf("first last length")));

    /// <summary>Gets the fields of <c>watch</c> and <c>record</c>.</summary>
    public static Shape Watch { get; } = Shape.Of(
        State, _endpoints, ("added", Shape.Values), ("removed", Shape.Values), ("updated", Shape.Values));

    /// <summary>Gets the fields of <c>ring</c>.</summary>
    public static Shape Ring { get; } = Shape.Of(
        State + " fingerprint algorithm moved ideal needless",
        ("members", Shape.ListOf("member share ideal zone")),
        ("moves", Shape.ListOf("first last length from to rank")),
        ("self", Shape.Of("member", ("gained", _gains), ("lost", _gains))));

    /// <summary>Gets the fields of <c>explain</c>.</summary>
    public static Shape Explain { get; } = Shape.Of(
        State + " fingerprint algorithm key hash token owner ownerIfItLeft holdSeconds missing",
        ("range", Shape.Of("first last length")),
        ("replicas", Shape.ListOf(
            "rank member zone ready serving terminating why", ("addresses", Shape.Values), ("passedOver", Shape.Values))));

    /// <summary>Gets the fields of <c>wait</c>.</summary>
    public static Shape Wait { get; } = Shape.Of(
        "met fingerprint " + State, _endpoints, ("conditions", Shape.ListOf("condition met")));

    /// <summary>Gets the fields of <c>tree</c>: those of the tree, and those of a change.</summary>
    public static Shape Tree { get; } = Shape.Of(
        State + " type clusterIP selector time change member why",
        ("slices", Shape.ListOf("slice", ("endpoints", Shape.ListOf(
            "member traffic why ready serving terminating", ("addresses", Shape.Values), _pod,
            ("node", Shape.Of("name zone ready cordoned")))))),
        ("unlisted", Shape.ListOf("name phase ready node why")),
        ("missingPermissions", Shape.Values));

    /// <summary>Gets the fields of <c>doctor</c>.</summary>
    public static Shape Doctor { get; } = Shape.Of("ok summary fix service", ("checks", Shape.ListOf(
        "id state text fix manifest version notAfter user skewSeconds latencyMs served seconds slices endpoints ready",
        ("details", Shape.Values), ("warnings", Shape.Values))));

    /// <summary>Gets the fields of <c>agree</c>.</summary>
    public static Shape Agree { get; } = Shape.Of(
        "agreed",
        ("services", Shape.ListOf("service version", ("processes", Shape.ListOf(
            "url state text version freshness ageSeconds behindSeconds fingerprint",
            ("lacks", Shape.Values), ("extra", Shape.Values), ("differing", Shape.Values))))),
        ("silent", Shape.ListOf("url error")));

    /// <summary>Gets the fields of <c>replay --diff</c>.</summary>
    public static Shape Diff { get; } = Shape.Of(
        "equal moved ideal needless",
        ("before", Shape.Of("file fingerprint members " + State)), ("after", Shape.Of("file fingerprint members " + State)),
        ("joined", Shape.Values), ("left", Shape.Values));
}
