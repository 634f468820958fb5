using System.Globalization;
using System.Text;
using Rx.Kube.Models;
using Rx.Kube.Tests.Checker.ModelServer;

namespace Rx.Kube.Tests.Checker;

/// <summary>How a request ended.</summary>
internal enum Ending
{
    /// <summary>It is still open.</summary>
    None,

    /// <summary>The answer is complete.</summary>
    Clean,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>The client ended it.</summary>
    Client,
}

/// <summary>A line, or a list, that reached a client as a whole.</summary>
internal readonly record struct Delivered(long At, string Type, string Version);

/// <summary>A request as the wire saw it. Times are milliseconds.</summary>
internal sealed class WireRequest
{
    public required int Client { get; init; }

    public required long Start { get; init; }

    public required string Path { get; init; }

    public required bool IsWatch { get; init; }

    public required string? Version { get; init; }

    public required string? Match { get; init; }

    public required string? Continue { get; init; }

    public required string? Limit { get; init; }

    public required bool Initial { get; init; }

    public required bool AllowsBookmarks { get; init; }

    /// <summary>Whether the answer is in protobuf.</summary>
    public required bool AcceptsProtobuf { get; init; }

    public required int? Timeout { get; init; }

    public required string? Token { get; init; }

    /// <summary>Whether a watch of the same client was open when it was sent: an audit.</summary>
    public required bool IsBeside { get; init; }

    /// <summary>The status; 0 without an answer.</summary>
    public int Status { get; set; }

    /// <summary>When the headers arrived.</summary>
    public long? Opened { get; set; }

    public long? End { get; set; }

    public Ending Ending { get; set; }

    /// <summary>Until when the server asked for silence.</summary>
    public long? NotBefore { get; set; }

    /// <summary>What arrived as a whole.</summary>
    public List<Delivered> Lines { get; } = [];

    /// <summary>When the connection was dead although it looked open: from, to.</summary>
    public List<(long From, long To)> Dead { get; } = [];

    /// <summary>The expiry that was told: by status or by event.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether a list failed because its version is not reached yet.</summary>
    public bool IsTooLarge { get; set; }

    /// <summary>The version of a list, and the token of its next page.</summary>
    public string? ListVersion { get; set; }

    public string Next { get; set; } = "";

    public bool IsOpen => Opened is not null && Status == 200;

    public string Short => (IsWatch ? Initial ? "stream" : "watch" : Continue is null ? "list" : "page")
        + " " + (Continue ?? Version ?? "-");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"#{Client} {Short} at {Start}: {Status}{(Opened is { } o ? $" open {o}" : "")}")
        + string.Create(CultureInfo.InvariantCulture, $" {Ending} {End} [{string.Join(' ', Lines.Select(l => $"{l.Type}@{l.Version}"))}]");
}

/// <summary>A snapshot that a subscriber received.</summary>
internal readonly record struct SeenSnapshot(long At, ClusterTopology Snapshot, ulong Hash, int AfterEvents);

/// <summary>What happened to one client.</summary>
internal sealed class ClientTrace(int index)
{
    public int Index => index;

    public List<(long At, WatchEvent<EndpointSlice> Event)> Events { get; } = [];

    public List<SeenSnapshot> Snapshots { get; } = [];

    /// <summary>The requests, one after another.</summary>
    public List<WireRequest> Requests { get; } = [];

    /// <summary>The requests beside an open watch: audits.</summary>
    public List<WireRequest> Audits { get; } = [];

    public (long At, Exception? Error)? Terminal { get; set; }

    /// <summary>When the subscription was disposed or its subscriber threw.</summary>
    public long? Over { get; set; }

    /// <summary>What was heard after the end.</summary>
    public List<string> AfterTheEnd { get; } = [];

    public bool ConnectionDisposed { get; set; }
}

/// <summary>Everything that the properties look at.</summary>
internal sealed class Trace(Schedule schedule, World world)
{
    public Schedule Schedule => schedule;

    public World World => world;

    public List<ClientTrace> Clients { get; } = [];

    public HashSet<int> Threads { get; } = [];

    /// <summary>Until when the run was played, in milliseconds.</summary>
    public long Horizon { get; set; }

    /// <summary>When faults and writes ceased.</summary>
    public long Quiet { get; set; }

    /// <summary>How long nothing could run, because a subscriber or the process was busy.</summary>
    public long Slept { get; set; }

    /// <summary>Whether the clients sent more requests than any schedule needs.</summary>
    public bool IsStorm { get; set; }

    /// <summary>What went wrong in the machinery of the client, such as a timer that outlived its subscription.</summary>
    public List<string> Leaks { get; } = [];

    public int Thrown { get; set; }

    /// <summary>Everything that a subscriber and the wire saw, as text.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        foreach (var client in Clients)
        {
            foreach (var (at, e) in client.Events)
            {
                text.Append(CultureInfo.InvariantCulture, $"{at} #{client.Index} {Describe(e)}\n");
            }

            foreach (var s in client.Snapshots)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"{s.At} #{client.Index} {s.Snapshot.Freshness} {s.Snapshot.Version} {s.Hash:x}\n");
            }

            text.AppendJoin('\n', client.Requests.Concat(client.Audits)).Append('\n');
            if (client.Terminal is { } terminal)
            {
                text.Append(CultureInfo.InvariantCulture, $"{terminal.At} #{client.Index} end {terminal.Error?.Message}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The run in the order of time, for a failure.</summary>
    public string Story(int client)
    {
        var c = Clients[client];
        IEnumerable<(long At, int Order, string Text)> lines =
        [
            .. Schedule.Actions.Select(a => ((long)a.At, 0, $"          {a}")),
            .. c.Requests.Select(r => (r.Start, 1, $"  -> {r}")),
            .. c.Audits.Select(r => (r.Start, 1, $"  => {r}")),
            .. c.Events.Select(e => (e.At, 2, $"  <- {Describe(e.Event)}")),
            .. c.Snapshots.Select(s => (s.At, 3, $"     {s.Snapshot.Freshness} {s.Snapshot.Version} "
                + $"[{string.Join("; ", s.Snapshot.Services)}]")),
        ];
        const int Most = 160;
        return string.Join('\n', lines.OrderBy(l => l.At).ThenBy(l => l.Order).Take(80)
            .Select(l => $"{l.At,8} {(l.Text.Length > Most ? l.Text[..Most] + "…" : l.Text)}"));
    }

    public static string Describe(WatchEvent<EndpointSlice> e) => e switch
    {
        WatchEvent<EndpointSlice>.Listed l =>
            $"Listed {l.ResourceVersion} [{string.Join(' ', l.Items.Select(i => $"{i.Metadata.Name}@{i.Metadata.ResourceVersion}"))}]",
        WatchEvent<EndpointSlice>.Added a => $"Added {a.Object.Metadata.Name}@{a.ResourceVersion}",
        WatchEvent<EndpointSlice>.Modified m => $"Modified {m.Object.Metadata.Name}@{m.ResourceVersion}",
        WatchEvent<EndpointSlice>.Deleted d => $"Deleted {d.Object.Metadata.Name}@{d.ResourceVersion}",
        WatchEvent<EndpointSlice>.Bookmark b => $"Bookmark {b.ResourceVersion}",
        WatchEvent<EndpointSlice>.Skipped s => $"Skipped {s.Object.Name}@{s.ResourceVersion}",
        WatchEvent<EndpointSlice>.Interrupted i => $"Interrupted {i.Interruption.Kind} +{i.Interruption.RetryAfter.TotalMilliseconds:0}",
        _ => e.GetType().Name,
    };
}

/// <summary>A property that does not hold.</summary>
/// <param name="Property">The name of the property.</param>
/// <param name="Client">The client.</param>
/// <param name="At">When, in milliseconds.</param>
/// <param name="Evidence">What was seen.</param>
internal sealed record Violation(string Property, int Client, long At, string Evidence)
{
    public override string ToString() => $"{Property}: client {Client} at {At} ms: {Evidence}";
}
