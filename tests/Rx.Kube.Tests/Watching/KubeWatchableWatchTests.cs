using System.Net;
using System.Reactive.Linq;
using System.Text;
using System.Text.Json;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching;

public class KubeWatchableWatchTests
{
    private static readonly ResourceKind<string> _names = new("", "v1", "pods", NameOf);

    [Fact]
    public void Events_ComeInOrder_WithTheirVersions_ThenACleanEnd()
    {
        var server = new CannedServer().Answers(
            Line("ADDED", "a", 18) + Line("MODIFIED", "a", 19) + Line("BOOKMARK", null, 25) + Line("DELETED", "a", 26), chunk: 11);

        var seen = Watch(server, new WatchOptions("17") { Timeout = TimeSpan.FromSeconds(301.9) });

        Assert.Equal(
            [
                new WatchEvent<string>.Opened(), new WatchEvent<string>.Added("a", "18"), new WatchEvent<string>.Modified("a", "19"),
                new WatchEvent<string>.Bookmark("25"), new WatchEvent<string>.Deleted("a", "26"),
            ],
            seen.Events);
        Assert.Equal("completed", seen.End);
        Assert.Equal(["/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=17&timeoutSeconds=301"], server.Requests);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("17", "&resourceVersion=17")]
    public void A_streaming_list_ends_its_initial_events_with_an_annotated_bookmark(string from, string query)
    {
        const string End = """{"metadata":{"resourceVersion":"25","annotations":{"x":{},"k8s.io/initial-events-end":"true"} } }""";
        var server = new CannedServer().Answers(
            Line("ADDED", "a", 18) + Line("ADDED", "b", 9) + $$"""{"type":"BOOKMARK","object":{{End}} }""" + "\n"
            + Line("BOOKMARK", null, 30));

        var seen = Watch(server, new WatchOptions(from) { SendInitialEvents = true, Timeout = TimeSpan.FromSeconds(300) });

        Assert.Equal(
            [
                new WatchEvent<string>.Opened(), new WatchEvent<string>.Added("a", "18"), new WatchEvent<string>.Added("b", "9"),
                new WatchEvent<string>.Bookmark("25") { EndsInitialEvents = true }, new WatchEvent<string>.Bookmark("30"),
            ],
            seen.Events);
        Assert.Equal(
            [
                "/api/v1/pods?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                + $"{query}&timeoutSeconds=300",
            ],
            server.Requests);
    }

    [Theory]
    [InlineData("\"false\"")]
    [InlineData("true")]
    [InlineData("{\"a\":\"true\"}")]
    [InlineData("null")]
    public void A_bookmark_without_the_annotations_true_ends_nothing(string value)
    {
        var server = new CannedServer().Answers(
            """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"25","annotations":""" +
            $$$"""{"k8s.io/initial-events-end":{{{value}}} } } } }""" + "\n");

        Assert.Equal(new WatchEvent<string>.Bookmark("25"), Watch(server).Events[^1]);
    }

    [Fact]
    public void The_annotation_on_an_ordinary_event_is_not_looked_for()
    {
        var server = new CannedServer().Answers(
            """{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"25","annotations":""" +
            """{"k8s.io/initial-events-end":"true"} } } }""" + "\n");

        Assert.Equal(new WatchEvent<string>.Added("a", "25"), Watch(server).Events[^1]);
    }

    [Fact]
    public void An_empty_body_is_a_clean_end() =>
        Assert.Equal("completed", Watch(new CannedServer().Answers("")).End);

    [Fact]
    public void An_error_event_is_a_typed_error()
    {
        var server = new CannedServer().Answers(
            Line("ADDED", "a", 18) +
            """{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":""" +
            """{},"status":"Failure","message":"too old resource version: 1 (5)","reason":"Expired","code":410}}""" + "\n");

        var seen = Watch(server);

        Assert.Equal(2, seen.Events.Count);
        Assert.True(Assert.IsType<KubeStatusException>(seen.Error).IsGone);
    }

    [Fact]
    public void The_message_of_an_error_event_has_no_control_characters()
    {
        var seen = Watch(new CannedServer().Answers(
            """{"type":"ERROR","object":{"kind":"Status","code":500,"reason":"x\u001b[2J","message":"\u009b2J"}}""" + "\n"));

        Assert.DoesNotContain(seen.Error!.Message, char.IsControl);
    }

    [Fact]
    public void Forbidden_names_watch()
    {
        var seen = Watch(new CannedServer().Answers(
            """{"kind":"Status","code":403,"reason":"Forbidden","message":"no"}""", HttpStatusCode.Forbidden));

        Assert.Equal(new MissingPermission("watch", "", "pods", null), Assert.IsType<KubeForbiddenException>(seen.Error).Permission);
    }

    [Theory]
    [InlineData("not json\n")]
    [InlineData("[]\n")]
    [InlineData("{\"type\":\"ADDED\"}\n")]
    [InlineData("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"x\"}}}\n")]
    [InlineData("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"x\",\"resourceVersion\":8}}}\n")]
    public void A_violation_of_the_protocol_is_a_typed_error(string line) =>
        Assert.IsType<KubeProtocolException>(Watch(new CannedServer().Answers(Line("ADDED", "a", 18) + line)).Error);

    [Theory, MemberData(nameof(NoVersions))]
    public void An_event_whose_version_is_not_one_is_a_typed_error_and_not_believed(string version)
    {
        foreach (var type in new[] { "ADDED", "MODIFIED", "DELETED", "BOOKMARK" })
        {
            var seen = Watch(new CannedServer().Answers(
                $$$"""{"type":"{{{type}}}","object":{"metadata":{"name":"a","resourceVersion":{{{version}}} } } }""" + "\n"));

            Assert.IsType<KubeProtocolException>(seen.Error);
            Assert.Equal([new WatchEvent<string>.Opened()], seen.Events);
        }
    }

    [Theory, MemberData(nameof(NoVersions))]
    public void A_list_whose_version_is_not_one_is_a_typed_error(string version)
    {
        Exception? error = null;
        new CannedServer().Answers($$$"""{"metadata":{"resourceVersion":{{{version}}} },"items":[]}""")
            .Connection.Resources(_names).List(ListOptions.MostRecent).Subscribe(_ => { }, e => error = e);

        Assert.IsType<KubeProtocolException>(error);
    }

    public static TheoryData<string> NoVersions => new(
        "null", "\"\"", "\"0\"", "8", "\"1 2\"", "\"1\\n\"", "\"\u0661\"", $"\"{new string('1', 129)}\"");

    [Fact]
    public void An_opaque_version_of_128_printable_characters_is_a_version()
    {
        var version = new string('~', 128);

        var seen = Watch(new CannedServer().Answers(
            $$$"""{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"{{{version}}}"} } }""" + "\n"));

        Assert.Equal(new WatchEvent<string>.Bookmark(version), seen.Events[^1]);
    }

    [Fact]
    public void A_version_that_the_server_has_not_reached_is_known_in_the_stream_too()
    {
        var seen = Watch(new CannedServer().Answers(
            """{"type":"ERROR","object":{"kind":"Status","code":504,"reason":"Timeout","details":{"causes":""" +
            """[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}]}}}""" + "\n"));

        Assert.True(Assert.IsType<KubeStatusException>(seen.Error).IsTooLarge);
    }

    [Fact]
    public void Half_a_line_is_a_broken_connection_and_no_event()
    {
        var seen = Watch(new CannedServer().Answers(Line("ADDED", "a", 18) + Line("ADDED", "b", 19)[..^5]));

        Assert.IsType<KubeTransportException>(seen.Error);
        Assert.Equal(new WatchEvent<string>.Added("a", "18"), seen.Events[^1]);
    }

    [Fact]
    public void Hostile_objects_are_reported_and_skipped()
    {
        byte[][] bad =
        [
            Encoding.UTF8.GetBytes("""{"type":"MODIFIED","object":{"metadata":{"namespace":"n","name":[],"resourceVersion":"20"}}}"""),
            [.. """{"type":"MODIFIED","object":{"metadata":{"resourceVersion":"21","name":" """u8, 0xC3, 0x28, .. """ "}}}"""u8],
            Encoding.UTF8.GetBytes(
                """{"type":"MODIFIED","object":{"metadata":{"name":"deep","resourceVersion":"22"},"x":""" +
                $$$"""{{{new string('[', 2000)}}}{{{new string(']', 2000)}}}}}"""),
            Encoding.UTF8.GetBytes("""{"type":"MODIFIED","object":{"metadata":{"name":"cut","resourceVersion":"23"},"x":tru}}"""),
            Encoding.UTF8.GetBytes("""{"type":"SURPRISE","object":{"metadata":{"name":"e","resourceVersion":"24"}}}"""),
        ];
        var body = bad.SelectMany(b => b.Append((byte)'\n')).Concat(Encoding.UTF8.GetBytes(Line("ADDED", "z", 30))).ToArray();

        // The decoder parses the whole object, so it meets the depth and the broken ends.
        var seen = Watch(new CannedServer().Answers(body));

        var skipped = seen.Events.OfType<WatchEvent<string>.Skipped>().ToList();
        Assert.Equal(["20", "21", "22", "23", "24"], skipped.Select(s => s.ResourceVersion));
        Assert.All(skipped, s => Assert.NotEmpty(s.Object.Reason));
        Assert.Equal(("n", "deep"), (skipped[0].Object.Namespace, skipped[2].Object.Name));
        Assert.Equal(new WatchEvent<string>.Added("z", "30"), seen.Events[^1]);
        Assert.Equal("completed", seen.End);
    }

    [Fact]
    public void A_deletion_that_cannot_be_decoded_is_still_a_deletion()
    {
        var seen = Watch(new CannedServer().Answers(
            """{"type":"DELETED","object":{"metadata":{"name":"a","namespace":"n","resourceVersion":"18"},"x":tru}}""" + "\n"));

        var skipped = Assert.IsType<WatchEvent<string>.Skipped>(seen.Events[^1]);
        Assert.True(skipped.IsDeletion);
        Assert.Equal("a", skipped.Object.Name);
    }

    [Fact]
    public void A_deletion_without_a_name_is_a_typed_error() =>
        Assert.IsType<KubeProtocolException>(Watch(new CannedServer().Answers(
            """{"type":"DELETED","object":{"metadata":{"name":7,"resourceVersion":"18"}}}""" + "\n")).Error);

    [Fact]
    public void An_envelope_of_unusual_shape_is_still_read()
    {
        var server = new CannedServer().Answers(
            """{"object":{"metadata":{"name":"a","resourceVersion":"18"}},"type":"ADDED"}""" + "\n" +
            """{"type":"MODIFIED","object":{"metadata":{"name":"a","resourceVersion":"19"}},"extra":{"b":"}"}}""" + "\n");

        Assert.Equal(
            [new WatchEvent<string>.Opened(), new WatchEvent<string>.Added("a", "18"), new WatchEvent<string>.Modified("a", "19")],
            Watch(server).Events);
    }

    [Fact]
    public void An_event_over_the_cap_is_refused()
    {
        var server = new CannedServer().Answers(Line("ADDED", new string('x', 5000), 18));
        var seen = new Recording();

        server.Connection.Resources(_names, new() { Limits = new WireLimits { MaxObjectBytes = 4096 } }).Watch("17").Subscribe(seen);

        Assert.IsType<KubeProtocolException>(seen.Error);
    }

    [Fact]
    public void A_users_decoder_that_throws_skips_one_object()
    {
        var server = new CannedServer().Answers(Line("ADDED", "a", 18) + Line("ADDED", "bad", 19) + Line("ADDED", "c", 20));
        var kind = new ResourceKind<string>(
            "", "v1", "pods", j => NameOf(j) is var n && n == "bad" ? throw new InvalidOperationException("mine") : n);
        var seen = new Recording();

        server.Connection.Resources(kind).Watch("17").Subscribe(seen);

        Assert.Contains("mine", Assert.Single(seen.Events.OfType<WatchEvent<string>.Skipped>()).Object.Reason, StringComparison.Ordinal);
        Assert.Equal("completed", seen.End);
    }

    [Fact]
    public void Disposed_inside_OnNext_events_that_have_arrived_are_not_decoded()
    {
        var decoded = new List<string>();
        var clock = new VirtualClock();
        var chunk = Line("ADDED", "a", 18) + Line("ADDED", "b", 19) + Line("ADDED", "c", 20);
        var http = new ScriptedHttp(clock) { Responses = [new("--a", new Dictionary<char, string> { ['a'] = chunk })] };
        using var connection = KubeConnection.From(
            new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan }, new Uri("http://api.test/"), options: new() { Scheduler = clock });
        var kind = new ResourceKind<string>("", "v1", "pods", json =>
        {
            decoded.Add(NameOf(json));
            return decoded[^1];
        });

        connection.Resources(kind).Watch("17").TakeUntil(e => e is WatchEvent<string>.Added).Subscribe();
        clock.Start();

        Assert.Equal(["a"], decoded);
        Assert.Equal(2, http.Requests[0].End);
    }

    [Fact]
    public void Ten_thousand_subscriptions_disposed_leave_no_request_open()
    {
        var server = new CannedServer();
        var watchable = server.Connection.Resources(_names);
        for (var i = 0; i < 10_000; i++)
        {
            watchable.Watch("17").Subscribe(_ => { }).Dispose();
        }

        Assert.Equal(10_000, server.Requests.Count);
        Assert.Equal(0, server.Open);
    }

    [Fact]
    public void A_disposed_connection_ends_the_resumed_stream()
    {
        var connection = new CannedServer().Connection;
        connection.Dispose();
        Exception? error = null;

        connection.Resources(_names).Resume().Subscribe(_ => { }, e => error = e);

        Assert.IsType<ObjectDisposedException>(error);
    }

    [Fact]
    public void Subscribe_sends_nothing_before_and_each_subscription_is_a_request()
    {
        var server = new CannedServer().Answers("").Answers("");
        var watch = server.Connection.Resources(_names).Watch("17");
        Assert.Empty(server.Requests);

        watch.Subscribe(_ => { });
        watch.Subscribe(_ => { });

        Assert.Equal(2, server.Requests.Count);
    }

    private static Recording Watch(CannedServer server, WatchOptions? options = null)
    {
        var seen = new Recording();
        server.Connection.Resources(_names).Watch(options ?? new WatchOptions("17")).Subscribe(seen);
        return seen;
    }

    private static string NameOf(ReadOnlySpan<byte> json) =>
        JsonDocument.Parse(json.ToArray()).RootElement.GetProperty("metadata").GetProperty("name").GetString()!;

    private static string Line(string type, string? name, int version) =>
        $$"""{"type":"{{type}}","object":{"metadata":{"name":"{{name}}","resourceVersion":"{{version}}"} } }""" + "\n";

    /// <summary>A raw observer, so that Rx's own safeguards hide nothing.</summary>
    private sealed class Recording : IObserver<WatchEvent<string>>
    {
        public List<WatchEvent<string>> Events { get; } = [];

        public string End { get; private set; } = "open";

        public Exception? Error { get; private set; }

        public void OnNext(WatchEvent<string> value)
        {
            Assert.Equal("open", End);
            Events.Add(value);
        }

        public void OnError(Exception error)
        {
            Assert.Equal("open", End);
            (End, Error) = ("failed", error);
        }

        public void OnCompleted()
        {
            Assert.Equal("open", End);
            End = "completed";
        }
    }
}
