using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>
/// One subscription over scripted HTTP in virtual time, with all that it heard: events, snapshots, and changes of members.
/// <see cref="Run"/> has the snapshots only, on two clocks.
/// </summary>
internal sealed class Heard
{
    /// <summary>The events with their frames: <c>0 Listed 17</c>, <c>5 Interrupted Unreachable +800</c>.</summary>
    public List<string> Events { get; } = [];

    public List<ServiceTopology> Snapshots { get; } = [];

    /// <summary>Each member that came or went, with the frame; those that were inferred are marked.</summary>
    public List<string> Changes { get; } = [];

    public required ScriptedHttp Http { get; init; }

    /// <summary>The requests, as in <see cref="Run.Requests"/>.</summary>
    public IEnumerable<string> Requests => Http.Requests.Select(r => $"{Run.Short(r)} at {r.Frame} to {r.End?.ToString() ?? "?"}");

    public static Heard Play(string until, params ScriptedResponse[] responses) => Play(until, new Script { Responses = responses });

    /// <param name="until">When the subscription is disposed.</param>
    /// <param name="script">Its answers, options and actions; the rest of it does not apply.</param>
    /// <param name="onClock">Returns the scheduler of the client on this clock; null for the clock itself.</param>
    public static Heard Play(string until, Script script, Func<VirtualClock, IScheduler>? onClock = null)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var clock = new VirtualClock(new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero));
        var scheduler = onClock?.Invoke(clock) ?? clock;
        var heard = new Heard { Http = new(clock) { Responses = script.Responses, Answer = script.Answer } };
        using var client = new HttpClient(heard.Http) { Timeout = Timeout.InfiniteTimeSpan };
        using var connection = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = scheduler });
        foreach (var (at, action) in script.At)
        {
            clock.ScheduleAbsolute(MarbleDiagram.Time(at + " |").Ticks, () => action(connection));
        }

        using (connection.EndpointSlices(service: "cache").Resume(script.Options, scheduler)
            .Do(e => heard.Events.Add($"{clock.Frame()} {Text(e)}"))
            .ToTopology()
            .Do(heard.Snapshots.Add)
            .Changes()
            .Subscribe(
                diff => heard.Changes.AddRange(Lines(diff).Select(line => $"{clock.Frame()} {line}")),
                error => heard.Events.Add($"{clock.Frame()} {error.GetType().Name}"),
                () => heard.Events.Add($"{clock.Frame()} completed")))
        {
            clock.AdvanceTo(MarbleDiagram.Time(until + " |"));
        }

        Assert.All(heard.Http.Requests, r => Assert.NotNull(r.End));
        Assert.True(clock.IsIdle, "a timer was left");
        return heard;
    }

    public Heard Saw(params string[] events)
    {
        Assert.Equal(events, Events);
        return this;
    }

    public Heard Asked(params string[] requests)
    {
        Assert.Equal(requests, Requests);
        return this;
    }

    private static IEnumerable<string> Lines(TopologyDiff diff) =>
        diff.Added.Select(c => ("+", c)).Concat(diff.Removed.Select(c => ("-", c))).Concat(diff.Updated.Select(c => ("~", c)))
            .Select(line => $"{line.Item1}{line.c.Member}{(line.c.Inferred ? " inferred" : "")}");

    private static string Text(WatchEvent<EndpointSlice> e) => e switch
    {
        WatchEvent<EndpointSlice>.Listed { Continuity: Continuity.First } l => $"Listed {l.ResourceVersion}",
        WatchEvent<EndpointSlice>.Listed l => $"Listed {l.ResourceVersion} {l.Continuity}",
        WatchEvent<EndpointSlice>.Interrupted { Interruption: var i } => $"Interrupted {i.Kind} +{i.RetryAfter.TotalMilliseconds:0}",
        WatchEvent<EndpointSlice>.Skipped { Object: var o } => $"Skipped {o.Name}",
        _ => $"{e.GetType().Name} {e.VersionReached}".TrimEnd(),
    };
}
