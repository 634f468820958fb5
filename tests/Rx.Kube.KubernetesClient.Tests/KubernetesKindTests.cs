using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace Rx.Kube.KubernetesClient.Tests;

public sealed class KubernetesKindTests
{
    [Fact]
    public void The_kinds_are_where_the_api_server_has_them()
    {
        Assert.Equal(
            ["pods v1 True", "services v1 True", "endpoints v1 True", "endpointslices.discovery.k8s.io v1 True", "nodes v1 False",
             "namespaces v1 False"],
            [
                Place(KubernetesKinds.Pods), Place(KubernetesKinds.Services), Place(KubernetesKinds.Endpoints),
                Place(KubernetesKinds.EndpointSlices), Place(KubernetesKinds.Nodes), Place(KubernetesKinds.Namespaces),
            ]);
        Assert.Equal("statefulsets.apps v1 True", Place(KubernetesKind.Of<V1StatefulSet>()));
    }

    [Fact]
    public void A_custom_resource_needs_only_its_attribute() =>
        Assert.Equal("caches.example.com v1beta1 True", Place(KubernetesKind.Of<Cache>()));

    [Fact]
    public void A_model_without_the_attribute_is_refused_by_name()
    {
        var error = Assert.Throws<ArgumentException>(() => KubernetesKind.Of<Nameless>());
        Assert.Contains("Nameless", error.Message, StringComparison.Ordinal);
        Assert.Contains("[KubernetesEntity]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_is_decoded_as_the_client_decodes_it()
    {
        var slice = Decode(
            KubernetesKinds.EndpointSlices,
            """
            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"cache-abc","resourceVersion":"7"},
             "addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true},"hostname":"cache-0"}],
             "ports":[{"name":"http","port":8080,"protocol":"TCP"}]}
            """);

        Assert.Equal("cache-abc", slice.Metadata.Name);
        Assert.Equal("IPv4", slice.AddressType);
        var endpoint = Assert.Single(slice.Endpoints);
        Assert.Equal(["10.0.0.1"], endpoint.Addresses);
        Assert.True(endpoint.Conditions.Ready);
        Assert.Equal("cache-0", endpoint.Hostname);
        Assert.Equal(8080, Assert.Single(slice.Ports).Port);
    }

    [Fact]
    public void Dates_are_read_by_the_clients_own_converters()
    {
        var pod = Decode(KubernetesKinds.Pods, """{"metadata":{"name":"cache-0","creationTimestamp":"2026-01-02T03:04:05.000006Z"}}""");
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddMicroseconds(6), pod.Metadata.CreationTimestamp);
    }

    [Fact]
    public void An_object_of_a_list_says_what_it_is_as_one_of_a_watch_does()
    {
        var listed = Decode(KubernetesKinds.Pods, """{"metadata":{"name":"cache-0"}}""");
        Assert.Equal(("v1", "Pod"), (listed.ApiVersion, listed.Kind));
        var grouped = Decode(KubernetesKinds.EndpointSlices, """{"metadata":{"name":"a"},"addressType":"IPv4","endpoints":null}""");
        Assert.Equal(("discovery.k8s.io/v1", "EndpointSlice"), (grouped.ApiVersion, grouped.Kind));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"metadata":"none"}""")]
    [InlineData("""{"metadata":{"creationTimestamp":"yesterday"}}""")]
    [InlineData("""{"metadata":{"creationTimestamp":17}}""")]
    public void Whatever_a_converter_throws_for_bad_data_is_the_objects_fault(string json) =>
        Assert.ThrowsAny<JsonException>(() => Decode(KubernetesKinds.Pods, json));

    [Fact]
    public void The_options_of_one_client_can_be_used()
    {
        var config = new KubernetesClientConfiguration { Host = "https://localhost" };
        config.AddJsonOptions(options => options.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower);
        var kind = KubernetesKind.Of<Cache>(options: config.JsonSerializerOptions);
        Assert.Equal(3, Decode(kind, """{"shard-count":3}""").ShardCount);
    }

    private static string Place<T>(ResourceKind<T> kind) => $"{kind} {kind.Version} {kind.Namespaced}";

    private static T Decode<T>(ResourceKind<T> kind, string json) => kind.Decode(Encoding.UTF8.GetBytes(json));

    [KubernetesEntity(Group = "example.com", ApiVersion = "v1beta1", Kind = "Cache", PluralName = "caches")]
    private sealed class Cache : IKubernetesObject
    {
        public string ApiVersion { get; set; } = null!;

        public string Kind { get; set; } = null!;

        public int ShardCount { get; set; }
    }

    private sealed class Nameless : IKubernetesObject
    {
        public string ApiVersion { get; set; } = null!;

        public string Kind { get; set; } = null!;
    }
}
