namespace Rx.Kube.Cli.CommandLine;

/// <summary>Holds the help text that follows the list of options.</summary>
internal static class HelpTexts
{
    private const string ExitCodes = """

        Exit codes:
          0  stopped by the user (Ctrl+C, SIGTERM, q in a live table, a closed output pipe), or everything is printed
          2  wrong usage
          3  the cluster cannot be used; standard error has the reason and the fix
          1  anything else, for example a full disk
        """;

    private const string Plugin = """

        An executable named kubectl-rxkube on the PATH is a kubectl plugin: kubectl rxkube watch cache
        The only permission needed is to list and watch endpointslices.discovery.k8s.io.
        """;

    private const string Watch = """

        The table:
          ● ready   ◐ terminating, still serving   ◌ stopped: terminating, no longer serving   ○ not ready
          + - ~ at the left: added, removed, updated within the last 5 seconds. CHANGED: time since the last change; >5m: no change
          since the start, 5 minutes ago. held: left, and keeps its place (--hold).
          A dimmed table is stale: the line above it shows the cause and the next attempt.
        """;

    private const string Keys = """

        Keys in a live table:
          arrows or j k, PageUp PageDown or b space, Home End or g G   scroll
          /REGEX   show only the rows that match, in any case; /!REGEX: that do not. Enter keeps the filter; Esc leaves the prompt
                   without a change, and removes the filter after it.
          q        stop. The last state stays on the terminal.
        """;

    private const string Ring = """

        The owner of a key is the member whose token is the first at or after the key's hash. Equal fingerprints mean equal
        placement of all keys, in every process. Readiness does not affect the ring: an unready member keeps its keys.
        SHARE: share of all keys; IDEAL: the share under an even spread, marked in the bar; peak: the largest SHARE ÷ IDEAL.
        moved: share of all replicas of all keys that must be copied; ideal: the minimum that any algorithm must move.
        json: the moves of the first line describe the whole ring; the moves of each later line are the difference from the line before.
        """;

    private const string Explain = """

        The hash of a key is the XXH64 of its UTF-8 bytes. Replicas follow the owner on the ring; a zone gets a second replica
        only after every zone has one.
        """;

    private const string Simulate = """

        MOVED: copies of keys that changed member; IDEAL: the minimum that any algorithm must move; RATIO: MOVED ÷ IDEAL.
        NEEDLESS: copies moved between two members that both stayed. PEAK: keys of the fullest member ÷ its fair share, the maximum.
        LOOKUP: time to find an owner; CHANGE: time to add or remove a member; BYTES: memory per member. Measured on this machine.
        """;

    private const string Doctor = """

        The first line is what to repair first. Then the checklist:
          ✓ well   ! works, but not as it should   ✗ does not work   - not known, and nothing suffers from that
        Asked are: the configuration and where it was looked for, the server and its version, TLS and its dates, who the user is
        there, the permissions, both clocks, latency, protobuf, Warning headers, a list, whether the events of a watch arrive at once,
        streaming lists, bookmarks, how long a watch stays open (--for), and of the Service: its slices, endpoints and ports.

        Exit codes:
          0  all is well
          1  there is something to repair (! or ✗)
          2  wrong usage
          3  nothing can be asked: no configuration, no server, a certificate that is not trusted, or credentials that are refused
        """;

    private const string Rbac = """

        Nothing is sent. What is printed is the least: list and watch of endpointslices; with tree or --pods and --nodes also of those.
        Nodes have no namespace, so they need a ClusterRole.

        Exit codes:
          0  everything is printed
          2  wrong usage
        """;

    private const string Wait = """

        A condition counts when the connection is live. ready and routable count members; gone=NAME is also met when there never was
        such a member; ring=FINGERPRINT is that of rxkube ring.

        Exit codes:
          0  all conditions are met
          1  the time is over, with the last state on standard error, or the user stopped the tool
          2  wrong usage
          3  the cluster cannot be used; standard error has the reason and the fix
        """;

    private const string Tree = """

        Why a member left is found by joining: its pod was deleted, evicted, preempted or has failed, its node is gone or not ready, its
        readiness probe fails, or its labels do not match any more. Without the permission to list and watch services, pods or nodes,
        the tree has gaps and says so: rxkube rbac tree prints the permissions.
        """;

    private const string Agree = """

        A process that maps MapKubeTopology tells version, freshness, endpoints and ring of each of its Services. Each is compared with
        the API server's state: x means behind, or another belief, with what differs; ! means the same belief, but stale. A process
        that differs is asked again for --settle, because a change may be on its way. The rings of processes must have the same layout
        and the same number of replicas.

        Exit codes:
          0  all processes agree
          1  a process is behind, disagrees, or does not tell
          2  wrong usage
          3  the API server cannot be asked; the processes are compared with the newest of them
        """;

    private const string Record = """

        Left out: managedFields, annotations that no endpoint needs, fields that could be secrets, the credentials of the connection.
        --anonymize replaces names and addresses too: the ring of such a recording has the same shares, and places keys differently.
        On a terminal, m sets a mark. A gap in the connection is part of the recording; each line is written at once.
        """;

    private const string Replay = """

        The times are the recorded ones. Marks are printed to standard error, unless the table is live.
        --diff compares the last rings, and exits with 0 if they are equal, with 1 if they differ, and with 2 if a recording cannot be read.
        """;

    private const string Completion = """

        The script asks rxkube, which must be on the PATH, for each word. Install it for every session:
          bash        echo 'source <(rxkube completion bash)' >> ~/.bashrc
          zsh         echo 'source <(rxkube completion zsh)' >> ~/.zshrc     (after: autoload -U compinit; compinit)
          fish        rxkube completion fish > ~/.config/fish/completions/rxkube.fish
          powershell  Add-Content $PROFILE 'rxkube completion powershell | Out-String | Invoke-Expression'

        Exit codes:
          0  the script is printed
          2  wrong usage
        """;

    /// <summary>Gets the text for a command.</summary>
    /// <param name="command">The command's name.</param>
    /// <returns>The text.</returns>
    public static string For(string command) => command switch
    {
        "watch" => Watch + "\n" + Keys + "\n" + ExitCodes + Examples(
            ("watch cache --demo", "try it without a cluster"),
            ("watch cache -n prod", "a live table of the endpoints of the Service cache"),
            ("watch cache -n prod -o json | jq -c .", "one line of JSON per snapshot"),
            ("watch cache --once --timeout 5s", "the current state, for scripts")) + Plugin,
        "ring" => Ring + "\n" + Keys + "\n" + ExitCodes + Examples(
            ("ring cache --demo", "try it without a cluster"),
            ("ring cache -n prod --replicas 3", "the share of each member, and what each change moves"),
            ("ring cache --self cache-0 -o text", "what cache-0 gains and loses"),
            ("ring cache -n prod --web", "a live page: who owns a key, and what just moved"),
            ("ring cache -o json | jq '.moved'", "one line of JSON per ring")) + Plugin,
        "explain" => Explain + "\n" + ExitCodes + Examples(
            ("explain cache user:42 --demo", "try it without a cluster"),
            ("explain cache user:42 --replicas 3", "who owns the key, its replicas, and why"),
            ("explain cache user:42 -o json | jq .owner", "the owner, for scripts")) + Plugin,
        "simulate" => Simulate + "\n" + ExitCodes + Examples(
            ("simulate --members 20 --steps 50", "how many keys 50 joins and leaves move"),
            ("simulate --script 'leave cache-3; join x'", "how many keys each of these steps moves"),
            ("simulate --no-cost -o json", "reproducible output, without measured times")),
        "doctor" => Doctor + Examples(
            ("doctor", "the way to the API server"),
            ("doctor cache -n prod", "and the Service cache"),
            ("doctor cache --for 90s", "and whether a load balancer cuts long requests"),
            ("doctor cache -o json | jq -r .summary", "what to repair first, for scripts")),
        "rbac" => Rbac + Examples(
            ("rbac --serviceaccount cache -n prod", "what an application needs to watch EndpointSlices"),
            ("rbac tree --user jane -n prod", "what jane needs for rxkube tree"),
            ("rbac -A --group dev | kubectl apply -f -", "list and watch in all namespaces, granted at once")),
        "wait" => Wait + Examples(
            ("wait cache --for ready=5 --timeout 2m", "after a deployment"),
            ("wait cache --for 'ready>=3' --for gone=cache-4", "both conditions together"),
            ("wait cache --for ring=4bebc21bc9c37729", "until the ring is that of another process")),
        "tree" => Tree + "\n" + ExitCodes + Examples(
            ("tree cache --demo", "try it without a cluster"),
            ("tree cache -n prod", "slices, endpoints, pods and nodes, and why no traffic"),
            ("tree cache -w", "and then who joins and leaves, and why")),
        "agree" => Agree + Examples(
            ("agree 10.0.0.1:8080 10.0.0.2:8080", "http://10.0.0.1:8080/rxkube and so on"),
            ("agree https://cache-0.cache/rxkube/cache", "one topology of a process"),
            ("agree cache-0:8080 -o json | jq .agreed", "for scripts")),
        "record" => Record + "\n" + ExitCodes + Examples(
            ("record cache -f FILE --demo --for 60s", "try it without a cluster"),
            ("record cache -n prod -f cache.rxk.ndjson", "record until Ctrl+C"),
            ("record cache -f FILE.gz --anonymize", "a compressed file to send to others")) + Plugin,
        "replay" => Replay + "\n" + ExitCodes + Examples(
            ("replay FILE --speed 10", "the live table, ten times as fast"),
            ("replay FILE --view ring -o text", "what each change moved"),
            ("replay FILE --from 10m --once -o json", "the state after ten minutes"),
            ("replay FILE --view tree", "the tree, then who joined and who left"),
            ("replay FILE --step", "one change at each press of the space bar"),
            ("replay --diff BEFORE AFTER", "whether two recordings end with the same ring")),
        "completion" => Completion + Examples(
            ("completion bash", "print the script"),
            ("completion fish | source", "in this session of fish")),
        _ => ExitCodes + Examples(
            ("watch cache --demo", "try it without a cluster"),
            ("watch cache -n prod", "the endpoints of the Service cache, live"),
            ("ring cache -n prod", "the share of keys of each member, and what each change moves"),
            ("explain cache user:42 -n prod", "who owns the key, and why"),
            ("simulate --members 20", "how many keys joins and leaves move, without a cluster"),
            ("doctor cache -n prod", "what is wrong, and how to fix it"),
            ("rbac --serviceaccount cache", "the least Role of an application"),
            ("wait cache --for ready=5", "for scripts"),
            ("tree cache -n prod", "why each endpoint gets traffic or not"),
            ("agree 10.0.0.1:8080 10.0.0.2:8080", "whether processes believe the same"),
            ("record cache -n prod -f cache.rxk.ndjson", "record what happens"),
            ("replay cache.rxk.ndjson --speed 10", "show it again"),
            ("completion bash", "complete commands and options in a shell")) + Plugin,
    };

    private static string Examples(params (string Command, string What)[] examples) =>
        "\n\nExamples:\n" + string.Concat(examples.Select(e => $"  {"rxkube " + e.Command,-48} {e.What}\n"));
}
