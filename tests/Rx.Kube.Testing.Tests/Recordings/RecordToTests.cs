using System.IO.Compression;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using System.Text.Json.Nodes;
using Rx.Kube.Models;

namespace Rx.Kube.Testing.Tests.Recordings;

public sealed class RecordToTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 11, 27, 3, 4, 5, TimeSpan.Zero);
    private static readonly EndpointSlice _slice = Slice.Of("cache-abc", service: "cache", version: 17).With("cache-0", "10.0.0.1");
    private readonly string _folder = Directory.CreateTempSubdirectory("rxkube-recordings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_event_is_written_and_flushed_before_it_is_passed_on()
    {
        var clock = new VirtualClock(_start);
        var file = Path.Combine(_folder, "a.rxk.ndjson");
        var lines = new List<int>();
        using var recording = clock.Cold("l 999ms m 1s b", Events).RecordTo(file, scheduler: clock)
            .Subscribe(_ => lines.Add(Lines(file).Length));
        clock.Start();
        Assert.Equal([2, 3, 4], lines);
    }

    [Fact]
    public void A_disposed_recording_says_that_it_ended_and_that_the_stream_did_not()
    {
        var clock = new VirtualClock(_start);
        var file = Path.Combine(_folder, "a.rxk.ndjson");
        var recording = clock.Cold("l", Events).RecordTo(file, scheduler: clock).Subscribe();
        clock.AdvanceBy(TimeSpan.FromSeconds(5).Ticks);
        recording.Dispose();
        Assert.Equal("""{"at":5,"type":"END"}""", Lines(file)[^1]);

        var again = new VirtualClock();
        again.Expect(Recording.Open(file).ToObservable<EndpointSlice>(again), "^ 10s !").ToBe("l", Events);
    }

    [Theory]
    [InlineData("l 4s |", "CLOSED")]
    [InlineData("l 4s #gone", "ERROR")]
    [InlineData("l 4s #unreachable", "FAILED")]
    public void The_end_of_the_stream_is_recorded_and_played(string stream, string line)
    {
        var clock = new VirtualClock(_start);
        var bytes = new MemoryStream();
        clock.Cold(stream, Events, MarbleErrors.Kubernetes).RecordTo(() => bytes, scheduler: clock).Subscribe(_ => { }, _ => { });
        clock.Start();
        var text = Encoding.UTF8.GetString(bytes.ToArray());
        Assert.Equal(line, (string?)JsonNode.Parse(text.Split('\n')[2])!["type"]);

        var recording = Recording.Parse(text);
        Assert.Empty(recording.Warnings);
        var (_, end) = recording.Events<EndpointSlice>().Last();
        Assert.Equal(4001, recording.Events<EndpointSlice>().Last().Frame);
        Assert.Equal(
            line switch { "CLOSED" => null, "ERROR" => typeof(KubeStatusException), _ => typeof(KubeTransportException) },
            end.Exception?.GetType());
        Assert.True(end.Exception is not KubeStatusException status || status.IsGone);
    }

    [Fact]
    public void A_file_that_exists_is_an_error_unless_it_may_be_replaced()
    {
        var file = Path.Combine(_folder, "a.rxk.ndjson");
        File.WriteAllText(file, "evidence");
        Exception? error = null;
        Observable.Never<WatchEvent<EndpointSlice>>().RecordTo(file).Subscribe(_ => { }, e => error = e);
        Assert.IsType<IOException>(error);
        Assert.Equal("evidence", File.ReadAllText(file));

        using (Observable.Never<WatchEvent<EndpointSlice>>().RecordTo(file, new() { Overwrite = true }).Subscribe())
        {
            Assert.Single(Lines(file));
        }
    }

    [Fact]
    public void A_name_that_ends_with_gz_is_compressed_and_each_line_can_be_read_at_once()
    {
        var clock = new VirtualClock(_start);
        var file = Path.Combine(_folder, "a.rxk.ndjson.gz");
        using var recording = clock.Cold("l 999ms m", Events).RecordTo(file, scheduler: clock).Subscribe();
        clock.Start();
        var torn = Recording.Open(file); // the compressed data has no end yet
        Assert.Equal(2, torn.Events<EndpointSlice>().Count());
        recording.Dispose();
        using var expanded = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        Assert.StartsWith("{\"format\":\"rxkube-recording\"", new StreamReader(expanded).ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), Recording.Open(file).Duration);
    }

    [Fact]
    public void Marks_are_recorded_when_they_come()
    {
        var clock = new VirtualClock(_start);
        var bytes = new MemoryStream();
        using (clock.Cold("l 2s m", Events).RecordTo(
            () => bytes, new() { Marks = clock.Cold("1500ms x", _ => "rollout \u001b[31mstarted") }, clock).Subscribe())
        {
            clock.Start();
        }

        Assert.DoesNotContain((byte)'\u001b', bytes.ToArray());
        Assert.Equal(
            [new Timed<string>(TimeSpan.FromMilliseconds(1500).Ticks, "rollout \u001b[31mstarted")],
            Recording.Read(new MemoryStream(bytes.ToArray())).Marks);
    }

    [Fact]
    public void A_long_list_is_recorded_in_pages_and_is_one_list()
    {
        var slices = Enumerable.Range(0, 30).Select(i => Enumerable.Range(0, 400).Aggregate(
            Slice.Of($"cache-{i}", "cache", version: i + 1),
            (slice, pod) => slice.With($"cache-{i}-{pod}", $"10.{i}.{pod / 250}.{pod % 250}")));
        var listed = WatchEvents.Listed("99", slices.ToArray());
        var bytes = new MemoryStream();
        Observable.Return(listed).RecordTo(() => bytes).Subscribe();
        var text = Encoding.UTF8.GetString(bytes.ToArray());
        Assert.InRange(text.Split('\n').Count(line => line.Contains("\"LIST\"", StringComparison.Ordinal)), 2, 20);
        Assert.Equal(listed, Recording.Parse(text).Events<EndpointSlice>().First().Value.Value);
    }

    [Fact]
    public void What_could_be_a_secret_is_left_out_and_what_a_decoder_needs_stays()
    {
        var json = """
            {"kind":"EndpointSlice","metadata":{"name":"a","namespace":"prod","resourceVersion":"7","uid":"u",
            "labels":{"kubernetes.io/service-name":"cache","x":"hunter2-is-a-credential"},
            "managedFields":[{"manager":"me"}],
            "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"2026-11-27T03:04:05Z","note":"secret plan"}},
            "addressType":"IPv4","apiToken":"abc","auth":{"password":["p","q"]},"env":[{"name":"A","value":"B"}],
            "endpoints":[{"addresses":["10.0.0.1"]}]}
            """;
        var raw = RawObject.KindOf(ResourceKinds.EndpointSlices).Decode(Encoding.UTF8.GetBytes(json.ReplaceLineEndings("")));
        var bytes = new MemoryStream();
        Observable.Return(WatchEvents.Added(raw, "7")).RecordTo(() => bytes, new()
        {
            Redact = text => text.Replace("hunter2-is-a-credential", "***", StringComparison.Ordinal),
        }).Subscribe();
        var text = Encoding.UTF8.GetString(bytes.ToArray());
        Assert.All(
            ["managedFields", "secret plan", "hunter2", "abc", "\"p\"", "\"B\""],
            secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.Contains("\"apiToken\":\"***\"", text, StringComparison.Ordinal);

        var slice = Recording.Parse(text).Events(ResourceKinds.EndpointSlices).First().Value.Value;
        var expected = ResourceKinds.EndpointSlices.Decode(raw.Json.Span);
        var added = Assert.IsType<WatchEvent<EndpointSlice>.Added>(slice);
        Assert.Equal(expected.Endpoints, added.Object.Endpoints);
        Assert.Equal(expected.Metadata.LastChangeTriggerTime, added.Object.Metadata.LastChangeTriggerTime);
    }

    [Fact]
    public void Pseudonyms_are_distinct_consistent_and_of_the_same_family()
    {
        var slice = Slice.Of("cache-abc", "cache", 3, "prod", port: 80)
            .With("cache-0", "10.1.2.3", hostname: "cache-0", node: "node-x", zone: "eu-1")
            .With("cache-1", "fd00::1", node: "node-y", zone: "eu-2").With("cache-2", "FD00:0::1", node: "node-x")
            .With("cache-3", "db.example.com");
        var bytes = new MemoryStream();
        new[] { WatchEvents.Listed("3", slice), slice.At(4).Without("cache-0").Modified() }.ToObservable()
            .RecordTo(() => bytes, new() { Anonymize = true }).Subscribe();
        var recording = Recording.Read(new MemoryStream(bytes.ToArray()));
        var listed = Assert.IsType<WatchEvent<EndpointSlice>.Listed>(recording.Events<EndpointSlice>().First().Value.Value).Items[0];
        var modified = Assert.IsType<WatchEvent<EndpointSlice>.Modified>(recording.Events<EndpointSlice>().ElementAt(1).Value.Value).Object;
        Assert.Equal(
            ["pod-1 10.0.0.1 node-1 zone-1", "pod-2 2001:db8::1 node-2 zone-2", "pod-3 2001:db8::1 node-1 ", "pod-4 host-1.example  "],
            listed.Endpoints.Select(e => $"{e.TargetRef!.Name} {e.Addresses[0]} {e.NodeName} {e.Zone}"));
        Assert.Equal("pod-1", listed.Endpoints[0].Hostname);
        Assert.Equal(listed.Endpoints.Skip(1), modified.Endpoints);
        Assert.Equal(4, listed.Endpoints.Select(e => e.TargetRef!.Uid).Distinct().Count());
        Assert.Equal((80, "service-1"), (listed.Ports[0].Port!.Value, listed.ServiceName));
    }

    [Fact]
    public void An_application_that_stops_reading_is_not_kept_by_its_recording()
    {
        var events = new Subject<WatchEvent<EndpointSlice>>();
        var bytes = new MemoryStream();
        var recording = events.RecordTo(() => bytes).Subscribe();
        events.OnNext(WatchEvents.Listed("17", _slice));
        recording.Dispose();
        Assert.False(events.HasObservers);
        Assert.False(bytes.CanWrite);
    }

    private static Dictionary<char, WatchEvent<EndpointSlice>> Events => new()
    {
        ['l'] = WatchEvents.Listed("17", _slice),
        ['m'] = _slice.At(18).With("cache-1", "10.0.0.2").Modified(),
        ['b'] = WatchEvents.Bookmark<EndpointSlice>("20"),
    };

    private static string[] Lines(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new StreamReader(stream).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
