using static Rx.Kube.Tests.Wire.Protobuf.ProtobufBytes;

namespace Rx.Kube.Tests.Wire.Protobuf;

public class ProtobufListReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1 << 20)]
    public async Task Items_version_and_token_are_the_same_wherever_the_stream_is_cut(int chunk)
    {
        byte[] more = [.. Field(9, 300UL), .. Field(15, "more"), .. Convert.FromHexString("79" + "0102030405060708" + "7d" + "01020304")];
        var (page, items) = await Read(List([Named("a"), [], Named("b")], "17", "tok\"en", more), chunk);

        Assert.Equal([Convert.ToHexString(Named("a")), "", Convert.ToHexString(Named("b"))], items);
        Assert.Equal(("17", "tok\"en"), (page.ResourceVersion, page.Continue));
    }

    [Fact]
    public async Task Items_before_metadata_are_read()
    {
        var (page, items) = await Read(Envelope("PodList", [.. Field(2, Named("a")), .. Field(1, Field(2, "9"))]));

        Assert.Single(items);
        Assert.Equal("9", page.ResourceVersion);
    }

    [Fact]
    public async Task No_items_is_an_empty_list() => Assert.Empty((await Read(List([]))).Items);

    [Fact]
    public async Task A_body_that_ends_too_soon_is_no_list()
    {
        var body = List([Named("a"), Named("b")]);
        var end = body.Length - 4; // the encoding and the type of the content follow, and are empty
        for (var length = 0; length < end; length++)
        {
            var cut = await Record.ExceptionAsync(() => Read(body[..length], 5));
            Assert.True(cut is KubeTransportException { Message: "the connection ended in the middle of a list" }, $"{length}: {cut}");
        }

        Assert.Equal(2, (await Read(body[..end])).Items.Count);
        await Assert.ThrowsAsync<KubeTransportException>(() => Read(body[..(end + 1)]));
    }

    [Fact]
    public async Task A_body_that_is_not_a_list_is_a_protocol_error()
    {
        byte[][] bodies =
        [
            "<html>"u8.ToArray(),
            """{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[]}"""u8.ToArray(),
            Field(1, "k8s"),
            List([], version: ""),
            Envelope("PodList", []),
            Envelope("Status", [.. Field(1, Field(2, "1")), .. Field(2, "Failure")]),
            Envelope("Pod", Named("a")),
            [.. List([]), .. Field(2, Named("a"))], // two lists
            [.. List([]), 0],
            [.. List([]), 0x0b],
            Envelope("PodList", [.. Field(1, Field(2, "1")), 0x0b]), // a group
            Envelope("PodList", [.. Field(1, Field(2, "1")), 0xf8]), // half a number, and the list ends
            Envelope("PodList", [.. Field(1, Field(2, "1")), 0x12, 0x01]), // an item that is longer than the list
            Envelope("PodList", [.. Field(1, Field(2, "1")), 0x79, 0x01]),
            Envelope("PodList", [.. Field(1, Field(2, "1")), .. Enumerable.Repeat((byte)0xff, 11)]),
            Envelope("PodList", Field(1, Field(2, [0xff]))), // the version is not UTF-8
            Envelope("PodList", Field(1, Field(2, 7UL))),
        ];
        foreach (var body in bodies)
        {
            var error = await Record.ExceptionAsync(() => Read(body));
            Assert.True(error is KubeProtocolException, $"{Convert.ToHexString(body)}: {error}");
            Assert.StartsWith("the server's answer is not a list: ", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task The_item_cap_holds_exactly(int beyond, bool passes)
    {
        const int cap = 200_000;
        var item = Field(15, new byte[cap - 4 + beyond]);
        Assert.Equal(cap + beyond, item.Length);
        var limits = new WireLimits { MaxObjectBytes = cap };
        await Holds(passes, cap, async () => Assert.Equal(3, (await Read(List([[], item, Named("a")]), 5000, limits)).Items.Count));
        await Holds(passes, cap, () => Read(List([], more: Field(14, new byte[cap + beyond])), 5000, limits));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task The_page_cap_holds_exactly(int beyond, bool passes)
    {
        var body = List([Named("a"), []]);
        var reading = () => Read(body, limits: new WireLimits { MaxPageBytes = body.Length - beyond });
        if (passes)
        {
            await reading();
        }
        else
        {
            Assert.StartsWith(
                $"the server sent a page of a list longer than {body.Length - 1} bytes",
                (await Assert.ThrowsAsync<KubeProtocolException>(reading)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ffffff7f")] // 256 MiB
    [InlineData("ffffffffffffffff7f")] // 8 EiB
    [InlineData("ffffffffffffffffff01")]
    public async Task A_length_beyond_the_caps_is_refused_before_anything_is_kept(string length)
    {
        byte[] start = [.. "k8s\0"u8, .. Field(1, Field(2, "PodList"))];
        byte[] list = [.. start, 0x12, .. Convert.FromHexString(length)];
        byte[] item = [.. start, 0x12, .. Convert.FromHexString("ffffffff01"), 0x12, .. Convert.FromHexString(length)];
        foreach (var body in new[] { list, item })
        {
            var endless = new ChunkedStream(Enumerable.Repeat(new byte[1 << 16], 1 << 20).Prepend(body));

            await Assert.ThrowsAsync<KubeProtocolException>(() => ProtobufListReader.ReadAsync(
                endless, new WireLimits { MaxPageBytes = 1 << 20, MaxObjectBytes = 1 << 18 }, _ => { }, CancellationToken.None));

            Assert.InRange(endless.Served, 0, 1 << 17);
        }
    }

    [Fact]
    public async Task The_page_cap_ends_an_endless_list()
    {
        byte[] items = [.. Enumerable.Range(0, 1000).SelectMany(_ => Field(2, Named("a")))];
        var endless = new ChunkedStream(Enumerable.Repeat(items, 1_000_000).Prepend([.. "k8s\0"u8, 0x12, .. Number(1 << 20)]));

        await Assert.ThrowsAsync<KubeProtocolException>(() =>
            ProtobufListReader.ReadAsync(endless, new WireLimits { MaxPageBytes = 1 << 20 }, _ => { }, CancellationToken.None));

        Assert.InRange(endless.Served, 1 << 20, 2 << 20);
    }

    [Fact]
    public async Task An_item_is_handed_over_as_soon_as_it_has_arrived()
    {
        var body = List([Named("a"), Named("b")]);
        var first = body.AsSpan().IndexOf(Field(2, Named("a"))) + Field(2, Named("a")).Length;
        var items = 0;
        IEnumerable<byte[]> Chunks()
        {
            yield return body[..first];
            Assert.Equal(1, items);
            yield return body[first..];
        }

        await ProtobufListReader.ReadAsync(new ChunkedStream(Chunks()), WireLimits.Default, _ => items++, CancellationToken.None);

        Assert.Equal(2, items);
    }

    private static async Task Holds(bool passes, int cap, Func<Task> reading)
    {
        if (passes)
        {
            await reading();
        }
        else
        {
            Assert.StartsWith(
                $"the server sent an object longer than {cap} bytes",
                (await Assert.ThrowsAsync<KubeProtocolException>(reading)).Message, StringComparison.Ordinal);
        }
    }

    private static async Task<(ListPage Page, List<string> Items)> Read(byte[] body, int chunk = 1 << 20, WireLimits? limits = null)
    {
        var items = new List<string>();
        var page = await ProtobufListReader.ReadAsync(
            ChunkedStream.Of(body, chunk), limits ?? WireLimits.Default, item => items.Add(Convert.ToHexString(item)),
            CancellationToken.None);
        return (page, items);
    }
}
