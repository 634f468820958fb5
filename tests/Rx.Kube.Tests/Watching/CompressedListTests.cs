using System.IO.Compression;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching;

/// <summary>Lists that the server compresses with gzip.</summary>
public class CompressedListTests
{
    private const string Nodes =
        """{"kind":"NodeList","metadata":{"resourceVersion":"17"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}""";

    [Fact]
    public async Task Lists_ask_for_compression_and_watches_do_not()
    {
        var server = new CannedServer().Answers(Nodes).Answers("").Answers(Nodes);

        await server.Connection.Nodes().List();
        await server.Connection.Nodes().Watch("17").ToTask();
        await server.ConnectionWith(new() { CompressLists = false }).Nodes().List();

        Assert.Equal(["gzip", "", ""], server.Encodings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1 << 20)]
    public async Task A_compressed_list_is_the_list(int chunk)
    {
        var server = new CannedServer().Answers(Compressed(Nodes), chunk: chunk, encoding: "GZIP");

        var list = await server.Connection.Nodes().List();

        Assert.Equal(["a", "b"], list.Items.Select(n => n.Metadata.Name));
        Assert.Equal("17", list.ResourceVersion);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task What_a_list_inflates_to_is_limited(int beyond, bool isRead)
    {
        var page = Nodes.PadRight(100_000 + beyond);
        var server = new CannedServer().Answers(Compressed(page), encoding: "gzip");
        var nodes = server.Connection.Nodes(limits: new WireLimits { MaxPageBytes = 100_000 });

        var error = await Record.ExceptionAsync(async () => await nodes.List());

        Assert.Equal(isRead, error is null);
        Assert.True(isRead || error is KubeProtocolException { Message: var m } && m.Contains("longer than 100000 bytes"), $"{error}");
    }

    [Fact]
    public void Of_a_gigabyte_in_a_megabyte_no_more_than_the_limit_is_held()
    {
        var clock = new VirtualClock();
        var server = new CannedServer().Answers(Bomb(1 << 30), encoding: "gzip");
        var list = server.ConnectionWith(new() { Scheduler = clock }).Nodes(limits: new WireLimits { MaxPageBytes = 8 << 20 }).List();
        Exception? error = null;
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var subscription = list.Subscribe(_ => { }, e => error = e);
        clock.AdvanceBy(1);

        Assert.IsType<KubeProtocolException>(error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 64 << 20);
    }

    [Theory]
    [InlineData("damaged")]
    [InlineData("cut")]
    [InlineData("plain")]
    public async Task A_damaged_or_cut_answer_is_an_interruption_and_no_shorter_list(string fault)
    {
        var body = Compressed(Nodes);
        body = fault switch
        {
            "damaged" => [.. body[..12], 0xFF, 0xFF, 0xFF, .. body[15..]],
            "cut" => body[..^20],
            _ => Encoding.UTF8.GetBytes(Nodes),
        };
        var server = new CannedServer().Answers(body, encoding: "gzip");

        var error = await Record.ExceptionAsync(async () => await server.Connection.Nodes().List());

        Assert.True(error is KubeTransportException or KubeProtocolException, $"{error}");
    }

    [Fact]
    public async Task A_compressed_error_keeps_the_servers_words()
    {
        var status = """{"kind":"Status","status":"Failure","reason":"Expired","message":"too old","code":410}""";
        var server = new CannedServer().Answers(Compressed(status), HttpStatusCode.Gone, encoding: "gzip");

        var error = await Assert.ThrowsAsync<KubeStatusException>(async () => await server.Connection.Nodes().List());

        Assert.Equal(("Expired", "too old"), (error.Status.Reason, error.Status.Message));
    }

    private static byte[] Compressed(string text) => Compressed(gzip => gzip.Write(Encoding.UTF8.GetBytes(text)));

    private static byte[] Bomb(int bytes) => Compressed(gzip =>
    {
        gzip.Write("{\"items\":["u8);
        var spaces = Enumerable.Repeat((byte)' ', 1 << 20).ToArray();
        for (var i = 0; i < bytes; i += spaces.Length)
        {
            gzip.Write(spaces);
        }
    });

    private static byte[] Compressed(Action<GZipStream> write)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            write(gzip);
        }

        return bytes.ToArray();
    }
}
