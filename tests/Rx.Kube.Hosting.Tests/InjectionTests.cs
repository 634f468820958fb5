using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Shared;

namespace Rx.Kube.Hosting.Tests;

/// <summary>What is injected, under which keys, and that it is all one watch.</summary>
public sealed class InjectionTests
{
    [Fact]
    public async Task One_topology_needs_no_key_and_all_its_users_share_one_watch()
    {
        await using var server = await StartAsync();
        await using var host = Build(server, "cache");
        await host.StartAsync();

        var received = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.Get<IObservable<ServiceTopology>>()
            .WhereSynced().FirstAsync().Timeout(Eventually.Patience).ToTask()));
        var subscriptions = Enumerable.Range(0, 50).Select(_ => host.Get<IObservable<RingView>>("cache").Subscribe()).ToList();

        Assert.All(received, snapshot => Assert.Equal(["cache-0", "cache-1"], snapshot.Members));
        Assert.Same(host.Get<IKubeTopology>(), host.Get<IKubeTopology>("cache"));
        Assert.Same(host.Get<IKubeTopology>().Current, host.Get<CurrentValue<ServiceTopology>>());
        Assert.Equal(2, host.Get<CurrentValue<RingView>>().Required.Ring.Members.Length);
        Assert.Equal("prod/cache", $"{host.Get<IKubeTopology>().Service}");
        await Eventually.TrueAsync(() => server.OpenWatches == 1, "one watch");
        subscriptions.ForEach(subscription => subscription.Dispose());
        Assert.Equal(1, server.OpenWatches);
    }

    [Fact]
    public async Task The_identity_of_members_can_be_chosen_and_the_ring_follows_it()
    {
        var server = new ScriptedServer();
        await using var host = TestHost.Build(server, options => options.MemberOf = endpoint => $"west/{endpoint.Member}");
        await host.StartAsync();
        server.Clock.AdvanceTo(TimeSpan.FromSeconds(1));

        Assert.Equal(["west/cache-0", "west/cache-1"], host.Get<CurrentValue<ServiceTopology>>().Required.Members);
        Assert.Equal(
            ["west/cache-0", "west/cache-1"], host.Get<CurrentValue<RingView>>().Required.Ring.Members.Select(member => member.Name));
    }

    [Fact]
    public async Task Two_topologies_have_keys_and_one_connection()
    {
        await using var server = await StartAsync();
        await using var host = Build(server, "cache", "db");
        await host.StartAsync();

        Assert.Equal(["cache-0", "cache-1"], host.Get<CurrentValue<ServiceTopology>>("cache").Required.Members);
        Assert.Equal(["db-0"], host.Get<CurrentValue<ServiceTopology>>("db").Required.Members);
        Assert.Same(host.Get<KubeConnection>(), host.Get<KubeConnection>());
        await Eventually.TrueAsync(() => server.OpenWatches == 2, "two watches");
        var error = Assert.Throws<InvalidOperationException>(() => host.Get<IObservable<ServiceTopology>>());
        Assert.Equal(
            "2 topologies are registered: cache, db. To fix: ask for one by its name, as with [FromKeyedServices(\"cache\")].",
            error.Message);
    }

    [Fact]
    public async Task Names_of_one_Service_share_one_watch_and_each_has_its_own_ring_and_members_on_hold()
    {
        await using var server = await StartAsync();
        var log = new RequestLog();
        await using var host = Build(
            server,
            builder =>
            {
                builder.Services.AddSingleton(_ => log.ConnectTo(server.Url));
                builder.AddKubeTopology("writes", o => (o.Service, o.Namespace, o.Replicas) = ("cache", "prod", 2));
                builder.AddKubeTopology(
                    "held", o => (o.Service, o.LabelSelector, o.HoldDepartures) = ("cache", "", TimeSpan.FromMinutes(5)));
            },
            "cache");
        await host.StartAsync();
        string[] names = ["cache", "writes", "held"];
        var departed = names.Select(name => host.Get<IObservable<ServiceTopology>>(name)
            .FirstAsync(t => t.Members.Count == 1).Timeout(Eventually.Patience).ToTask()).ToList();

        server.Cluster.Apply(Cache.Without("cache-1").Manifest());
        await Task.WhenAll(departed);

        Assert.All(names, name => Assert.Equal("prod/cache", $"{host.Get<IKubeTopology>(name).Service}"));
        Assert.Equal(
            ["members 1, replicas 1", "members 1, replicas 2", "members 2, replicas 1"],
            names.Select(name => host.Get<CurrentValue<RingView>>(name).Required).Select(
                view => $"members {view.Ring.Members.Length}, replicas {view.Replicas.ReplicationFactor}"));
        Assert.Equal(["list cache", "watch cache"], log.Requests);
        Assert.Equal(1, server.OpenWatches);
        await host.StopAsync();
        await Eventually.TrueAsync(() => server.OpenWatches == 0, "the last name that stops ends the watch");
    }

    [Fact]
    public async Task A_name_with_other_options_of_the_watch_has_a_watch_of_its_own()
    {
        await using var server = await StartAsync();
        await using var host = Build(
            server,
            builder => builder
                .AddKubeTopology("labelled", o => (o.Service, o.LabelSelector) = ("cache", "tier=none"))
                .AddKubeTopology("named", o => (o.Service, o.MemberOf) = ("cache", endpoint => $"west/{endpoint.Member}"))
                .AddKubeTopology("patient", o => (o.Service, o.Resume) = ("cache", new() { WatchTimeout = TimeSpan.FromHours(1) }))
                .AddKubeTopology("limited", o => (o.Service, o.Limits) = ("cache", new() { MaxItems = 1000 }))
                .AddKubeTopology("contested", o => (o.Service, o.TopologyLimits) = ("cache", new() { MaxPortSets = 1 }))
                .AddKubeTopology("other", o => (o.Service, o.Namespace) = ("cache", "test")),
            "cache");
        await host.StartAsync();

        await Eventually.TrueAsync(() => server.OpenWatches == 7, "a watch for each");
        Assert.Empty(host.Get<CurrentValue<ServiceTopology>>("labelled").Required.Members);
        Assert.Equal(["west/cache-0", "west/cache-1"], host.Get<CurrentValue<ServiceTopology>>("named").Required.Members);
        Assert.Empty(host.Get<CurrentValue<ServiceTopology>>("other").Required.Members);
    }

    [Fact]
    public async Task A_constructor_gets_them_by_type_and_by_key()
    {
        await using var server = await StartAsync();
        await using var host = Build(
            server, builder => builder.Services.AddSingleton<Consumer>(), "cache", "db");

        var consumer = host.Get<Consumer>();

        Assert.Equal("cache", consumer.Cache.Name);
        Assert.Equal("db", consumer.Db.Name);
        Assert.NotNull(consumer.Pod.Name);
    }

    [Fact]
    public async Task The_connection_of_the_application_is_used_and_stays_its_own()
    {
        await using var server = await StartAsync();
        using var own = KubeConnection.To(server.Url, new() { Namespace = "prod" });
        await using (var host = TestHost.Build(builder =>
        {
            builder.Services.AddSingleton(own);
            builder.AddKubeTopology("cache");
        }))
        {
            await host.StartAsync();
            Assert.Same(own, host.Get<KubeConnection>());
        }

        Assert.Single((await own.EndpointSlices(service: "cache").List().ToTask()).Items);
    }

    [Fact]
    public async Task What_the_application_has_registered_without_a_key_stays()
    {
        await using var server = await StartAsync();
        var own = Observable.Never<ServiceTopology>();
        await using var host = Build(server, builder => builder.Services.AddSingleton(own), "cache");

        Assert.Same(own, host.Get<IObservable<ServiceTopology>>());
        Assert.NotSame(own, host.Get<IObservable<ServiceTopology>>("cache"));
    }

    [Fact]
    public async Task A_name_that_is_added_twice_is_one_topology_with_both_settings()
    {
        await using var server = await StartAsync();
        await using var host = Build(
            server, builder => builder.AddKubeTopology("cache", o => o.Replicas = 2).AddKubeTopology("cache", o => o.StaleLimit = default),
            "cache");
        await host.StartAsync();

        Assert.Equal(2, host.Get<CurrentValue<RingView>>().Required.Replicas.ReplicationFactor);
        Assert.Equal("Healthy", $"{(await host.HealthAsync()).Status}");
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_start_or_the_first_use()
    {
        var script = new ScriptedServer();
        await using var host = TestHost.Build(script);

        Assert.NotNull(host.Get<IKubeTopology>());
        Assert.NotNull(host.Get<IObservable<RingView>>());
        Assert.Empty(script.Http.Requests);
        Assert.NotNull(host.Get<CurrentValue<ServiceTopology>>());
        Assert.Single(script.Http.Requests);
    }

    [Fact]
    public async Task A_collection_of_services_without_a_host_is_enough()
    {
        await using var server = await StartAsync();
        await using var provider = new ServiceCollection()
            .AddKubeConnection(o => (o.Server, o.Namespace) = (server.Url, "prod"))
            .AddKubeTopology("cache")
            .BuildServiceProvider();

        var topology = await provider.GetRequiredService<IObservable<ServiceTopology>>()
            .WhereSynced().FirstAsync().Timeout(Eventually.Patience).ToTask();

        Assert.Equal(["cache-0", "cache-1"], topology.Members);
    }

    [Fact]
    public async Task A_subscriber_that_blocks_or_throws_delays_no_other()
    {
        await using var server = await StartAsync();
        await using var host = Build(server, "cache");
        await host.StartAsync();
        using var free = new ManualResetEventSlim();
        var snapshots = host.Get<IObservable<ServiceTopology>>();
        using var blocked = snapshots.Subscribe(_ => free.Wait());
        using var throwing = snapshots.Subscribe(_ => throw new InvalidOperationException("of a subscriber"));

        var next = snapshots.FirstAsync(t => t.Members.Contains("cache-2")).Timeout(Eventually.Patience).ToTask();
        server.Cluster.Apply(Cache.With("cache-2", "10.0.0.3").Manifest());

        Assert.Equal(3, (await next).Members.Count);
        Assert.Equal(3, host.Get<CurrentValue<ServiceTopology>>().Required.Members.Count);
        await Eventually.TrueAsync(
            () => host.Log.Lines.Any(line => line.StartsWith(
                "Error Topology cache: a subscriber of prod/cache has thrown", StringComparison.Ordinal)),
            "the fault is logged");
        free.Set();
    }

    [Fact]
    public async Task Weights_zones_and_held_members_are_those_of_the_options()
    {
        await using var server = await StartAsync();
        await using var host = Build(
            server,
            builder => builder.AddKubeTopology("cache", options =>
            {
                options.HoldDepartures = TimeSpan.FromMinutes(10);
                options.Ring = new() { Weight = endpoint => endpoint.Member == "cache-0" ? 2 : 1 };
            }),
            "cache");
        await host.StartAsync();
        var departed = host.Get<IObservable<ServiceTopology>>().FirstAsync(t => t.Members.Count == 1).Timeout(Eventually.Patience).ToTask();

        server.Cluster.Apply(Cache.Without("cache-1").Manifest());
        await departed;

        Assert.Equal(["cache-0 2", "cache-1 1"], host.Get<CurrentValue<RingView>>().Required.Ring.Members
            .Select(member => $"{member.Name} {member.Weight}").Order());
    }

    [Theory]
    [InlineData(false, "cache-0 cache-1")]
    [InlineData(true, "cache-1")]
    public async Task A_member_that_terminates_leaves_the_ring_and_not_the_snapshot_if_the_options_say_so(bool leaves, string members)
    {
        await using var server = await StartAsync();
        server.Cluster.Apply(Cache.With("cache-0", "10.0.0.1", ready: false, serving: true, terminating: true).Manifest());
        await using var host = Build(
            server, builder => builder.AddKubeTopology("cache", options => options.LeaveWhenTerminating = leaves), "cache");

        await host.StartAsync();

        Assert.Equal(members, string.Join(' ', host.Get<CurrentValue<RingView>>().Required.Ring.Members.Select(m => m.Name).Order()));
        Assert.Equal(["cache-0", "cache-1"], host.Get<CurrentValue<ServiceTopology>>().Required.Members);
    }

    private static Models.EndpointSlice Cache => Slice.Of("cache-abc", service: "cache", @namespace: "prod")
        .With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2");

    private static async Task<ApiServerSimulator> StartAsync()
    {
        var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Apply(Cache.Manifest());
        server.Cluster.Apply(Slice.Of("db-abc", service: "db", @namespace: "prod").With("db-0", "10.0.1.1").Manifest());
        return server;
    }

    private static TestHost Build(ApiServerSimulator server, params string[] names) => Build(server, _ => { }, names);

    private static TestHost Build(
        ApiServerSimulator server, Action<Microsoft.Extensions.Hosting.HostApplicationBuilder> configure, params string[] names) =>
        TestHost.Build(
            builder =>
            {
                configure(builder);
                foreach (var name in names)
                {
                    builder.AddKubeTopology(name);
                }
            },
            ("Kube:Connection:Server", server.Url.AbsoluteUri), ("Kube:Connection:Namespace", "prod"));

    private sealed class Consumer(
        [FromKeyedServices("cache")] IKubeTopology cache, [FromKeyedServices("db")] IKubeTopology db, KubePodOptions pod)
    {
        public IKubeTopology Cache => cache;

        public IKubeTopology Db => db;

        public KubePodOptions Pod => pod;
    }
}
