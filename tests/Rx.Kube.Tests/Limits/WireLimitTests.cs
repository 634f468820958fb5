using System.Reactive.Linq;
using System.Text;
using System.Text.Json;
using Rx.Kube.Tests.EndToEnd;
using Rx.Kube.Tests.Watching;
using Rx.Kube.Tests.Wire;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.Limits;

/// <summary>Each limit on lists and watches, one below, at and one above it.</summary>
public class WireLimitTests
{
    private static readonly ResourceKind<string> _names = new("", "v1", "pods", NameOf);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_length_of_a_property_of_a_list_is_limited_as_an_object_is(int beyond)
    {
        const int Limit = 200_000;
        var value = "\"" + new string('x', Limit - 2 + beyond) + "\"";
        var body = $$"""{"more":{{value}},"metadata":{"resourceVersion":"1"},"items":[1]}""";

        await Holds(
            beyond,
            async () => Assert.Equal(1, (await Read(body, new() { MaxObjectBytes = Limit })).Items),
            $"the server sent an object longer than {Limit} bytes. To fix: if such objects are expected, raise WireLimits.MaxObjectBytes.");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_bytes_of_a_page_are_limited(int beyond)
    {
        const int Limit = 300_000;
        var body = """{"metadata":{"resourceVersion":"1"},"items":[1]}""".PadRight(Limit + beyond);

        await Holds(
            beyond,
            async () => Assert.Equal(1, (await Read(body, new() { MaxPageBytes = Limit })).Items),
            $"the server sent a page of a list longer than {Limit} bytes. "
            + "To fix: if such pages are expected, raise WireLimits.MaxPageBytes.");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_objects_of_all_pages_are_limited_with_those_that_cannot_be_decoded(int beyond)
    {
        string[] second = [.. new[] { """{"metadata":{"name":7}}""", Named("c"), Named("d") }.Take(2 + beyond)];
        var server = new CannedServer().Answers(Page("t", Named("a"), Named("b"))).Answers(Page("", second));

        await Holds(
            beyond,
            async () =>
            {
                var list = await server.Connection.Resources(_names, new() { Limits = new() { MaxItems = 4 } }).List();
                Assert.Equal(4 + beyond, list.Items.Length + list.SkippedItems.Length);
            },
            "the list has more than 4 objects. To fix: narrow it with a selector, or raise WireLimits.MaxItems.");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_initial_events_of_a_streaming_list_are_limited_and_not_later_events_of_the_same_objects(int beyond)
    {
        const string End = """{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}}""";
        var initial = Enumerable.Range(0, 3 + beyond).Select(i => Line("ADDED", Named($"p{i}")));
        var later = Enumerable.Range(0, 9).Select(i => Line("MODIFIED", Named($"p{i % 2}")));
        var server = new CannedServer().Answers(string.Concat([.. initial, Line("BOOKMARK", End), .. later]));

        await Holds(
            beyond,
            async () =>
            {
                var events = await server.Connection.Resources(_names, new() { Limits = new() { MaxItems = 3 } })
                    .Watch(new WatchOptions("") { SendInitialEvents = true }).ToList();
                Assert.Equal(1 + 3 + beyond + 1 + 9, events.Count);
            },
            "the list has more than 3 objects. To fix: narrow it with a selector, or raise WireLimits.MaxItems.");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_pages_of_a_list_are_limited(int beyond)
    {
        const int Limit = 5;
        var server = new CannedServer();
        for (var page = 1; page <= Limit + beyond; page++)
        {
            server.Answers(Page(page == Limit + beyond ? "" : $"t{page}", Named($"p{page}")));
        }

        await Holds(
            beyond,
            async () =>
            {
                var list = await server.Connection.Resources(_names, new() { Limits = new() { MaxPages = Limit } }).List();
                Assert.Equal(Limit + beyond, list.Items.Length);
            },
            "the list has no end: after 5 pages, the server still announces more. "
            + "To fix: raise WireLimits.PageSize or WireLimits.MaxPages.");
        Assert.InRange(server.Requests.Count, Limit - 1, Limit);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(-1, 3)]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    public async Task The_length_of_a_continue_token_is_limited(int beyond, int? option)
    {
        var limits = option is { } length ? new WireLimits { MaxContinueLength = length } : WireLimits.Default;
        var token = new string('t', limits.MaxContinueLength + beyond);
        var server = new CannedServer().Answers(Page(token, Named("a"))).Answers(Page("", Named("b")));

        await Holds(
            beyond,
            async () => Assert.Equal(2, (await server.Connection.Resources(_names, new() { Limits = limits }).List()).Items.Length),
            $"the server sent a continue token of more than {option ?? 4096} characters. To fix: check the server, and a proxy in front of "
            + "it, or raise WireLimits.MaxContinueLength.");
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(-1, 4096)]
    [InlineData(0, 4096)]
    [InlineData(1, 4096)]
    public async Task The_length_of_a_version_is_limited_in_lists_and_events(int beyond, int? option)
    {
        var limits = option is { } most ? new WireLimits { MaxVersionLength = most } : WireLimits.Default;
        var version = new string('7', limits.MaxVersionLength + beyond);
        var selection = new ResourceSelection { Limits = limits };
        var list = new CannedServer().Answers(Page("", Named("a")).Replace("\"17\"", $"\"{version}\"", StringComparison.Ordinal));
        var watch = new CannedServer().Answers(Line("ADDED", Named("a", version)));

        await Holds(
            beyond,
            async () => Assert.Equal(version, (await list.Connection.Resources(_names, selection).List()).ResourceVersion),
            $"the server sent a list whose resourceVersion is longer than {option ?? 128} characters. To fix: check the server, and "
            + "a proxy in front of it, or raise WireLimits.MaxVersionLength.");
        await Holds(
            beyond,
            async () => Assert.Equal(2, (await watch.Connection.Resources(_names, selection).Watch("1").ToList()).Count),
            $"the server sent an event whose resourceVersion is longer than {option ?? 128} characters. To fix: check the server, and "
            + "a proxy in front of it, or raise WireLimits.MaxVersionLength.");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_depth_of_the_json_of_a_list_is_limited(int beyond)
    {
        var body = $$"""{"metadata":{"resourceVersion":"1"},"items":[{{Deep(WireJson.MaxDepth - 2 + beyond)}},1]}""";

        await Holds(beyond, async () => Assert.Equal(2, (await Read(body, WireLimits.Default)).Items), TooDeep);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_depth_of_the_json_of_an_event_is_limited_where_its_version_comes_last(int beyond)
    {
        var deep = $$$"""{"a":{{{Deep(WireJson.MaxDepth - 1 + beyond)}}},"metadata":{"name":"a","resourceVersion":"7"}}""";
        var server = new CannedServer().Answers(Line("ADDED", deep) + Line("ADDED", Named("b")));

        await Holds(
            beyond,
            async () =>
            {
                var events = await server.Connection.Resources(_names).Watch("1").ToList();
                Assert.Equal("7", Assert.IsType<WatchEvent<string>.Skipped>(events[1]).ResourceVersion);
                Assert.IsType<WatchEvent<string>.Added>(events[2]);
            },
            TooDeep);
    }

    [Theory]
    [InlineData(-1, true, null)]
    [InlineData(0, true, null)]
    [InlineData(1, false, null)]
    [InlineData(-1, true, 3)]
    [InlineData(0, true, 3)]
    [InlineData(1, false, 3)]
    public void The_time_of_a_page_after_its_headers_is_limited(int beyond, bool passes, int? option)
    {
        var limits = option is { } time ? new WireLimits { MaxPageTime = TimeSpan.FromSeconds(time) } : WireLimits.Default;
        var wait = (int)limits.MaxPageTime.TotalMilliseconds + beyond;
        var page = new Testing.ScriptedResponse($"^ {wait - 1}ms (b|)", _ => Utf8(Testing.SliceJson.Page("17", "", Pod("a", 10))));
        var run = Run.Play($"{(option ?? 120) + 1}s", new Script { Responses = [page, Watch("")], Limits = limits });

        Assert.Equal(passes, run.Errors.Count == 0);
        Assert.All(run.Errors, e => Assert.Equal(
            $"a page of the list did not arrive completely within {option ?? 120} s. To fix: lower WireLimits.PageSize, "
            + "check the network, or raise WireLimits.MaxPageTime.", e.Message));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void The_time_of_a_list_is_limited(int beyond, bool passes)
    {
        var limits = new WireLimits { MaxListTime = TimeSpan.FromSeconds(20) };
        var pages = new[] { Answers.Page("17", "t", "a", after: 10_000), Answers.Page("17", "", "b", after: 10_000 + beyond) };
        var run = Run.Play("21s", new Script { Responses = pages, Limits = limits });

        Assert.Equal(passes, run.Log[0].EndsWith("live ab", StringComparison.Ordinal));
        Assert.All(run.Errors.Take(1), e => Assert.Equal(
            "the list has no end: it was not complete after 20 s and 1 page. "
            + "To fix: narrow the list with a selector, or raise WireLimits.MaxListTime.",
            e.Message));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_bytes_of_the_objects_of_all_pages_are_limited_with_those_that_cannot_be_decoded(int beyond)
    {
        string[] items = [Named("a"), Named("b"), """{"metadata":{"name":7}}""", Named("d")];
        var limit = items.Sum(i => i.Length);
        items[3] = Named(new string('d', 1 + beyond));
        var server = new CannedServer().Answers(Page("t", items[..2])).Answers(Page("", items[2..]));

        await Holds(
            beyond,
            async () =>
            {
                var list = await server.Connection.Resources(_names, new() { Limits = new() { MaxRetainedBytes = limit } }).List();
                Assert.Equal(4, list.Items.Length + list.SkippedItems.Length);
            },
            $"the objects of the list have more than {limit} bytes. "
            + "To fix: narrow it with a selector, or raise WireLimits.MaxRetainedBytes.");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_bytes_of_the_initial_events_of_a_streaming_list_are_limited(int beyond)
    {
        var limit = Named("a").Length + Named("b").Length;
        var server = new CannedServer().Answers(Line("ADDED", Named("a")) + Line("ADDED", Named(new string('b', 1 + beyond))));

        await Holds(
            beyond,
            async () => Assert.Equal(3, (await server.Connection.Resources(_names, new() { Limits = new() { MaxRetainedBytes = limit } })
                .Watch(new WatchOptions("") { SendInitialEvents = true }).ToList()).Count),
            $"the objects of the list have more than {limit} bytes. "
            + "To fix: narrow it with a selector, or raise WireLimits.MaxRetainedBytes.");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_bytes_that_a_list_and_its_watch_hold_together_are_limited_and_the_last_state_is_kept(int beyond)
    {
        var listed = JsonDocument.Parse(Testing.SliceJson.List("17", Pod("b", 10))).RootElement.GetProperty("items")[0];
        var limit = listed.GetRawText().Length + Size('c') + Size('d') - beyond;
        var run = Run.Play("10s", new Script
        {
            Responses = [List("17", "b"), Watch("cd"), List("30", "b"), Watch("")],
            Limits = new() { MaxRetainedBytes = limit },
            Options = Script.LongWaits,
        });

        Assert.Equal(
            beyond > 0
                ? ["0 live b", "0 live bc", "1 stale bc Protocol +2000", "2001 live b"]
                : (string[])["0 live b", "0 live bc", "1 live bcd"],
            run.Log);
        Assert.All(run.Errors, e => Assert.Equal(
            $"the watch added objects until more than {limit} bytes would be held. To fix: narrow it with a selector, "
            + "or raise WireLimits.MaxRetainedBytes.",
            e.Message));
        Assert.Equal(beyond > 0, run.Errors.Count > 0);

        static int Size(char pod) => JsonDocument.Parse(Lines[pod]).RootElement.GetProperty("object").GetRawText().Length;
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_objects_that_a_list_and_its_watch_hold_together_are_limited(int beyond)
    {
        var run = Run.Play("1s", new Script
        {
            Responses = [List("17", "a"), Watch("bcxm")], // b is deleted again
            Limits = new() { MaxItems = 3 - beyond },
            Options = Script.LongWaits,
        });

        Assert.Equal(
            beyond > 0
                ? ["0 live a", "0 live ab", "1 stale ab Protocol +2000"]
                : (string[])["0 live a", "0 live ab", "1 live abc", "2 live ac", "3 live acm"],
            run.Log);
        Assert.All(run.Errors, e => Assert.StartsWith(
            $"the watch added objects until more than {3 - beyond} would be held. To fix: narrow it", e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_that_always_sends_too_much_is_asked_ever_more_slowly()
    {
        var run = Run.Play("10m", new Script
        {
            Answer = r => r.Query("watch") is null ? List("17", "a") : Watch("b"),
            Limits = new() { MaxItems = 1 },
        });

        Assert.InRange(run.Http.Requests.Count, 10, 60);
        Assert.All(run.Log, l => Assert.Contains(" a", l, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(WireLimits.MaxRetainedBytes), long.MaxValue)]
    [InlineData(nameof(WireLimits.EmptyPagesAtOnce), 10_000, 0)]
    [InlineData(nameof(WireLimits.MaxVersionLength), 4096, 20)]
    [InlineData(nameof(WireLimits.MaxObjectDepth), 10_000, 16)]
    [InlineData(nameof(WireLimits.MaxObjectBytes), 1 << 30)]
    [InlineData(nameof(WireLimits.MaxPageBytes), long.MaxValue)]
    [InlineData(nameof(WireLimits.MaxItems), int.MaxValue)]
    [InlineData(nameof(WireLimits.MaxPages), int.MaxValue)]
    [InlineData(nameof(WireLimits.PageSize), int.MaxValue)]
    [InlineData(nameof(WireLimits.MaxListTime), TimeSpan.TicksPerDay)]
    [InlineData(nameof(WireLimits.MaxPageTime), TimeSpan.TicksPerDay)]
    [InlineData(nameof(WireLimits.MaxContinueLength), 1 << 20)]
    [InlineData(nameof(WireLimits.MaxLabels), 1 << 16)]
    public async Task Every_limit_has_a_range_and_works_at_its_ends(string name, long most, long least = 1)
    {
        foreach (var value in (long[])[least, most])
        {
            var server = new CannedServer().Answers("{}");
            var names = server.Connection.Resources(_names, new() { Limits = With(value) });

            // The answer is read, and is no list; or the time of a list is over.
            await Assert.ThrowsAsync<KubeProtocolException>(async () => await names.List());
        }

        foreach (var value in most is < int.MaxValue or TimeSpan.TicksPerDay ? (long[])[-1, least - 1, most + 1] : [-1, 0])
        {
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => With(value)).ParamName);
        }

        WireLimits With(long value) => name switch
        {
            nameof(WireLimits.EmptyPagesAtOnce) => new() { EmptyPagesAtOnce = (int)value },
            nameof(WireLimits.MaxVersionLength) => new() { MaxVersionLength = (int)value },
            nameof(WireLimits.MaxObjectDepth) => new() { MaxObjectDepth = (int)value },
            nameof(WireLimits.MaxObjectBytes) => new() { MaxObjectBytes = (int)value },
            nameof(WireLimits.MaxPageBytes) => new() { MaxPageBytes = value },
            nameof(WireLimits.MaxRetainedBytes) => new() { MaxRetainedBytes = value },
            nameof(WireLimits.MaxItems) => new() { MaxItems = (int)value },
            nameof(WireLimits.MaxPages) => new() { MaxPages = (int)value },
            nameof(WireLimits.MaxListTime) => new() { MaxListTime = TimeSpan.FromTicks(value) },
            nameof(WireLimits.MaxPageTime) => new() { MaxPageTime = TimeSpan.FromTicks(value) },
            nameof(WireLimits.MaxContinueLength) => new() { MaxContinueLength = (int)value },
            nameof(WireLimits.MaxLabels) => new() { MaxLabels = (int)value },
            _ => new() { PageSize = (int)value },
        };
    }

    private static string TooDeep => $"the server sent JSON that is nested deeper than {WireJson.MaxDepth} levels. To fix: remove such";

    private static async Task Holds(int beyond, Func<Task> passes, string error)
    {
        if (beyond <= 0)
        {
            await passes();
            return;
        }

        var refused = await Assert.ThrowsAsync<KubeProtocolException>(passes);
        Assert.StartsWith(error, refused.Message, StringComparison.Ordinal);
    }

    private static async Task<(ListPage Page, int Items)> Read(string body, WireLimits limits)
    {
        var items = 0;
        var page = await JsonListReader.ReadAsync(ChunkedStream.Of(Encoding.UTF8.GetBytes(body), 7_000), limits, _ => items++, default);
        return (page, items);
    }

    internal static string Deep(int levels) => new string('[', levels) + new string(']', levels);

    private static string Named(string name, string version = "7") =>
        $$$"""{"metadata":{"name":"{{{name}}}","resourceVersion":"{{{version}}}"}}""";

    private static string Line(string type, string @object) => $$"""{"type":"{{type}}","object":{{@object}}}""" + "\n";

    private static string Page(string next, params string[] items) =>
        $$"""{"metadata":{"resourceVersion":"17","continue":"{{next}}"},"items":[{{string.Join(',', items)}}]}""";

    private static string NameOf(ReadOnlySpan<byte> json) =>
        JsonDocument.Parse(json.ToArray()).RootElement.GetProperty("metadata").GetProperty("name").GetString()!;
}
