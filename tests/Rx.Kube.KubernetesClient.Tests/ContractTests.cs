using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Rx.Kube.KubernetesClient.Tests;

/// <summary>Kinds by the JSON contract of their type, and what happens where there is none, as in trimmed and AOT programs.</summary>
public sealed partial class ContractTests
{
    private static readonly FakeApiServer.Answer EmptyList = new("""{"kind":"ShardList","metadata":{"resourceVersion":"7"},"items":[]}""");

    [Fact]
    public async Task A_custom_resource_is_decoded_by_a_generated_contract()
    {
        var kind = KubernetesKind.Of(Contracts.Default.Shard);
        Assert.Equal(("shards.example.com", "v1", true), ($"{kind}", kind.Version, kind.Namespaced));

        var shard = await First(kind);

        Assert.Equal(("example.com/v1", "Shard", "s-0", 3), (shard.ApiVersion, shard.Kind, shard.Metadata.Name, shard.Count));
        Assert.False(KubernetesKind.Of(Contracts.Default.Shard, namespaced: false).Namespaced);
    }

    [Fact]
    public async Task A_class_without_the_attribute_is_described_by_group_version_and_plural()
    {
        var kind = new ResourceKind<Plain>("example.com", "v1", "shards", Contracts.Default.Plain);
        Assert.Equal(3, (await First(kind)).Count);
    }

    [Fact]
    public async Task A_type_without_a_contract_is_an_error_at_Subscribe_and_nothing_is_sent()
    {
        var server = new FakeApiServer(EmptyList);
        using var kubernetes = new Kubernetes(new() { Host = "https://kube.example" }, server);
        using var kube = kubernetes.ToRxKube();
        var resources = kube.Resources(KubernetesKind.Of<Shard>(options: new() { TypeInfoResolver = Others.Default }));

        foreach (var stream in (IObservable<WatchEvent<Shard>>[])
            [resources.Resume(), resources.List(ListOptions.MostRecent), resources.Watch(new WatchOptions("7"))])
        {
            var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => stream.FirstAsync().ToTask());
            Assert.Contains(typeof(Shard).FullName!, error.Message, StringComparison.Ordinal);
            Assert.Contains("To fix: put [JsonSerializable(typeof(Shard))]", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Options_can_be_added_to_until_the_first_subscription()
    {
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
        var kind = KubernetesKind.Of<Shard>(options: options);
        options.TypeInfoResolver = Contracts.Default;
        Assert.Equal(3, kind.Decode("""{"spec":{},"count":3}"""u8).Count);
    }

    private static async Task<T> First<T>(ResourceKind<T> kind)
    {
        var server = new FakeApiServer(new FakeApiServer.Answer(
            """{"kind":"ShardList","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"s-0"},"count":3}]}"""));
        using var kubernetes = new Kubernetes(new() { Host = "https://kube.example" }, server);
        using var kube = kubernetes.ToRxKube();
        var list = await kube.Resources(kind).List(ListOptions.MostRecent).ToTask();
        Assert.Contains("/apis/example.com/v1/shards", server.Requests[0].Uri, StringComparison.Ordinal);
        return Assert.Single(list.Items);
    }

    [KubernetesEntity(Group = "example.com", ApiVersion = "v1", Kind = "Shard", PluralName = "shards")]
    internal sealed class Shard : IKubernetesObject<V1ObjectMeta>
    {
        public string ApiVersion { get; set; } = null!;

        public string Kind { get; set; } = null!;

        public V1ObjectMeta Metadata { get; set; } = null!;

        public int Count { get; set; }
    }

    internal sealed class Plain
    {
        public int Count { get; set; }
    }

    internal sealed class Other
    {
        public int Count { get; set; }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Shard))]
    [JsonSerializable(typeof(Plain))]
    internal sealed partial class Contracts : JsonSerializerContext;

    [JsonSerializable(typeof(Other))]
    internal sealed partial class Others : JsonSerializerContext;
}
