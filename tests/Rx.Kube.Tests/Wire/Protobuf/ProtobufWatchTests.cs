using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Tests.Watching;
using static Rx.Kube.Tests.Wire.Protobuf.ProtobufBytes;

namespace Rx.Kube.Tests.Wire.Protobuf;

public class ProtobufWatchTests
{
    private static readonly byte[] _a = Named("a");

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1 << 20)]
    public async Task Frames_are_the_same_wherever_the_stream_is_cut(int chunk)
    {
        byte[] large = [.. Enumerable.Range(0, 300_000).Select(i => (byte)i)];

        Assert.Equal(
            ["0102", Convert.ToHexString(large), "03"],
            await Read([.. Frame(1, 2), .. Frame(large), .. Frame(3)], chunk));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task The_cap_holds_exactly(int beyond, bool passes)
    {
        foreach (var cap in new[] { 2, 5, 200_000 })
        {
            byte[] body = [.. Frame(0), .. Frame(new byte[cap + beyond])];
            if (passes)
            {
                Assert.Equal(2, (await Read(body, 5000, cap)).Count);
            }
            else
            {
                Assert.StartsWith(
                    $"the server sent an object longer than {cap} bytes",
                    (await Assert.ThrowsAsync<KubeProtocolException>(() => Read(body, 5000, cap))).Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("7fffffff")]
    [InlineData("80000000")] // negative, as a signed number
    [InlineData("ffffffff")]
    public async Task A_length_beyond_the_cap_is_refused_before_anything_is_kept(string length)
    {
        var endless = new ChunkedStream(Enumerable.Repeat(new byte[1 << 16], 1 << 20).Prepend(Convert.FromHexString(length)));

        await Assert.ThrowsAsync<KubeProtocolException>(
            () => ProtobufWatchFrames.ReadAsync(endless, 8 << 20, _ => true, CancellationToken.None));

        Assert.InRange(endless.Served, 0, 1 << 17);
    }

    [Fact]
    public async Task A_body_that_ends_in_a_frame_is_a_broken_connection()
    {
        byte[] body = [.. Frame(1, 2), .. Frame(3, 4)];
        for (var length = 0; length <= body.Length; length++)
        {
            var error = await Record.ExceptionAsync(() => Read(body[..length], 3));
            Assert.Equal(length % 6 == 0 ? null : "the connection ended in the middle of an event", error?.Message);
            Assert.True(error is null or KubeTransportException);
        }
    }

    [Fact]
    public async Task No_event_is_handed_over_once_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var frames = 0;
        await Assert.ThrowsAsync<OperationCanceledException>(() => ProtobufWatchFrames.ReadAsync(
            new MemoryStream([.. Frame(1), .. Frame(2)]), 100,
            _ =>
            {
                frames++;
                cancellation.Cancel();
                return true;
            },
            cancellation.Token));

        Assert.Equal(1, frames);
    }

    [Fact]
    public async Task An_object_that_cannot_be_decoded_is_skipped_and_the_watch_goes_on()
    {
        byte[] broken = [.. _a, .. Field(3, 7UL)];
        var events = await Events(
            [.. Event("ADDED", _a), .. Event("MODIFIED", broken), .. Event("ADDED", _a, "Node"), .. Event("DELETED", broken)]);

        Assert.Equal(
            [
                "Added", "Skipped field 3: expected a text or a message, found the type 0", "Skipped the object is not of kind Pod",
                "Skipped field 3: expected a text or a message, found the type 0",
            ],
            events.Select(e => e is WatchEvent<Pod>.Skipped s ? $"Skipped {s.Object.Reason.Split(" (byte ")[0]}" : e.GetType().Name));
        Assert.True(events[3] is WatchEvent<Pod>.Skipped { IsDeletion: true, Object: { Name: "a", Namespace: "default" } });
    }

    [Fact]
    public async Task An_unknown_type_is_skipped_and_a_bookmark_moves_the_version()
    {
        var ends = Field(1, [.. Field(6, "9"), .. Field(12, [.. Field(1, "k8s.io/initial-events-end"), .. Field(2, "true")])]);
        var other = Field(1, [.. Field(6, "8"), .. Field(12, [.. Field(1, "k8s.io/initial-events-end"), .. Field(2, "no")])]);

        var events = await Events([.. Event("LATER", _a), .. Event("BOOKMARK", other), .. Event("BOOKMARK", ends)]);

        Assert.True(events[0] is WatchEvent<Pod>.Skipped { Object.Reason: "the type of the event is unknown" });
        Assert.Equal(new WatchEvent<Pod>.Bookmark("8"), events[1]);
        Assert.Equal(new WatchEvent<Pod>.Bookmark("9") { EndsInitialEvents = true }, events[2]);
    }

    [Fact]
    public async Task A_frame_that_is_not_an_event_is_a_protocol_error()
    {
        byte[][] frames =
        [
            [],
            [0xff],
            "no event at all"u8.ToArray(),
            Field(1, "ADDED"),
            [.. Field(1, "ADDED"), .. Field(2, "")],
            [.. Field(1, 5UL), .. Field(2, Field(1, _a))],
            [.. Field(1, "ADDED"), .. Field(2, 5UL)],
            [.. Field(1, "ADDED"), .. Field(2, Field(1, _a)), 0x08],
            [.. Field(1, "ADDED"), .. Field(2, Field(1, Envelope("Pod", Named("a", ""))))], // no version
            [.. Field(1, "DELETED"), .. Field(2, Field(1, Envelope("Pod", Field(1, Field(6, "3")))))], // no name
        ];
        foreach (var frame in frames)
        {
            var error = await Record.ExceptionAsync(() => Events(Frame(frame)));
            Assert.True(error is KubeProtocolException, $"{Convert.ToHexString(frame)}: {error}");
        }
    }

    private static async Task<IList<WatchEvent<Pod>>> Events(byte[] body)
    {
        var server = new CannedServer().Answers(body, chunk: 11, contentType: Recording.WatchMedia);
        return await server.Connection.Resources(ResourceKinds.Pods, new() { Format = WireFormat.Protobuf }).Watch("1")
            .Where(e => e is not WatchEvent<Pod>.Opened).ToList();
    }

    private static async Task<List<string>> Read(byte[] body, int chunk, int cap = 8 << 20)
    {
        var frames = new List<string>();
        await ProtobufWatchFrames.ReadAsync(
            ChunkedStream.Of(body, chunk), cap,
            frame =>
            {
                frames.Add(Convert.ToHexString(frame));
                return true;
            },
            CancellationToken.None);
        return frames;
    }
}
