using System.IO.Pipelines;
using System.Net;
using System.Reactive.Linq;
using System.Text.Json;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Watching;

public class KubeWatchableListTests
{
    private static readonly ResourceKind<string> _names = new("discovery.k8s.io", "v1", "endpointslices", NameOf);

    [Fact]
    public async Task A_services_slices_are_selected_by_its_label_in_the_connections_namespace()
    {
        var server = new CannedServer().Answers(Page("17", "")).Answers(Page("17", ""));

        await server.Connection.EndpointSlices(service: "cache").List();
        await server.Connection.EndpointSlices("prod", "cache", "tier in (a,b)").List();

        Assert.Equal(
            [
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=kubernetes.io/service-name=cache&limit=500",
                "/apis/discovery.k8s.io/v1/namespaces/prod/endpointslices?" +
                    "labelSelector=kubernetes.io/service-name=cache,tier in (a,b)&limit=500",
            ],
            server.Requests);
    }

    [Fact]
    public async Task A_services_legacy_endpoints_are_selected_by_their_name()
    {
        var server = new CannedServer().Answers(Page("17", "")).Answers(Page("17", ""));

        await server.Connection.Endpoints("prod", "cache").List();
        await server.Connection.Endpoints().List();

        Assert.Equal(
            [
                "/api/v1/namespaces/prod/endpoints?fieldSelector=metadata.name=cache&limit=500",
                "/api/v1/namespaces/default/endpoints?limit=500",
            ],
            server.Requests);
        Assert.Throws<ArgumentException>(() => server.Connection.Endpoints(service: "a,b"));
    }

    [Fact]
    public async Task Pods_are_of_a_namespace_nodes_of_the_cluster()
    {
        var server = new CannedServer().Answers(Page("17", "")).Answers(Page("17", "")).Answers(Page("17", "", "a"));

        await server.Connection.Pods().List();
        await server.Connection.Pods("prod", "app=cache").List();
        var nodes = await server.Connection.Nodes("pool=a").List();

        Assert.Equal("a", Assert.Single(nodes.Items).Metadata.Name);
        Assert.Equal(
            [
                "/api/v1/namespaces/default/pods?limit=500", "/api/v1/namespaces/prod/pods?labelSelector=app=cache&limit=500",
                "/api/v1/nodes?labelSelector=pool=a&limit=500",
            ],
            server.Requests);
    }

    [Fact]
    public async Task FieldSelectors_CoreGroup_AndAllNamespaces_HaveTheirPaths()
    {
        var server = new CannedServer().Answers(Page("17", "")).Answers(Page("17", ""));

        await server.Connection.Resources(
            new ResourceKind<string>("", "v1", "endpoints", NameOf),
            new() { Namespace = "a", FieldSelector = "metadata.name=x" }).List();
        await server.Connection.Resources(_names).List();

        Assert.Equal(
            [
                "/api/v1/namespaces/a/endpoints?fieldSelector=metadata.name=x&limit=500",
                "/apis/discovery.k8s.io/v1/endpointslices?limit=500",
            ],
            server.Requests);
    }

    [Fact]
    public async Task Three_pages_are_one_list_and_no_version_goes_with_a_token()
    {
        var server = new CannedServer().Answers(Page("17", "t1", "a", "b")).Answers(Page("17", "t2", "c")).Answers(Page("17", "", "d"));

        var list = await Names(server).List(new ListOptions { NotOlderThan = "9" });

        Assert.Equal(["a", "b", "c", "d"], list.Items.AsEnumerable());
        Assert.Equal("17", list.ResourceVersion);
        Assert.Equal(
            [
                "/apis/discovery.k8s.io/v1/endpointslices?limit=500&resourceVersion=9&resourceVersionMatch=NotOlderThan",
                "/apis/discovery.k8s.io/v1/endpointslices?limit=500&continue=t1",
                "/apis/discovery.k8s.io/v1/endpointslices?limit=500&continue=t2",
            ],
            server.Requests);
    }

    [Fact]
    public async Task ATokenThatExpired_StartsTheListOver_InOnePage_AndItsOwnTokenIsNotUsed()
    {
        var server = new CannedServer()
            .Answers(Page("17", "t1", "a", "deleted-since"))
            .Answers("""{"kind":"Status","code":410,"reason":"Expired","metadata":{"continue":"inconsistent"}}""", HttpStatusCode.Gone)
            .Answers(Page("25", "", "a", "b"));

        var list = await Names(server).List();

        Assert.Equal(["a", "b"], list.Items.AsEnumerable());
        Assert.Equal("25", list.ResourceVersion);
        Assert.Equal("/apis/discovery.k8s.io/v1/endpointslices", server.Requests[2]);
    }

    [Fact]
    public async Task Pages_of_two_versions_do_not_make_a_list()
    {
        var server = new CannedServer().Answers(Page("17", "t1", "a")).Answers(Page("18", "", "b")).Answers(Page("19", "", "a", "b", "c"));

        var list = await Names(server).List();

        Assert.Equal(["a", "b", "c"], list.Items.AsEnumerable());
        Assert.Equal("19", list.ResourceVersion);
        Assert.Equal("/apis/discovery.k8s.io/v1/endpointslices", server.Requests[2]);
    }

    [Fact]
    public void A_token_that_leads_to_itself_is_refused()
    {
        var server = new CannedServer().Answers(Page("17", "t1", "a")).Answers(Page("17", "t1"));
        Exception? error = null;

        using var subscription = Names(server).List().Subscribe(_ => { }, e => error = e);

        Assert.IsType<KubeProtocolException>(error);
    }

    [Fact]
    public void A_list_that_stops_in_the_middle_is_a_broken_connection_after_two_minutes()
    {
        SynchronizationContext.SetSynchronizationContext(null); // so that everything happens on this thread
        var clock = new VirtualClock();
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var handler = new FakeHandler(_ => new HttpResponseMessage { Content = new StreamContent(pipe.Reader.AsStream()) });
        using var connection = KubeConnection.From(
            new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }, new Uri("http://api.test/"),
            options: new() { Scheduler = clock });
        Exception? error = null;

        using var subscription = connection.Resources(_names).List().Subscribe(_ => { }, e => error = e);
        clock.AdvanceTo(TimeSpan.FromSeconds(119));
        Assert.Null(error);
        clock.AdvanceTo(TimeSpan.FromSeconds(120));

        Assert.IsType<KubeTransportException>(error);
    }

    [Fact]
    public async Task An_object_that_cannot_be_decoded_is_reported_and_the_rest_is_listed()
    {
        var server = new CannedServer().Answers(
            """{"metadata":{"resourceVersion":"17"},"items":[{"metadata":{"name":"a"}},""" +
            """{"metadata":{"namespace":"n","name":7,"resourceVersion":"3"}},{"metadata":{"name":"c"}}]}""");

        var list = await Names(server).List();

        Assert.Equal(["a", "c"], list.Items.AsEnumerable());
        var skipped = Assert.Single(list.SkippedItems);
        Assert.Equal(("n", "", "3"), (skipped.Namespace, skipped.Name, skipped.ResourceVersion));
        Assert.NotEmpty(skipped.Reason);
    }

    [Fact]
    public async Task Too_many_objects_are_refused()
    {
        var server = new CannedServer().Answers(Page("17", "", "a", "b", "c"));
        var watchable = server.Connection.Resources(_names, new() { Limits = new WireLimits { MaxItems = 2 } });

        var error = await Assert.ThrowsAsync<KubeProtocolException>(async () => await watchable.List());

        Assert.Contains("selector", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "prod", "kind: Role\n", "namespace: prod")]
    [InlineData("list", null, "kind: ClusterRole\n", "in the cluster")]
    public async Task Forbidden_names_the_permission_and_the_manifest_that_grants_it(
        string verb, string? @namespace, string kind, string place)
    {
        var server = new CannedServer().Answers(
            """{"kind":"Status","code":403,"reason":"Forbidden","message":"lister cannot"}""",
            HttpStatusCode.Forbidden);

        var error = await Assert.ThrowsAsync<KubeForbiddenException>(
            async () => await server.Connection.Resources(_names, new() { Namespace = @namespace }).List());

        Assert.Equal(new MissingPermission(verb, "discovery.k8s.io", "endpointslices", @namespace), error.Permission);
        Assert.Contains("lister cannot", error.Message, StringComparison.Ordinal);
        Assert.Contains(kind, error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains("verbs: [\"list\", \"watch\"]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_message_has_no_control_characters()
    {
        var server = new CannedServer().Answers(
            """{"kind":"Status","code":403,"reason":"Forbidden","message":"no\u001b[2Jyou"}""",
            HttpStatusCode.Forbidden);

        var error = await Assert.ThrowsAsync<KubeForbiddenException>(async () => await Names(server).List());

        Assert.DoesNotContain('\u001b', error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("A")]
    [InlineData("-a")]
    [InlineData("a?x=1")]
    public void A_namespace_that_is_not_a_dns_label_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => new ResourceSelection { Namespace = name });

    [Theory]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("a=b")]
    [InlineData("a)")]
    public void A_service_that_is_not_a_label_value_is_refused(string service) =>
        Assert.Throws<ArgumentException>(() => new CannedServer().Connection.EndpointSlices(service: service));

    [Fact]
    public void A_namespace_for_a_cluster_scoped_kind_is_refused() =>
        Assert.Throws<ArgumentException>(() => new CannedServer().Connection.Resources(
            new ResourceKind<string>("", "v1", "nodes", NameOf, namespaced: false), new() { Namespace = "a" }));

    private static IWatchable<string> Names(CannedServer server) => server.Connection.Resources(_names);

    private static string NameOf(ReadOnlySpan<byte> json) =>
        JsonDocument.Parse(json.ToArray()).RootElement.GetProperty("metadata").GetProperty("name").GetString()!;

    private static string Page(string version, string next, params string[] names) =>
        $$"""{"kind":"List","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[""" +
        $$"""{{string.Join(',', names.Select(Item))}}]}""";

    private static string Item(string name) => $$$"""{"metadata":{"name":"{{{name}}}"}}""";
}
