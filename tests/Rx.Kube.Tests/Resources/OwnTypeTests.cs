using System.Collections.Frozen;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Watching;

namespace Rx.Kube.Tests.Resources;

/// <summary>A user's own type, with a source-generated contract: metadata work, and a type that does not fit is loud.</summary>
public sealed partial class OwnTypeTests
{
    private const string Json = """
        {"kind":"Widget","apiVersion":"example.com/v1","metadata":{"name":"w-0","namespace":"prod","uid":"u1","resourceVersion":"7",
        "labels":{"app":"x"},"annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-02T03:04:05Z"},
        "deletionTimestamp":"2026-01-02T03:04:06Z","managedFields":[{"manager":"kubectl"}],
        "ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"w","uid":"u0","controller":true}]},
        "spec":{"size":3}}
        """;

    private static readonly ResourceKind<Widget> _widgets = new("example.com", "v1", "widgets", OwnJson.Default.Widget);
    private static readonly ResourceKind<Misfit> _misfits = new("example.com", "v1", "widgets", OwnJson.Default.Misfit);

    [Fact]
    public void Metadata_in_an_own_type_are_read_and_written()
    {
        var widget = _widgets.Decode(Encoding.UTF8.GetBytes(Json));

        Assert.Equal(3, widget.Spec.Size);
        Assert.Equal(
            new ObjectMeta
            {
                Name = "w-0",
                Namespace = "prod",
                Uid = "u1",
                ResourceVersion = "7",
                Labels = new Dictionary<string, string> { ["app"] = "x" }.ToFrozenDictionary(),
                LastChangeTriggerTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                DeletionTimestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero),
                Controller = new OwnerReference("StatefulSet", "w", "u0"),
            },
            widget.Metadata);
        var again = JsonSerializer.Deserialize(JsonSerializer.Serialize(widget, OwnJson.Default.Widget), OwnJson.Default.Widget)!;
        Assert.Equal(widget.Metadata, again.Metadata);
    }

    [Theory]
    [InlineData("""{"metadata":{"namespace":"prod"},"spec":{"size":1}}""")]
    [InlineData("""{"metadata":17,"spec":{"size":1}}""")]
    public void Broken_metadata_are_an_error_of_the_object(string json) =>
        Assert.Throws<JsonException>(() => _widgets.Decode(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_type_whose_json_names_do_not_match_is_an_error_of_the_object_that_says_so()
    {
        var kind = new ResourceKind<Widget>("example.com", "v1", "widgets", PascalCaseJson.Default.Widget);
        Assert.StartsWith(
            "Widget.Metadata is null. To fix: map it to the JSON property \"metadata\"",
            Assert.Throws<JsonException>(() => kind.Decode(Encoding.UTF8.GetBytes(Json))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_which_nothing_can_be_decoded_is_loud_and_never_an_empty_live_store()
    {
        var clock = new VirtualClock();
        var http = new ScriptedHttp(clock) { Answer = _ => ScriptedResponse.Of(List("17", Json)) };
        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
        var seen = new List<ResourceStore<Misfit>>();
        using var subscription = kube.Resources(_misfits).Resume(ResumeOptions.WithoutJitter with { StreamingLists = false }, clock)
            .ToStore(m => m.Metadata).Subscribe(seen.Add);
        clock.AdvanceTo(TimeSpan.FromSeconds(20));

        Assert.NotEmpty(seen);
        Assert.All(seen, s => Assert.False(s.Freshness.IsSynced));
        var cause = Assert.IsType<Freshness.Syncing>(seen[^1].Freshness).Interruption!;
        Assert.Equal(InterruptionKind.Undecodable, cause.Kind);
        Assert.Contains("the only object of the list could not be decoded; w-0: ", cause.Message, StringComparison.Ordinal);
        Assert.Contains("To fix: correct the type or the decoder of widgets.example.com", cause.Message, StringComparison.Ordinal);
        Assert.InRange(http.Requests.Count, 3, 6); // with the backoff of failures
    }

    [Fact]
    public void An_object_that_can_no_longer_be_decoded_passes_DistinctUntilChanged_once()
    {
        var events = new Subject<WatchEvent<Widget>>();
        var seen = new List<string>();
        using var subscription = events.ToStore().DistinctUntilChanged()
            .Subscribe(store => seen.Add(string.Join(",", store.Skipped.Select(s => $"{s.Name}: {s.Reason}"))));
        var widget = _widgets.Decode(Encoding.UTF8.GetBytes(Json));
        events.OnNext(WatchEvents.Listed("17", widget));
        events.OnNext(WatchEvents.Skipped<Widget>("prod", "w-0", "18", "size is text"));
        events.OnNext(WatchEvents.Skipped<Widget>("prod", "w-0", "19", "size is text"));
        events.OnNext(WatchEvents.Skipped<Widget>("prod", "w-0", "20", "size is missing"));
        events.OnNext(WatchEvents.Modified(widget, "21"));

        Assert.Equal(["", "w-0: size is text", "w-0: size is missing", ""], seen);
    }

    [Fact]
    public void After_a_good_list_one_that_cannot_be_decoded_keeps_the_last_good_state_and_says_what_it_skips()
    {
        var broken = new WatchEvent<string>.Listed([], "30") { SkippedItems = [new("", "w-0", "30", "size is text")] };
        var clock = new VirtualClock();
        var server = new ScriptedWatch<string>(clock, new Dictionary<char, WatchEvent<string>>
        {
            ['l'] = WatchEvents.Listed("17", "w-0"),
            ['b'] = broken,
        })
        {
            Lists = ["(l|)", "(b|)"],
            Connections = ["2s #gone", ""],
        };
        var seen = new List<ResourceStore<string>>();
        using var subscription = server.Resume(ResumeRun.LongWaits, clock)
            .ToStore(name => new ObjectMeta { Name = name }).Subscribe(seen.Add);
        clock.AdvanceTo(TimeSpan.FromSeconds(6));

        Assert.Equal(["live 1 0", "live 1 1"], seen.Select(s => $"{s.Freshness} {s.Count} {s.Skipped.Length}").Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_a_good_list_one_with_other_objects_of_which_none_can_be_decoded_is_loud(bool audits)
    {
        const string Broken = """{"metadata":{"name":"w-9","namespace":"prod","uid":"u9","resourceVersion":"30"},"spec":7}""";
        var clock = new VirtualClock();
        var (items, lists, watches) = (Json, 0, 0);
        var http = new ScriptedHttp(clock)
        {
            Answer = request => request.Query("watch") is null ? ScriptedResponse.Of(List($"{30 + lists++}", items))
                : watches++ == 1 ? ScriptedResponse.Of(SliceJson.Status(410, "Expired"), HttpStatusCode.Gone)
                : new ScriptedResponse(watches == 1 ? "2s |" : "5m |", new Dictionary<char, string>()),
        };
        using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
        var seen = new List<ResourceStore<Widget>>();
        var options = ResumeOptions.WithoutJitter with { StreamingLists = false, AuditInterval = audits ? TimeSpan.FromHours(1) : null };
        using var subscription = kube.Resources(_widgets).Resume(options, clock).ToStore().Subscribe(seen.Add);
        clock.AdvanceTo(TimeSpan.FromSeconds(1));
        Assert.Equal((true, "w-0"), (seen[^1].Freshness.IsLive, Assert.Single(seen[^1]).Key.Name));

        // The server no longer has w-0. Its last state stays, and the user is told why it is not current.
        items = Broken;
        clock.AdvanceTo(TimeSpan.FromSeconds(20));
        Assert.All(seen, store => Assert.Equal("w-0", Assert.Single(store).Key.Name));
        var cause = Assert.IsType<Freshness.Stale>(seen[^1].Freshness).Interruption;
        Assert.Equal(InterruptionKind.Undecodable, cause.Kind);
        Assert.Contains("the only object of the list could not be decoded; w-9: ", cause.Message, StringComparison.Ordinal);

        // One of which a state is kept, beside it, is enough.
        items = $"{Broken},{Json.Replace("\"size\":3", "\"size\":\"3\"", StringComparison.Ordinal)}";
        clock.AdvanceTo(TimeSpan.FromMinutes(1));
        Assert.True(seen[^1].Freshness.IsLive);
        Assert.Equal("w-0", Assert.Single(seen[^1]).Key.Name);
        Assert.Equal(["w-0", "w-9"], seen[^1].Skipped.Select(s => s.Name));
    }

    [Fact]
    public void A_list_with_one_object_that_can_be_decoded_is_a_list()
    {
        var run = ResumeRun.Play(["(l|)"], [""], until: 100);
        run.Saw("0 Listed 17");
    }

    private static string List(string version, string item) =>
        $$"""{"kind":"WidgetList","apiVersion":"example.com/v1","metadata":{"resourceVersion":"{{version}}"},"items":[{{item}}]}""";

    internal sealed record Widget(ObjectMeta Metadata, WidgetSpec Spec) : IResource;

    internal sealed record WidgetSpec(int Size);

    internal sealed record Misfit(ObjectMeta Metadata, string Spec) : IResource;

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Widget))]
    [JsonSerializable(typeof(Misfit))]
    private sealed partial class OwnJson : JsonSerializerContext;

    [JsonSerializable(typeof(Widget))]
    private sealed partial class PascalCaseJson : JsonSerializerContext;
}
