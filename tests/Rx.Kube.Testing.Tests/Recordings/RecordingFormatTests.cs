using System.IO.Compression;
using System.Text;
using Rx.Kube.Models;

namespace Rx.Kube.Testing.Tests.Recordings;

/// <summary>What is read, what is ignored, and what is refused: docs/recordings.md.</summary>
public sealed class RecordingFormatTests
{
    private const string Header = """{"format":"rxkube-recording","version":"1.0","started":"2026-11-27T03:04:05Z"}""";
    private const string List = """{"at":1,"type":"LIST","object":{"metadata":{"resourceVersion":"17"},"items":[]}}""";
    private const string Bookmark = """{"at":2,"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"18"}}}""";

    [Fact]
    public void What_a_newer_minor_version_adds_is_ignored()
    {
        var recording = Read(
            Header.Replace("1.0", "1.9", StringComparison.Ordinal).Replace("{\"format", "{\"new\":[{}],\"format", StringComparison.Ordinal),
            List.Replace("\"at\"", "\"new\":{\"x\":[1]},\"at\"", StringComparison.Ordinal),
            """{"at":1.5,"type":"NEW","object":7}""", Bookmark);
        Assert.Equal(2, recording.Events<EndpointSlice>().Count());
        Assert.Equal(["1 lines of the unknown type NEW are ignored"], recording.Warnings);
    }

    [Theory]
    [InlineData("2.0", "The recording has version 2 of the format, and this program reads version 1. To fix: use a newer version")]
    [InlineData("17.3", "version 17 of the format")]
    [InlineData("", "no valid version")]
    [InlineData("0.9", "no valid version")]
    [InlineData("one", "no valid version")]
    public void Another_major_version_is_refused(string version, string expected) =>
        Refused(expected, Header.Replace("1.0", version, StringComparison.Ordinal), List);

    [Fact]
    public void A_torn_last_line_is_ignored_and_reported()
    {
        var whole = string.Join('\n', Header, List, Bookmark);
        for (var length = (Header + List).Length + 2; length < whole.Length - 1; length++)
        {
            var recording = Recording.Parse(whole[..length]);
            Assert.Single(recording.Events<EndpointSlice>());
            Assert.Equal(length == (Header + List).Length + 2 ? 0 : 1, recording.Warnings.Length);
        }

        // Only the line end is missing.
        Assert.Equal(2, Recording.Parse(whole).Events<EndpointSlice>().Count());
    }

    [Fact]
    public void A_torn_compressed_recording_is_read_as_far_as_it_goes()
    {
        var lines = Header + "\n" + List + "\n" + string.Concat(Enumerable.Range(20, 2000).Select(
            i => Bookmark.Replace("\"18\"", $"\"{i}{i * 7919 % 1000}\"", StringComparison.Ordinal) + "\n"));
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(lines));
        }

        var whole = bytes.ToArray();
        Assert.Equal(2001, Recording.Read(new MemoryStream(whole)).Events<EndpointSlice>().Count());
        Assert.InRange(Recording.Read(new MemoryStream(whole[..(whole.Length / 2)])).Events<EndpointSlice>().Count(), 100, 1999);
    }

    [Theory]
    [InlineData("""{"at":1,"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"18"}}""", "Line 3")]
    [InlineData("nothing", "Line 3 of the recording cannot be read")]
    [InlineData("[]", "it is not an object")]
    [InlineData("{} {}", "Line 3")]
    [InlineData("""{"at":0.5,"type":"RESUMED"}""", "its time is earlier than in the line before")]
    [InlineData("""{"at":1e30,"type":"RESUMED"}""", "a time is not a number")]
    [InlineData("""{"at":"1","type":"RESUMED"}""", "a time is not a number")]
    [InlineData("""{"at":2,"type":"ADDED"}""", "it has no object")]
    [InlineData("""{"at":2,"type":"ADDED","object":{"metadata":{"name":"a"}}}""", "resourceVersion is missing")]
    [InlineData("""{"at":2,"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"0"}}}""", "resourceVersion is missing, or is none")]
    public void A_broken_line_before_the_last_one_is_refused_with_its_number(string line, string expected) =>
        Refused(expected, Header, List, line, Bookmark);

    [Fact]
    public void A_list_without_its_last_page_is_no_list()
    {
        const string first = """{"at":1,"type":"LIST","object":{"metadata":{"resourceVersion":"17","continue":"2"},"items":[]}}""";
        Assert.Equal(["the last list has no last page, and is ignored"], Read(Header, first).Warnings);
        Assert.Empty(Read(Header, first).Events<EndpointSlice>());
        Assert.Equal(["the list before line 3 has no last page, and is ignored"], Read(Header, first, Bookmark).Warnings);
        Assert.Single(Read(Header, first, List).Events<EndpointSlice>());
    }

    [Fact]
    public void An_object_that_cannot_be_decoded_is_skipped_as_on_a_watch()
    {
        var recording = Read(
            Header,
            List.Replace("[]", """[{"metadata":{"name":"a","resourceVersion":"3"},"endpoints":7},4]""", StringComparison.Ordinal),
            """{"at":2,"type":"DELETED","object":{"metadata":{"name":"a","namespace":"b","resourceVersion":"18"},"endpoints":7}}""");
        var events = recording.Events<EndpointSlice>().Select(e => e.Value.Value).ToList();
        Assert.Equal(["a", ""], Assert.IsType<WatchEvent<EndpointSlice>.Listed>(events[0]).SkippedItems.Select(s => s.Name));
        var skipped = Assert.IsType<WatchEvent<EndpointSlice>.Skipped>(events[1]);
        Assert.True(skipped.IsDeletion);
        Assert.Equal(("b", "a", "18"), (skipped.Object.Namespace, skipped.Object.Name, skipped.ResourceVersion));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_bytes_of_a_line_are_limited_and_those_of_a_recording(int beyond)
    {
        // 64 KiB are for what is around an object.
        var line = """{"at":1,"type":"MARK","text":"a"}""".PadRight(1000 + (64 * 1024) + beyond);
        AssertLimit(beyond, $"{Header}\n{line}\n", new() { MaxObjectBytes = 1000 }, "it is longer than 1000 bytes");

        var text = $"{Header}\n{line}\n";
        AssertLimit(beyond, text, new() { MaxRetainedBytes = text.Length - beyond }, $"longer than {text.Length - beyond} bytes");
    }

    [Fact]
    public void A_text_has_the_limits_of_a_file()
    {
        var error = Assert.Throws<RecordingException>(() => Recording.Parse($"{Header}\n", new() { MaxRetainedBytes = Header.Length }));
        Assert.Contains($"longer than {Header.Length} bytes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_levels_of_a_line_are_limited(int beyond)
    {
        var levels = 127 + beyond; // in the object of the line
        var deep = new string('[', levels) + new string(']', levels);
        AssertLimit(beyond, $$"""
            {{Header}}
            {"at":1,"type":"MARK","text":"a","x":{{deep}}}

            """, null, "Line 2 of the recording cannot be read");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_texts_of_a_line_are_limited(int beyond)
    {
        foreach (var (name, most) in new[] { ("type", 253), ("resourceVersion", 4096), ("cause", 253), ("text", 8192), ("message", 8192) })
        {
            var text = new string('1', most + beyond);
            AssertLimit(beyond, $$"""
                {{Header}}
                {"at":1,"type":"MARK","{{name}}":"{{text}}"}

                """, null, $"a text is not one, or has more than {most} characters");
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_objects_of_a_list_are_limited_over_its_pages(int beyond)
    {
        var item = """{"metadata":{"name":"a","resourceVersion":"1"}}""";
        var items = string.Join(',', Enumerable.Repeat(item, 3 + beyond));
        AssertLimit(
            beyond, string.Join('\n', Header, List.Replace("[]", $"[{items}]", StringComparison.Ordinal), Bookmark, ""),
            new() { MaxItems = 3 }, "more than 3 objects");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_times_of_a_recording_are_limited_to_3650_days(int beyond) => AssertLimit(
        beyond, $$"""
            {{Header}}
            {"at":{{TimeSpan.FromDays(3650).TotalSeconds + beyond}},"type":"MARK","text":"a"}

            """, null, "a time is not a number of seconds of at most 3650 days");

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_labels_of_an_object_are_limited_as_those_of_a_server(int beyond)
    {
        var limits = new WireLimits { MaxLabels = 3 };
        var labels = string.Join(',', Enumerable.Range(0, limits.MaxLabels + beyond).Select(i => $"\"l{i}\":\"x\""));
        var pod = $$$"""{"metadata":{"name":"a","resourceVersion":"7","labels":{ {{{labels}}} } } }""";
        var recording = Recording.Parse(
            string.Join('\n', Header, List.Replace("[]", $"[{pod}]", StringComparison.Ordinal), Bookmark, ""), limits);

        var list = recording.Events<Pod>().Select(e => e.Value.Value).OfType<WatchEvent<Pod>.Listed>().Single();
        WatchEvent<Pod>.Listed? watched = null;
        var clock = new VirtualClock();
        using var listing = recording.ToWatchable<Pod>(clock).List(new()).Subscribe(l => watched = l);
        clock.AdvanceTo(TimeSpan.FromSeconds(5));

        Assert.Equal(beyond > 0 ? (0, 1) : (1, 0), (list.Items.Length, list.SkippedItems.Length));
        Assert.Equal(list.Items, watched!.Items);
    }

    private static void AssertLimit(int beyond, string text, WireLimits? limits, string refusal)
    {
        var error = Record.Exception(() => Recording.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), limits));
        if (beyond <= 0)
        {
            Assert.Null(error);
        }
        else
        {
            Assert.Contains(refusal, Assert.IsType<RecordingException>(error).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_over_a_limit_is_refused_and_the_limit_is_named()
    {
        var item = """{"metadata":{"name":"a","resourceVersion":"1"}}""";
        var list = List.Replace("[]", $"[{item},{item},{item}]", StringComparison.Ordinal);
        var text = string.Join('\n', Header, list, Bookmark, "");
        Assert.Equal(2, Recording.Parse(text, new() { MaxItems = 3 }).Events<EndpointSlice>().Count());
        Assert.Contains("more than 2 objects", Refusal(text, new() { MaxItems = 2 }), StringComparison.Ordinal);
        var wide = list.Replace("[{", $"[{new string(' ', 70_000)}{{", StringComparison.Ordinal);
        Assert.Contains(
            "WireLimits.MaxObjectBytes", Refusal($"{Header}\n{wide}\n", new() { MaxObjectBytes = 1000 }), StringComparison.Ordinal);

        var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Header + "\n"));
            for (var i = 0; i < 100; i++)
            {
                gzip.Write(new byte[1 << 20]);
            }
        }

        bomb.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<RecordingException>(() => Recording.Read(bomb, new() { MaxRetainedBytes = 1 << 20 }));
        Assert.Contains("WireLimits.MaxRetainedBytes", refused.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void A_recording_over_the_limit_takes_less_than_three_times_the_limit()
    {
        const int Limit = 64 << 20;
        var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < 70; i++)
            {
                gzip.Write(new byte[1 << 20]);
            }
        }

        bomb.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<RecordingException>(() => Recording.Read(bomb, new() { MaxRetainedBytes = Limit }));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, Limit, 3 * Limit);
    }

    [Theory]
    [InlineData("9960-01-01T00:00:00Z", true)]
    [InlineData("9999-12-31T00:00:00Z", false)]
    public void A_recording_ends_within_the_calendar(string started, bool isRead)
    {
        var text = Header.Replace("2026-11-27T03:04:05Z", started, StringComparison.Ordinal) + "\n" + List + "\n";
        if (isRead)
        {
            Assert.Equal(9960, Read(text).Header.Started.Year);
        }
        else
        {
            Assert.Contains("started is not a time, or too late", Refusal(text, WireLimits.Default), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public void An_empty_file_is_refused(string text) =>
        Assert.Equal("The recording is empty: it has no header.", Refusal(text, WireLimits.Default));

    [Theory]
    [InlineData("hello\n")]
    [InlineData("[1]\n")]
    [InlineData("{\"format\":\"other\"}\n")]
    public void Another_file_is_refused(string text) =>
        Assert.StartsWith("This is neither a recording nor what 'kubectl get", Refusal(text, WireLimits.Default), StringComparison.Ordinal);

    [Fact]
    public void A_message_shows_no_control_characters() => Assert.DoesNotContain(
        Refusal(Header.Replace("1.0", "\\u001b[31m", StringComparison.Ordinal) + "\n", WireLimits.Default), char.IsControl);

    [Fact]
    public void A_recording_of_another_resource_is_refused()
    {
        var pods = Read(
            Header.Replace(
                "{\"format", "{\"resource\":{\"group\":\"\",\"version\":\"v1\",\"plural\":\"pods\"},\"format", StringComparison.Ordinal));
        Assert.Contains(
            "The recording is of pods, not of endpointslices.discovery.k8s.io",
            Assert.Throws<ArgumentException>(() => pods.ToObservable<EndpointSlice>()).Message, StringComparison.Ordinal);
        Assert.NotNull(pods.ToObservable<Pod>());
        Assert.Throws<ArgumentException>(() => pods.ToObservable<string>());
    }

    [Fact]
    public void What_kubectl_prints_is_read()
    {
        const string slice = """
            {
                "type": "TYPE",
                "object": {
                    "addressType": "IPv4",
                    "apiVersion": "discovery.k8s.io/v1",
                    "endpoints": [
                        { "addresses": [ "10.0.0.1" ], "targetRef": { "kind": "Pod", "name": "cache-0", "namespace": "prod" } }
                    ],
                    "kind": "EndpointSlice",
                    "metadata": {
                        "labels": { "kubernetes.io/service-name": "cache" },
                        "name": "NAME", "namespace": "prod", "resourceVersion": "VERSION"
                    }
                }
            }

            """;
        static string Event(string type, string name, int version) => slice.Replace("TYPE", type, StringComparison.Ordinal)
            .Replace("NAME", name, StringComparison.Ordinal).Replace("VERSION", $"{version}", StringComparison.Ordinal);

        var text = Event("ADDED", "cache-a", 9) + Event("ADDED", "cache-b", 11) + Event("MODIFIED", "cache-a", 12)
            + Event("DELETED", "cache-b", 13);
        var recording = Recording.Parse(text);
        Assert.Empty(recording.Warnings);
        Assert.Equal(
            ("prod", "cache", "endpointslices", "discovery.k8s.io"),
            (recording.Header.Namespace, recording.Header.Service, recording.Header.Plural, recording.Header.Group));
        Assert.Equal(
            ["0 Listed 11", "1000 Modified 12", "2000 Deleted 13"],
            recording.Events<EndpointSlice>().Select(e => $"{e.Frame} {e.Value.Value.GetType().Name} {e.Value.Value switch
            {
                WatchEvent<EndpointSlice>.Listed { Items.Length: 2 } l => l.ResourceVersion,
                WatchEvent<EndpointSlice>.Modified m => m.ResourceVersion,
                WatchEvent<EndpointSlice>.Deleted d => d.ResourceVersion,
                _ => "?",
            }}"));

        var torn = Recording.Parse(text[..^30]);
        Assert.Equal(2, torn.Events<EndpointSlice>().Count());
        Assert.Single(torn.Warnings);
        Assert.Contains(
            "--output-watch-events", Refusal("{\n\"kind\":\"EndpointSlice\"\n}\n", WireLimits.Default), StringComparison.Ordinal);
    }

    private static Recording Read(params string[] lines) => Recording.Parse(string.Join('\n', lines) + "\n");

    private static void Refused(string expected, params string[] lines) =>
        Assert.Contains(expected, Refusal(string.Join('\n', lines) + "\n", WireLimits.Default), StringComparison.Ordinal);

    private static string Refusal(string text, WireLimits limits) =>
        Assert.Throws<RecordingException>(() => Recording.Parse(text, limits)).Message;
}
