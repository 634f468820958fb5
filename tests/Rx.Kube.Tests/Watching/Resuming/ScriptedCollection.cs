using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching.Resuming;

/// <summary>
/// A scripted server of slices that is a collection of a connection: its objects have metadata. Keys: a to f are slices of that name at
/// version 18 to 23, added; A to F are the same, modified, at version 28 to 33; X is the deletion of a, at 34.
/// </summary>
internal sealed class ScriptedCollection(ScriptedWatch<EndpointSlice> server, bool hasMetadata = true) : IKubeCollection<EndpointSlice>
{
    public string Name => "endpointslices.discovery.k8s.io";

    public ScriptedWatch<EndpointSlice> Server { get; } = server;

    public bool StreamsLists => true;

    public Func<EndpointSlice, ObjectMeta?>? MetadataOf => hasMetadata ? s => s.Metadata : null;

    public static ScriptedCollection Of(TestClock clock, string[] lists, string[] connections, bool hasMetadata = true) => new(
        new(clock, Event, Errors()) { Lists = lists, Connections = connections }, hasMetadata);

    /// <summary>Plays a script without jitter; returns what the subscriber saw, with frames.</summary>
    public List<string> Play(TestClock clock, string until, ResumeOptions? options = null)
    {
        var log = new List<string>();
        var stream = this.Resume(options ?? ResumeOptions.WithoutJitter with { AuditInterval = null }, clock);
        using var subscription = stream.Subscribe(e => log.Add($"{clock.Frame()} {Text(e)}"), _ => log.Add($"{clock.Frame()} error"));
        clock.AdvanceTo(MarbleDiagram.Time(until + " |"));
        return log;
    }

    public IEnumerable<string> Asked => Server.Requests.Select(r => r.Watch is { SendInitialEvents: true }
        ? $"stream{(r.Version.Length > 0 ? $" not older than {r.Version}" : "")} at {r.Frame} ms"
        : r.ToString());

    public IWatchable<EndpointSlice> ForOneSubscription() => this;

    public IObservable<WatchEvent<EndpointSlice>.Listed> List(ListOptions options) => Server.List(options);

    public IObservable<WatchEvent<EndpointSlice>> Watch(WatchOptions options) => Server.Watch(options);

    private static WatchEvent<EndpointSlice> Event(char key) => key switch
    {
        'l' => WatchEvents.Listed("17", Named('a', 10), Named('b', 10)),
        'm' => WatchEvents.Listed("40", Named('c', 38)),
        'Z' => new WatchEvent<EndpointSlice>.Bookmark("25") { EndsInitialEvents = true },
        'Y' => new WatchEvent<EndpointSlice>.Bookmark("50") { EndsInitialEvents = true },
        'N' => WatchEvents.Bookmark<EndpointSlice>("45"),
        'X' => Named('a', 0).Deleted(34),
        's' => Skipped("a", "24"),
        't' => Skipped("a", "24") with { IsDeletion = true },
        >= 'a' and <= 'f' => Named(key, 18 + key - 'a').Added(),
        _ => Named(char.ToLowerInvariant(key), 28 + key - 'A').Modified(),
    };

    private static WatchEvent<EndpointSlice>.Skipped Skipped(string name, string version) =>
        new(new SkippedObject("default", name, version, "broken"), version);

    private static EndpointSlice Named(char name, long version) => Slice.Of($"{name}", service: "cache", version);

    private static string Text(WatchEvent<EndpointSlice> e) => e switch
    {
        WatchEvent<EndpointSlice>.Listed l =>
            $"listed {l.ResourceVersion}: {string.Join(' ', l.Items.Select(Text).Concat(l.SkippedItems.Select(s => $"skipped {s.Name}")))}"
            + (l.Continuity == Continuity.First ? "" : $" ({l.Continuity})"),
        WatchEvent<EndpointSlice>.Added a => $"added {Text(a.Object)}",
        WatchEvent<EndpointSlice>.Modified m => $"modified {Text(m.Object)}",
        WatchEvent<EndpointSlice>.Deleted d => $"deleted {Text(d.Object)}",
        WatchEvent<EndpointSlice>.Bookmark b => $"bookmark {b.ResourceVersion}",
        WatchEvent<EndpointSlice>.Interrupted { Interruption: var i } => $"interrupted {i.Kind} +{i.RetryAfter.TotalMilliseconds:0}",
        _ => e.GetType().Name,
    };

    private static string Text(EndpointSlice slice) => $"{slice.Metadata.Name}@{slice.Metadata.ResourceVersion}";

    private static MarbleErrors Errors()
    {
        var errors = MarbleErrors.Kubernetes;
        foreach (var code in (int[])[302, 400, 405, 406, 415, 422])
        {
            errors[$"s{code}"] = new KubeStatusException($"{code}", new KubeStatus(code, "", $"{code}", []));
        }

        return errors;
    }
}
