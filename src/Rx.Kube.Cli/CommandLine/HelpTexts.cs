namespace Rx.Kube.Cli.CommandLine;

/// <summary>What the help says after the options.</summary>
internal static class HelpTexts
{
    private const string ExitCodes = """

        Exit codes:
          0  stopped by the user (Ctrl+C, SIGTERM, nobody reads the output any more), or all is printed
          2  wrong usage
          3  the cluster cannot be used; standard error says why and what to do
          1  anything else
        """;

    private const string Plugin = """

        Put on the PATH under the name kubectl-rxkube it is a kubectl plugin: kubectl rxkube watch cache
        It needs the right to list and watch endpointslices.discovery.k8s.io, and nothing else.
        """;

    private const string Watch = """

        The table:
          ● ready   ◐ terminating, still serving   ◌ stopped: terminating, no longer serving   ○ not ready
          + - ~ at the left: added, removed, updated within the last 5 seconds. CHANGED: how long ago; >5m: not since the start,
          5 minutes ago. A dimmed table is stale: the line above it says why, and when the next attempt is.
        """;

    private const string Ring = """

        A key is owned by the member whose token is the first at or after the key's hash. Every process with the same fingerprint
        agrees about all keys. Health is no part of the ring: an unready member keeps its keys.
        SHARE: of all keys; IDEAL: what it would be if keys spread evenly, at the mark in the bar; peak: the largest SHARE ÷ IDEAL.
        moved: the share of all replicas of all keys that have to be copied; ideal: the least any algorithm could have moved.
        json: the moves of the first line are the whole ring; those of a later line are exactly what is different since the line before.
        """;

    private const string Explain = """

        A key's hash is the XXH64 of its UTF-8. Replicas follow on the ring, but no zone gets its second before each has its first.
        """;

    private const string Simulate = """

        MOVED: copies of keys that another member has now; IDEAL: the least any algorithm could have moved; RATIO: MOVED ÷ IDEAL.
        NEEDLESS: moved from a member that stayed to another that stayed. PEAK: keys of the fullest member ÷ its share, at its worst.
        LOOKUP: time to find an owner; CHANGE: time for a member to join or leave; BYTES: memory per member. Measured now, here.
        """;

    /// <summary>The text for a command.</summary>
    /// <param name="command">The command's name.</param>
    /// <returns>The text.</returns>
    public static string For(string command) => command switch
    {
        "watch" => Watch + "\n" + ExitCodes + Examples(
            ("watch cache --demo", "see what it looks like, without a cluster"),
            ("watch cache -n prod", "a live table of the endpoints of the Service cache"),
            ("watch cache -n prod -o json | jq -c .", "one line of JSON per snapshot"),
            ("watch cache --once --timeout 5s", "the state of now, for scripts")) + Plugin,
        "ring" => Ring + "\n" + ExitCodes + Examples(
            ("ring cache --demo", "see what it looks like, without a cluster"),
            ("ring cache -n prod --replicas 3", "who owns how much, and what every change moves"),
            ("ring cache --self cache-0 -o text", "what cache-0 gains and loses"),
            ("ring cache -o json | jq '.moved'", "one line of JSON per ring")) + Plugin,
        "explain" => Explain + "\n" + ExitCodes + Examples(
            ("explain cache user:42 --demo", "see what it looks like, without a cluster"),
            ("explain cache user:42 --replicas 3", "who has the key, and why"),
            ("explain cache user:42 -o json | jq .owner", "the owner, for scripts")) + Plugin,
        "simulate" => Simulate + "\n" + ExitCodes + Examples(
            ("simulate --members 20 --steps 50", "what 50 joins and leaves move"),
            ("simulate --script 'leave cache-3; join x'", "what these steps move, each"),
            ("simulate --no-cost -o json", "the same output every time")),
        _ => ExitCodes + Examples(
            ("watch cache --demo", "see what it looks like, without a cluster"),
            ("watch cache -n prod", "the endpoints of the Service cache, live"),
            ("ring cache -n prod", "who owns how much of the keys, and what every change moves"),
            ("explain cache user:42 -n prod", "who has the key, and why"),
            ("simulate --members 20", "what joins and leaves move, without a cluster")) + Plugin,
    };

    private static string Examples(params (string Command, string What)[] examples) =>
        "\n\nExamples:\n" + string.Concat(examples.Select(e => $"  {"rxkube " + e.Command,-48} {e.What}\n"));
}
