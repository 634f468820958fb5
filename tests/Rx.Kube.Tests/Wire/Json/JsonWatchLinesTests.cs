using System.Diagnostics;
using System.Text;

namespace Rx.Kube.Tests.Wire.Json;

public class JsonWatchLinesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1 << 20)]
    public async Task Lines_are_the_same_wherever_the_stream_is_cut(int chunk)
    {
        var lines = Enumerable.Range(0, 200).Select(i => new string('x', i * 37) + i).ToArray();
        var body = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

        Assert.Equal(lines, await Read(ChunkedStream.Of(body, chunk)));
    }

    [Fact]
    public async Task Empty_body_is_a_clean_end() => Assert.Empty(await Read(new ChunkedStream([])));

    [Fact]
    public async Task Blank_lines_are_skipped() =>
        Assert.Equal(["{}"], await Read(ChunkedStream.Of("\n\r\n  \n{}\n\r\n"u8.ToArray(), 3)));

    [Fact]
    public async Task Half_a_line_is_a_broken_connection_and_not_an_event()
    {
        var seen = new List<string>();
        var error = await Assert.ThrowsAsync<KubeTransportException>(
            () => Read(ChunkedStream.Of("{\"a\":1}\n{\"b\""u8.ToArray(), 4), seen));

        Assert.Equal(["{\"a\":1}"], seen);
        Assert.Contains("middle of an event", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_connection_is_typed()
    {
        var error = await Assert.ThrowsAsync<KubeTransportException>(
            () => Read(new ChunkedStream(["{}\n"u8.ToArray()], new IOException("reset by peer"))));

        Assert.Contains("reset by peer", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task The_cap_holds_exactly(int beyond, bool passes)
    {
        const int cap = 100_000;
        var body = Encoding.UTF8.GetBytes(new string('x', cap + beyond) + "\n");
        foreach (var chunk in new[] { 999, cap * 2 })
        {
            if (passes)
            {
                Assert.Equal(cap + beyond, Assert.Single(await Read(ChunkedStream.Of(body, chunk), cap: cap)).Length);
            }
            else
            {
                await Assert.ThrowsAsync<KubeProtocolException>(() => Read(ChunkedStream.Of(body, chunk), cap: cap));
            }
        }
    }

    [Theory]
    [InlineData("{\"type\":\"ADDED\",")]
    [InlineData("{\"type\":")]
    [InlineData("{\"type\"")]
    [InlineData("{")]
    public async Task Blank_lines_in_an_event_cost_no_more_than_their_length(string beginning)
    {
        var body = Encoding.UTF8.GetBytes(beginning + string.Concat(Enumerable.Repeat(" \n", 300_000)) + "!\n");
        var time = Stopwatch.StartNew();

        await Assert.ThrowsAsync<KubeProtocolException>(() => JsonWatchLines.ReadAsync(
            ChunkedStream.Of(body, 4096), 1 << 20, _ => false, CancellationToken.None));

        Assert.InRange(time.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5)); // 10 ms; a minute if each line reads the ones before it
    }

    [Fact]
    public async Task A_gigabyte_without_a_line_end_is_refused_at_the_cap()
    {
        var chunk = new byte[64 * 1024];
        Array.Fill(chunk, (byte)'x');
        var stream = new ChunkedStream(Enumerable.Repeat(chunk, 16 * 1024));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = await Assert.ThrowsAsync<KubeProtocolException>(() => Read(stream, cap: 8 << 20));

        Assert.InRange(stream.Served, 8 << 20, 17 << 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
        Assert.Contains(nameof(WireLimits.MaxObjectBytes), error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> Read(Stream stream, List<string>? into = null, int cap = 1 << 20)
    {
        var lines = into ?? [];
        await JsonWatchLines.ReadAsync(stream, cap, frame =>
        {
            lines.Add(Encoding.UTF8.GetString(frame));
            return true;
        }, CancellationToken.None);
        return lines;
    }
}
