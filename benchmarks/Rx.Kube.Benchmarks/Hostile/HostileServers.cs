using System.Globalization;
using System.Text;

namespace Rx.Kube.Benchmarks.Hostile;

/// <summary>A server that sends what no API server should: what it does, and how it answers a request.</summary>
internal sealed record HostileServer(string What, Func<Exchange, Task> Answer);

/// <summary>The servers whose cost is measured. Each answers until the client goes away.</summary>
internal static class HostileServers
{
    private static readonly string _megabyte = new('x', 1 << 20);

    public static IReadOnlyList<HostileServer> All { get; } =
    [
        new("accepts, and never answers", e => Task.Delay(Timeout.Infinite)),
        new("1xx answers without an end", e => e.RepeatAsync(_ => "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")),
        new("headers without an end", async e =>
        {
            await e.WriteAsync("HTTP/1.1 200 OK\r\n");
            await e.RepeatAsync(i => $"X-{i}: y\r\n");
        }),
        new("an error whose body has no end", async e =>
        {
            await e.HeadAsync("500 Internal Server Error");
            await e.RepeatAsync(_ => _megabyte);
        }),
        new("redirects to itself", e => e.WriteAsync("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")),
        new("a compressed answer", async e =>
        {
            await e.HeadAsync("200 OK", "Content-Encoding: gzip");
            await e.RepeatAsync(_ => "\x1f\x8b\x08\0\0\0\0\0");
        }),
        new("a chunk extension without an end", async e =>
        {
            await e.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5;");
            await e.RepeatAsync(_ => _megabyte);
        }),
        new("a list, a byte each 100 ms", async e =>
        {
            await e.HeadAsync();
            foreach (var c in Json.List(5, Json.Slice("s", 5)) + new string(' ', 1000))
            {
                await e.WriteAsync($"{c}");
                await Task.Delay(100);
            }
        }),
        new("an item of a list without an end", async e =>
        {
            await e.HeadAsync();
            await e.WriteAsync("""{"metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":" """);
            await e.RepeatAsync(_ => _megabyte);
        }),
        new("a page of small items without an end", async e =>
        {
            await e.HeadAsync();
            await e.WriteAsync("""{"metadata":{"resourceVersion":"5"},"items":[""");
            await e.RepeatAsync(i => Json.Slice($"s{i}", i + 1) + ",");
        }),
        new("pages of 140 MB without an end", async e =>
        {
            await e.HeadAsync();
            await e.WriteAsync($$"""{"metadata":{"resourceVersion":"5","continue":"t{{e.Number}}"},"items":[""");
            for (var i = 0; i < 140; i++)
            {
                await e.WriteAsync((i == 0 ? "" : ",") + Json.Slice($"s{e.Number}-{i}", 4, _megabyte));
            }

            await e.WriteAsync("]}");
        }),
        new("empty pages without an end", async e =>
        {
            await e.HeadAsync();
            await e.WriteAsync($$"""{"metadata":{"resourceVersion":"5","continue":"t{{e.Number}}"},"items":[]}""");
        }),
        new("three slices of 1,000 endpoints and 20,000 ports", async e =>
        {
            await e.HeadAsync();
            await e.WriteAsync(e.IsWatch ? "" : Json.List(5, string.Join(',', Enumerable.Range(0, 3).Select(Json.ManyPorts))));
            await Task.Delay(e.IsWatch ? Timeout.Infinite : 0);
        }),
        new("a line of a watch without an end", Watch(_ => _megabyte.Replace("\n", "", StringComparison.Ordinal))),
        new("new objects with a label of 7 MB", Watch(i => Json.Event("ADDED", Json.Slice($"s{i}", 10 + i, new string('x', 7_000_000))))),
        new("new small objects", Watch(i => Json.Event("ADDED", Json.Slice($"s{i}", 10 + i)))),
        new("one object, changed without an end", Watch(i => Json.Event("MODIFIED", Json.Slice("s", 10 + i)))),
        new("bookmarks without an end", Watch(i => Json.Event("BOOKMARK", $$$"""{"metadata":{"resourceVersion":"{{{10 + i}}}"}}"""))),
        new("new objects that cannot be decoded", Watch(
            i => Json.Event("ADDED", Json.Slice($"s{i}", 10 + i).Replace("[{\"add", "{[\"add")))),
        new("new slices that claim one address", Watch(i => Json.Event("ADDED", Json.Slice($"s{i}", 10 + i, address: "10.0.0.1")))),
        new("an object of 100,000 labels, changed", Watch(i => Json.Event("MODIFIED", Json.ManyLabels(10 + i)))),
        new("an object nested 100,000 deep, changed", Watch(i => Json.Event("MODIFIED", Json.Deep(10 + i)))),
        new("watches that end at once", Watch(_ => null)),
        new("an ERROR of 1 MB, again and again", Watch(i => i > 0 ? null : Json.Event(
            "ERROR", $$$"""{"kind":"Status","code":500,"reason":"InternalError","message":"{{{_megabyte}}}"}"""))),
        new("410 Gone, and a list of 20,000 slices, again and again", async e =>
        {
            await e.HeadAsync(e.IsWatch ? "410 Gone" : "200 OK");
            await e.WriteAsync(e.IsWatch
                ? """{"kind":"Status","code":410,"reason":"Expired","message":"too old"}"""
                : Json.List(5, string.Join(',', Enumerable.Range(0, 20_000).Select(i => Json.Slice($"s{i}", 4)))));
        }),
    ];

    // A good list, then a watch of these lines; null ends it.
    private static Func<Exchange, Task> Watch(Func<int, string?> line) => async e =>
    {
        await e.HeadAsync();
        if (!e.IsWatch)
        {
            await e.WriteAsync(Json.List(5, Json.Slice("s", 5)));
            return;
        }

        await e.RepeatAsync(line);
    };

    private static class Json
    {
        public static string List(int version, string items) =>
            $$"""{"metadata":{"resourceVersion":"{{version}}"},"items":[{{items}}]}""";

        public static string Event(string type, string json) => $$"""{"type":"{{type}}","object":{{json}}}""" + "\n";

        public static string Slice(string name, int version, string label = "x", string? address = null) => Object(
            name, version, $"\"l\":\"{label}\"", "",
            $$$"""{"addresses":["{{{address ?? Address(version)}}}"],"targetRef":{"kind":"Pod","name":"p{{{version}}}"}}""");

        public static string ManyPorts(int slice) => Object(
            $"s{slice}", 4, "\"l\":\"x\"", string.Join(',', Enumerable.Range(1, 20_000).Select(i => $$"""{"port":{{i}}}""")),
            string.Join(',', Enumerable.Range(0, 1_000).Select(i => $$"""{"addresses":["{{Address((slice * 1_000) + i)}}"]}""")));

        public static string ManyLabels(int version) =>
            Object("s", version, string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"l{i}\":\"x\"")), "", "");

        public static string Deep(int version) =>
            Object("s", version, "\"l\":\"x\"", "", "").TrimEnd('}')
            + ",\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}";

        private static string Object(string name, int version, string labels, string ports, string endpoints) =>
            $$$"""
            {"metadata":{"name":"{{{name}}}","namespace":"default","resourceVersion":"{{{version}}}",
            """ + $$$"""
            "labels":{"kubernetes.io/service-name":"cache",{{{labels}}}}},"addressType":"IPv4","ports":[{{{ports}}}],
            """ + $$"""
            "endpoints":[{{endpoints}}]}
            """;

        private static string Address(int i) =>
            string.Create(CultureInfo.InvariantCulture, $"10.{(i >> 16) & 255}.{(i >> 8) & 255}.{i & 255}");
    }
}

/// <summary>A request, and the connection to answer it on.</summary>
internal sealed record Exchange(Stream Stream, bool IsWatch, int Number)
{
    public Task WriteAsync(string text) => Stream.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    public Task HeadAsync(string status = "200 OK", string header = "X: y") =>
        WriteAsync($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n{header}\r\n\r\n");

    public async Task RepeatAsync(Func<int, string?> text)
    {
        for (var i = 0; text(i) is { } next; i++)
        {
            await WriteAsync(next);
        }
    }
}
