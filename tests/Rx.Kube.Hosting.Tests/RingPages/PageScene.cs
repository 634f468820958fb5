using System.Buffers;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests.RingPages;

/// <summary>A page on a scripted watch, in virtual time.</summary>
internal sealed class PageScene : IDisposable
{
    private readonly Subject<WatchEvent<EndpointSlice>> _events = new();
    private int _version;

    public PageScene(int replicas = 1, TimeSpan? horizon = null, RingPageOptions? options = null)
    {
        Clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var moments = RingMoment.Of(
            _events.ToTopology(new ServiceName("prod", "cache")), s => s.ToRingView().WithReplicas(replicas), Clock);
        Page = new RingPage(new("prod/cache", "", moments, Clock) { Horizon = horizon ?? TimeSpan.FromHours(1) }, Clock, options);
    }

    public VirtualClock Clock { get; }

    public RingPage Page { get; }

    public RingPageState State => Page.Current;

    public RingView View => State.Moment!.View!;

    /// <summary>Lists the members: NAME, NAME/ZONE, or NAME! for one that is not ready.</summary>
    public void List(params string[] members) => _events.OnNext(WatchEvents.Listed($"{++_version}", SliceOf(members)));

    public void Modify(params string[] members) => _events.OnNext(WatchEvents.Modified(SliceOf(members), $"{++_version}"));

    public void Interrupt(string message = "connection refused") => _events.OnNext(new WatchEvent<EndpointSlice>.Interrupted(
        new(InterruptionKind.Unreachable, message, Clock.Now, Clock.Now, TimeSpan.FromSeconds(1))));

    public void Resume() => _events.OnNext(new WatchEvent<EndpointSlice>.Resumed());

    public void End() => _events.OnCompleted();

    public void Fail(Exception error) => _events.OnError(error);

    /// <summary>Gets a frame of the current state.</summary>
    public JsonObject Frame(long? after = null) => Frame(State, after);

    public JsonObject Frame(RingPageState state, long? after)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            RingPageJson.WriteFrame(json, Page, state, after);
        }

        return JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
    }

    /// <summary>Gets the text of an event as a stream has it.</summary>
    public string Event(long? after = null, bool isFirst = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        RingPageEndpoints.WriteEvent(buffer, Page, State, after, isFirst);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public void Dispose()
    {
        Page.Dispose();
        _events.Dispose();
    }

    private static EndpointSlice SliceOf(string[] members) => members.Aggregate(
        Slice.Of("cache-abc", service: "cache", @namespace: "prod"),
        (slice, member) => slice.With(
            member.Split('/')[0].TrimEnd('!'),
            $"10.{slice.Endpoints.Count / 62500}.{slice.Endpoints.Count / 250 % 250}.{slice.Endpoints.Count % 250}",
            ready: !member.EndsWith('!'),
            zone: member.Contains('/', StringComparison.Ordinal) ? member.Split('/')[^1].TrimEnd('!') : null));
}

/// <summary>What a reader makes of frames: what the page does, in C#.</summary>
internal sealed class FrameReader
{
    public SortedDictionary<string, string> Members { get; } = new(StringComparer.Ordinal);

    public List<long> Changes { get; } = [];

    public string? Ring { get; private set; }

    public void Apply(JsonObject frame, bool isFull)
    {
        if (isFull)
        {
            Members.Clear();
            Changes.Clear();
        }

        foreach (var name in frame["removed"]!.AsArray())
        {
            Members.Remove((string)name!);
        }

        foreach (var member in frame["members"]!.AsArray())
        {
            Members[(string)member!["member"]!] = member.ToJsonString();
        }

        Changes.AddRange(frame["changes"]!.AsArray().Select(change => (long)change!["id"]!));
        Changes.RemoveAll(id => id < (long)frame["oldest"]!);
        Ring = frame["ring"]?.ToJsonString();
    }

    public override string ToString() => $"{Ring} {string.Join(',', Members.Values)} {string.Join(',', Changes)}";
}
