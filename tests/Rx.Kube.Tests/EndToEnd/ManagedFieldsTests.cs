using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.Json.Nodes;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>A server that leaves <c>metadata.managedFields</c> out (KEP-5958) sends less, and changes no snapshot.</summary>
public sealed class ManagedFieldsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Snapshots_of_a_list_and_of_events_are_equal_with_and_without_them()
    {
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Create("endpointslices", Managed(Slice.Of("cache-abc", "cache").With("cache-0", "10.0.0.1"), "first"));
        using var all = new Asking("application/json");
        using var less = new Asking(null);
        using var allClient = new HttpClient(all);
        using var lessClient = new HttpClient(less);
        using var allKube = KubeConnection.From(allClient, server.Url);
        using var lessKube = KubeConnection.From(lessClient, server.Url);
        var seen = new List<ServiceTopology>();
        var streams = new[] { allKube, lessKube }.Select(kube => kube.EndpointSlices("default", service: "cache")
            .Resume(new() { StreamingLists = false }).ToTopology().WhereSynced().ShareLatest()).ToList();
        using var first = streams[0].Subscribe();
        using var second = streams[1].Subscribe();
        async Task Equal(string version)
        {
            var snapshots = await Task.WhenAll(streams.Select(s => s.FirstAsync(t => t.Version == version).Timeout(_patience).ToTask()));
            Assert.Equal(snapshots[0].Endpoints, snapshots[1].Endpoints);
            seen.Add(snapshots[1]);
        }

        await Equal(server.Cluster.Version.ToString(null, null));
        foreach (var ready in new[] { false, true })
        {
            var changed = Slice.Of("cache-abc", "cache").With("cache-0", "10.0.0.1", ready: ready).With("cache-1", "10.0.0.2");
            server.Cluster.Replace("endpointslices", Managed(changed, $"{ready}"));
            await Equal(server.Cluster.Version.ToString(null, null));
        }

        Assert.Equal(["True", "False,True", "True,True"], seen.Select(t => string.Join(',', t.Endpoints.Select(e => e.Ready))));
        Assert.Equal((true, false), (all.Read.Contains("managedFields"), less.Read.Contains("managedFields")));
    }

    private static JsonObject Managed(Models.EndpointSlice slice, string manager)
    {
        var json = JsonNode.Parse(slice.Manifest())!.AsObject();
        json["metadata"]!["managedFields"] = new JsonArray(new JsonObject { ["manager"] = manager, ["operation"] = "Update" });
        return json;
    }

    /// <summary>Asks for a media type, or as the library does, and keeps the list that the server has answered.</summary>
    private sealed class Asking(string? accept) : DelegatingHandler(new SocketsHttpHandler())
    {
        public string Read { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Remove("Accept-Encoding");
            if (accept is not null)
            {
                request.Headers.Remove("Accept");
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }

            var response = await base.SendAsync(request, cancellationToken);
            Read += request.RequestUri!.Query.Contains("watch=") ? "" : await response.Content.ReadAsStringAsync(cancellationToken);
            return response;
        }
    }
}
