using System.Reactive.Linq;
using System.Text.Json.Serialization;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching;

/// <summary>Each subscription has a decoder of its own, which remembers what it decoded; nothing else does.</summary>
public partial class KubeWatchableDecoderTests
{
    private const string Slice =
        """{"metadata":{"name":"s","namespace":"default","resourceVersion":"18","labels":{"app":"cache"}},"endpoints":[{"zone":"a"}]}""";

    private const string List = $$"""{"metadata":{"resourceVersion":"17"},"items":[{{Slice}}]}""";
    private const string Watch = $$"""{"type":"MODIFIED","object":{{Slice}}}""" + "\n";

    private static readonly ResumeOptions _lists = new() { StreamingLists = false };

    [Fact]
    public void The_list_and_the_watch_of_a_resumed_stream_share_what_did_not_change()
    {
        var seen = new List<EndpointSlice>();
        var slices = Slices(new CannedServer().Answers(List).Answers(Watch));

        using var subscription = slices.Resume(_lists).Subscribe(e => seen.AddRange(ObjectsOf(e)));

        Assert.Equal(2, seen.Count);
        Assert.Same(seen[0].Endpoints, seen[1].Endpoints);
    }

    [Fact]
    public async Task Two_subscriptions_share_nothing()
    {
        var slices = Slices(new CannedServer().Answers(List).Answers(List));

        var (first, second) = (Assert.Single((await slices.List()).Items), Assert.Single((await slices.List()).Items));

        Assert.Equal(first, second);
        Assert.NotSame(first.Endpoints, second.Endpoints);
        Assert.NotSame(first.Endpoints[0], second.Endpoints[0]);
        Assert.NotSame(first.Endpoints[0].Zone, second.Endpoints[0].Zone);
        Assert.NotSame(first.Metadata.Labels, second.Metadata.Labels);
    }

    [Fact]
    public async Task A_decoder_is_made_per_list_and_per_watch_and_once_per_resumed_stream()
    {
        var made = 0;
        var kind = new ResourceKind<string>("", "v1", "pods", () =>
        {
            made++;
            return _ => "x";
        });
        var server = new CannedServer().Answers(List).Answers(Watch).Answers(List).Answers(Watch);
        var pods = server.Connection.Resources(kind);
        Assert.Equal(0, made);

        await pods.List();
        await pods.Watch("17").ToList();
        Assert.Equal(2, made);

        var clock = new VirtualClock();
        using var subscription = pods.Resume(_lists, clock).Subscribe(_ => { });
        clock.AdvanceTo(TimeSpan.FromSeconds(1));
        Assert.Equal(3, made);
        Assert.Equal(5, server.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_decoder_that_cannot_be_made_is_an_error_and_nothing_is_sent(bool resumed)
    {
        var kind = new ResourceKind<string>("", "v1", "pods", () => throw new NotSupportedException("no contract"));
        var server = new CannedServer();
        Exception? error = null;

        var pods = server.Connection.Resources(kind);
        using var subscription = (resumed ? pods.Resume() : pods.Watch("17")).Subscribe(_ => { }, e => error = e);

        Assert.Equal("no contract", Assert.IsType<NotSupportedException>(error).Message);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_custom_resource_needs_one_line()
    {
        var caches = new ResourceKind<Cache>("example.com", "v1beta1", "caches", CacheJson.Default.Cache);
        var server = new CannedServer().Answers(
            """{"metadata":{"resourceVersion":"17"},"items":[{"spec":{"shards":3}},null,{"spec":7}]}""");

        var list = await server.Connection.Resources(caches, new() { Namespace = "prod" }).List();

        Assert.Equal(3, Assert.Single(list.Items).Spec.Shards);
        Assert.Equal(2, list.SkippedItems.Length);
        Assert.Equal(["/apis/example.com/v1beta1/namespaces/prod/caches?limit=500"], server.Requests);
        Assert.Equal(4, caches.Decode("""{"spec":{"shards":4}}"""u8).Spec.Shards);
    }

    private static IWatchable<EndpointSlice> Slices(CannedServer server) => server.Connection.EndpointSlices();

    private static EquatableArray<EndpointSlice> ObjectsOf(WatchEvent<EndpointSlice> e) => e switch
    {
        WatchEvent<EndpointSlice>.Listed list => list.Items,
        WatchEvent<EndpointSlice>.Modified modified => [modified.Object],
        _ => [],
    };

    internal sealed record Cache(CacheSpec Spec);

    internal sealed record CacheSpec(int Shards);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Cache))]
    internal sealed partial class CacheJson : JsonSerializerContext;
}
