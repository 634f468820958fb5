using System.Text;

namespace Rx.Kube.Tests.Wire.Json;

public class JsonListReaderTests
{
    private const string Three =
        """{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"17","continue":"tok\"en","remainingItemCount":4},"items":""" +
        """[{"a":1}, {"b":[{"c":"}]"}]} ,{}],"more":[[1]]}""";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1 << 20)]
    public async Task Items_version_and_token_are_the_same_wherever_the_stream_is_cut(int chunk)
    {
        var (page, items) = await Read(Three, chunk);

        Assert.Equal(["{\"a\":1}", "{\"b\":[{\"c\":\"}]\"}]}", "{}"], items);
        Assert.Equal(("17", "tok\"en"), (page.ResourceVersion, page.Continue));
    }

    [Fact]
    public async Task Items_before_metadata_are_read()
    {
        var (page, items) = await Read("""{"items":[{"a":1}],"metadata":{"resourceVersion":"9"}}""");

        Assert.Single(items);
        Assert.Equal("9", page.ResourceVersion);
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"1"},"items":null}""")]
    [InlineData("""{"metadata":{"resourceVersion":"1","continue":null},"items":[]}""")]
    [InlineData("""{"metadata":{"resourceVersion":"1"}}""")]
    public async Task No_items_is_an_empty_list(string body) => Assert.Empty((await Read(body)).Items);

    [Fact]
    public async Task An_item_that_is_not_an_object_is_handed_over_for_the_decoder_to_refuse() =>
        Assert.Equal(["3", "\"x\"", "null"], (await Read("""{"metadata":{"resourceVersion":"1"},"items":[3,"x",null]}""")).Items);

    [Fact]
    public async Task A_deeply_nested_item_is_handed_over()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 1000)) + string.Concat(Enumerable.Repeat("]", 1000));

        Assert.Equal([deep], (await Read($$"""{"metadata":{"resourceVersion":"1"},"items":[{{deep}}]}""", 7)).Items);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"a\":1}")]
    [InlineData("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"a\":")]
    public async Task A_body_that_ends_too_soon_is_no_list(string body) =>
        Assert.True(await Record.ExceptionAsync(() => Read(body, 5)) is KubeTransportException or KubeProtocolException);

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("{\"items\":[]}")]
    [InlineData("{\"metadata\":{\"resourceVersion\":7}}")]
    [InlineData("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":{}}")]
    [InlineData("{\"metadata\":{\"resourceVersion\":\"1\"}}{}")]
    public async Task A_body_that_is_not_a_list_is_a_protocol_error(string body) =>
        await Assert.ThrowsAsync<KubeProtocolException>(() => Read(body));

    [Fact]
    public async Task The_page_cap_ends_an_endless_list()
    {
        var endless = new ChunkedStream(
            Enumerable.Repeat(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":1},", 1000))), 1_000_000)
                .Prepend("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":["u8.ToArray()));

        await Assert.ThrowsAsync<KubeProtocolException>(() =>
            JsonListReader.ReadAsync(endless, new WireLimits { MaxPageBytes = 1 << 20 }, _ => { }, CancellationToken.None));

        Assert.InRange(endless.Served, 1 << 20, 2 << 20);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task The_item_cap_holds_exactly(int beyond, bool passes)
    {
        const int cap = 200_000;
        var item = "\"" + new string('x', cap - 2 + beyond) + "\"";
        var reading = () => Read(
            $$"""{"metadata":{"resourceVersion":"1"},"items":[1,{{item}},2]}""", 5000, new WireLimits { MaxObjectBytes = cap });
        if (passes)
        {
            Assert.Equal(["1", item, "2"], (await reading()).Items);
        }
        else
        {
            await Assert.ThrowsAsync<KubeProtocolException>(reading);
        }
    }

    private static async Task<(ListPage Page, List<string> Items)> Read(string body, int chunk = 1 << 20, WireLimits? limits = null)
    {
        var items = new List<string>();
        var page = await JsonListReader.ReadAsync(
            ChunkedStream.Of(Encoding.UTF8.GetBytes(body), chunk), limits ?? WireLimits.Default,
            item => items.Add(Encoding.UTF8.GetString(item)), CancellationToken.None);
        return (page, items);
    }
}
