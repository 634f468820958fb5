using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Tests;

/// <summary>Objects in one call, and resources that a user declares.</summary>
public sealed class ApplyTests : IAsyncLifetime
{
    private ApiServerSimulator _server = null!;

    private SimulatedCluster Cluster => _server.Cluster;

    public async Task InitializeAsync() => _server = await ApiServerSimulator.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Apply_creates_and_then_replaces_whatever_the_manifest_says_of_versions()
    {
        var created = Cluster.Apply(Slice("10.0.0.1", ",\"resourceVersion\":\"9\",\"uid\":\"mine\""));
        var replaced = Cluster.Apply(Slice("10.0.0.2", ",\"resourceVersion\":\"9\""));

        Assert.Equal((string?)created["metadata"]!["uid"], (string?)replaced["metadata"]!["uid"]);
        Assert.NotEqual("mine", (string?)created["metadata"]!["uid"]);
        Assert.True(long.Parse(replaced.Version(), null) > long.Parse(created.Version(), null));
        Assert.Equal("10.0.0.2", (string?)Cluster.Get("endpointslices", "prod", "a")!["endpoints"]![0]!["addresses"]![0]);
    }

    [Theory]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{", "not a JSON object")]
    [InlineData("""{"apiVersion":"example.com/v1","kind":"Widget"}""", "'Widget' of 'example.com/v1' is not served. To fix: call Declare")]
    public void What_cannot_be_applied_is_an_error_with_a_remedy(string manifest, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Cluster.Apply(manifest)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_custom_resource_is_served_over_HTTP_once_it_is_declared()
    {
        using var client = new HttpClient { BaseAddress = _server.Url };
        const string Path = "apis/example.com/v1alpha1/namespaces/prod/widgets";
        Assert.Equal(404, (int)(await client.GetAsync(Path)).StatusCode);

        Cluster.Declare("example.com/v1alpha1", "Widget", "widgets");
        Cluster.Declare("example.com/v1alpha1", "Widget", "widgets");
        Cluster.Apply("""
            {"apiVersion":"example.com/v1alpha1","kind":"Widget","metadata":{"name":"w","namespace":"prod"},
             "spec":{"size":3,"color":null},"more":[1]}
            """);

        var list = JsonNode.Parse(await client.GetStringAsync(Path))!;
        Assert.Equal("WidgetList", (string?)list["kind"]);
        Assert.Equal("example.com/v1alpha1", (string?)list["apiVersion"]);
        Assert.Equal(3, (int)list["items"]![0]!["spec"]!["size"]!);
        Assert.Equal(1, (int)list["items"]![0]!["more"]![0]!);
        Assert.True(list["items"]![0]!["spec"]!.AsObject().ContainsKey("color"));
        var found = JsonNode.Parse(await client.GetStringAsync("apis/example.com/v1alpha1"))!;
        Assert.Equal("widgets", (string?)found["resources"]![0]!["name"]);
        Assert.Contains("example.com", await client.GetStringAsync("apis"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_declaration_that_hides_another_resource_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Cluster.Declare("example.com/v1", "Pod", "pods"));
        Assert.Throws<ArgumentException>("apiVersion", () => Cluster.Declare("v1", "Widget", "widgets"));
        Assert.Throws<ArgumentException>("kind", () => Cluster.Declare("example.com/v1", "", "widgets"));
        Assert.Throws<ArgumentException>(() => Cluster.List("widgets"));
    }

    private static string Slice(string address, string metadata) =>
        $$$"""
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"a","namespace":"prod"{{{metadata}}}},
        "addressType":"IPv4","endpoints":[{"addresses":["{{{address}}}"]}]}
        """;
}
