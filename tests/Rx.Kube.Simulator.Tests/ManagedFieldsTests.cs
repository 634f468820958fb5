using System.Text.Json.Nodes;
using static Rx.Kube.Simulator.Tests.KubeObjects;
using static Rx.Kube.Simulator.Tests.SimulatorRequests;

namespace Rx.Kube.Simulator.Tests;

/// <summary>KEP-5958: a client asks for objects without <c>metadata.managedFields</c>.</summary>
public sealed class ManagedFieldsTests : IAsyncLifetime
{
    private const string Drop = "application/json;drop=metadata.managedFields";
    private ApiServerSimulator _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServerSimulator.StartAsync();
        _server.Cluster.Create("endpointslices", Managed("a"));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("*/*", true)]
    [InlineData("application/json;drop=spec", true)]
    [InlineData("application/json;drop=", true)]
    [InlineData(Drop, false)]
    [InlineData("application/json; drop=metadata.managedFields", false)]
    [InlineData("*/*;drop=metadata.managedFields", false)]
    [InlineData("text/html," + Drop, false)]
    public async Task Objects_and_lists_have_them_unless_the_client_drops_them(string accept, bool areThere)
    {
        using var client = Client(accept);
        var (_, o) = await client.GetJsonAsync(Slices + "/a");
        var (_, list) = await client.GetJsonAsync(Slices);

        Assert.Equal((areThere, areThere), (Has(o), Has(list["items"]![0]!)));
        var metadata = o["metadata"]!.AsObject();
        metadata.Remove("managedFields");
        Assert.Equal(
            ["name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "labels"], metadata.Select(p => p.Key));
        Assert.Equal(("a", "EndpointSlice", "10.0.0.1"), (o.Name(), (string?)o["kind"], (string?)o["endpoints"]![0]!["addresses"]![0]));
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData(Drop, false)]
    public async Task Events_have_them_unless_the_client_drops_them(string accept, bool areThere)
    {
        using var client = Client(accept);
        using var watch = await client.WatchAsync("resourceVersion=0");
        _server.Cluster.Replace("endpointslices", Managed("a", "kubectl"));
        _server.Cluster.Delete("endpointslices", "default", "a");

        foreach (var type in (string[])["ADDED", "MODIFIED", "DELETED"])
        {
            var next = await watch.NextAsync();
            Assert.Equal((type, areThere), ((string?)next!["type"], Has(next["object"]!)));
        }
    }

    [Fact]
    public async Task A_stored_object_keeps_what_a_client_dropped()
    {
        using var dropping = Client(Drop);
        await dropping.GetJsonAsync(Slices + "/a");
        using var client = Client("application/json");
        var (_, o) = await client.GetJsonAsync(Slices + "/a");

        Assert.Equal("controller", (string?)o["metadata"]!["managedFields"]![0]!["manager"]);
    }

    private static JsonObject Managed(string name, string manager = "controller")
    {
        var slice = Slice(name, ("app", "cache"));
        slice["metadata"]!["managedFields"] = new JsonArray(new JsonObject { ["manager"] = manager, ["operation"] = "Update" });
        return slice;
    }

    private static bool Has(JsonNode o) => o["metadata"]!["managedFields"] is not null;

    private HttpClient Client(string accept)
    {
        var client = _server.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
        return client;
    }
}
