using System.Collections.Concurrent;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Kube.Models;
using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>One watch that starts with the whole state, as the server sends it (KEP-3157).</summary>
public sealed class StreamingListTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private static readonly TimeSpan _atMost = TimeSpan.FromSeconds(60);

    [RealServerFact]
    public async Task A_streaming_list_sends_every_object_then_the_end_bookmark_then_changes()
    {
        foreach (var name in new[] { "stream-a", "stream-b", "stream-c" })
        {
            await CreateAsync(name);
        }

        using var connection = KubeConnection.FromKubeconfig(server.Kubeconfig(server.Tokens.Reader));
        var slices = connection.EndpointSlices(service: "stream");
        var list = await slices.List(ListOptions.MostRecent).ToTask().WaitAsync(_atMost);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var events = new ConcurrentQueue<WatchEvent<EndpointSlice>>();
        var watch = slices.Watch(new WatchOptions("") { SendInitialEvents = true, Timeout = _atMost })
            .Do(e =>
            {
                events.Enqueue(e);
                if (e is WatchEvent<EndpointSlice>.Bookmark { EndsInitialEvents: true })
                {
                    ended.TrySetResult();
                }
            })
            .Where(_ => ended.Task.IsCompleted)
            .OfType<WatchEvent<EndpointSlice>.Added>()
            .FirstAsync().ToTask();
        await (await Task.WhenAny(ended.Task, watch)).WaitAsync(_atMost);
        await CreateAsync("stream-d");

        Assert.Equal("stream-d", (await watch.WaitAsync(_atMost)).Object.Metadata.Name);

        Assert.Equal(
            ["Opened", "Added stream-a", "Added stream-b", "Added stream-c", "end", "Added stream-d"],
            events.Select(Text).Where(e => e != "bookmark"));
        var end = events.OfType<WatchEvent<EndpointSlice>.Bookmark>().Single(b => b.EndsInitialEvents);
        Assert.True(long.Parse(end.ResourceVersion) >= long.Parse(list.ResourceVersion));
    }

    [RealServerFact]
    public async Task A_streaming_list_of_a_version_is_not_older_than_it()
    {
        await CreateAsync("old-a", "old");
        using var connection = KubeConnection.FromKubeconfig(server.Kubeconfig(server.Tokens.Reader));
        var slices = connection.EndpointSlices(service: "old");
        var list = await slices.List(ListOptions.MostRecent).ToTask().WaitAsync(_atMost);

        var events = await slices
            .Watch(new WatchOptions(list.ResourceVersion) { SendInitialEvents = true, Timeout = _atMost })
            .TakeUntil(e => e is WatchEvent<EndpointSlice>.Bookmark { EndsInitialEvents: true })
            .ToList().ToTask().WaitAsync(_atMost);

        Assert.Equal(["Opened", "Added old-a", "end"], events.Select(Text));
        var end = Assert.IsType<WatchEvent<EndpointSlice>.Bookmark>(events[^1]);
        Assert.True(long.Parse(end.ResourceVersion) >= long.Parse(list.ResourceVersion));
    }

    private static string Text(WatchEvent<EndpointSlice> e) => e switch
    {
        WatchEvent<EndpointSlice>.Added a => $"Added {a.Object.Metadata.Name}",
        WatchEvent<EndpointSlice>.Bookmark { EndsInitialEvents: true } => "end",
        WatchEvent<EndpointSlice>.Bookmark => "bookmark",
        WatchEvent<EndpointSlice>.Opened => "Opened",
        _ => e.ToString(),
    };

    private async Task CreateAsync(string name, string service = "stream") =>
        (await server.KubectlAsync("create --validate=false -f -", SliceManifest.Of(name, service, 1))).OutputOrThrow();
}
