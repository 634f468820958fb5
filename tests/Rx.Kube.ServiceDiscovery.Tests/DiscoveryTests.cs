using System.Net;
using System.Reactive.Linq;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Rx.Kube.ServiceDiscovery.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Shared;

namespace Rx.Kube.ServiceDiscovery.Tests;

/// <summary><c>http://cache</c> resolves from the watch.</summary>
public sealed class DiscoveryTests
{
    [Fact]
    public async Task Names_and_ports_mean_what_they_mean_in_Kubernetes_and_the_host_header_stays()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var caller = await Caller.DiscoveringAsync(cluster);
        foreach (var (address, answer) in new[]
        {
            ("http://cache/a?b=c", "cache-0 8080 cache HTTP/1.1 /a?b=c"),
            ("http://CACHE/", "cache-0 8080 cache HTTP/1.1 /"),
            ("http://cache:80/", "cache-0 8080 cache HTTP/1.1 /"),
            ("http://cache.prod/", "cache-0 8080 cache.prod HTTP/1.1 /"),
            ("http://cache.prod.svc.cluster.local/", "cache-0 8080 cache.prod.svc.cluster.local HTTP/1.1 /"),
            ("http://cache:9090/", "cache-0 9090 cache:9090 HTTP/1.1 /"),
            ("http://_metrics.cache/", "cache-0 9090 cache HTTP/1.1 /"),
            ("https+http://cache/", "cache-0 8080 cache HTTP/1.1 /"),
            ("https+http://_http.cache/", "cache-0 8080 cache HTTP/1.1 /"),
            ("https+http://_http.cache.prod/", "cache-0 8080 cache.prod HTTP/1.1 /"),
        })
        {
            Assert.Equal(answer, await caller.Client.GetStringAsync(new Uri(address)));
        }
    }

    [Fact]
    public async Task The_port_is_the_one_of_the_address_else_named_like_the_scheme_else_the_only_one_and_never_the_first()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        foreach (var row in PortRule.Rows)
        {
            cluster.Server.Cluster.Apply(row.Slice.Manifest());
        }

        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            foreach (var row in PortRule.Rows)
            {
                builder.AddKubeTopology(row.Service);
            }

            builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
        });
        var resolver = caller.Services.GetRequiredService<ServiceEndpointResolver>();

        foreach (var row in PortRule.Rows)
        {
            var answer = await AnswerAsync(row.Address);
            Assert.True(answer.Contains(row.Expected, StringComparison.Ordinal), $"{row.Address} is {answer}, and not {row.Expected}");
        }

        async Task<string> AnswerAsync(string address)
        {
            try
            {
                var endpoints = (await resolver.GetEndpointsAsync(address, default)).Endpoints;
                return Assert.IsType<UriEndPoint>(Assert.Single(endpoints).EndPoint).Uri.AbsoluteUri;
            }
            catch (InvalidOperationException e)
            {
                return e.Message;
            }
        }
    }

    [Fact]
    public async Task Requests_are_spread_evenly_and_a_new_pod_gets_its_share()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        await using var caller = await Caller.DiscoveringAsync(cluster);
        Assert.Equal(new() { ["cache-0"] = 20, ["cache-1"] = 20 }, await caller.TallyAsync(40));

        var pod = await cluster.StartPodAsync("cache-2");
        cluster.Publish(cluster.Slice.With(pod.Name, pod.Address));

        await Eventually.TrueAsync(async () => await caller.AskAsync() == "cache-2", "the new pod answers");
    }

    [Fact]
    public async Task A_draining_pod_gets_no_new_requests()
    {
        await using var cluster = await PodCluster.StartAsync(3);
        await using var caller = await Caller.DiscoveringAsync(cluster);
        Assert.Equal(3, (await caller.TallyAsync(40)).Count);

        cluster.Publish(cluster.Slice.With("cache-1", cluster["cache-1"].Address, ready: false, serving: true, terminating: true));
        await caller.SeesAsync(topology => topology.Ready.Count == 2);

        Assert.Equal(["cache-0 20", "cache-2 20"], (await caller.TallyAsync(40)).Select(pod => $"{pod.Key} {pod.Value}"));
    }

    [Theory]
    [InlineData("Kube:Pod:Zone", "b")]
    [InlineData("Kube:Pod:Node", "node-b")]
    public async Task Resolved_endpoints_are_those_near_the_pod_in_one_family(string setting, string value)
    {
        await using var cluster = await PodCluster.StartAsync(2);
        static Models.Endpoint Near(string place, string name, string address) => new()
        {
            Addresses = [address],
            Ready = true,
            Zone = place,
            NodeName = $"node-{place}",
            ForZones = [place],
            ForNodes = [$"node-{place}"],
            TargetRef = new("Pod", "prod", name, $"uid-{name}"),
        };
        cluster.Publish(cluster.Slice.With(Near("a", "cache-0", "10.0.0.1"), Near("b", "cache-1", "10.0.0.2")));
        cluster.Server.Cluster.Apply(Slice.Of("cache-v6", "cache", @namespace: "prod", addressType: "IPv6").WithPort(Pod.Http, "http")
            .With(Near("b", "cache-1", "fd00::1")).Manifest());
        await using var caller = await Caller.DiscoveringAsync(cluster, (setting, value));
        await caller.SeesAsync(topology => topology.Endpoints.Count == 3);

        var resolver = caller.Services.GetRequiredService<ServiceEndpointResolver>();
        var resolved = (await resolver.GetEndpointsAsync("http://cache", default)).Endpoints;

        Assert.Equal("10.0.0.2", Assert.IsType<UriEndPoint>(Assert.Single(resolved).EndPoint).Uri.Host);
    }

    [Fact]
    public async Task A_port_that_cannot_be_chosen_is_an_error_that_lists_the_names()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var caller = await Caller.DiscoveringAsync(cluster);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => caller.AskAsync("http://_web.cache/"));
        var unnamed = await Assert.ThrowsAsync<InvalidOperationException>(() => caller.AskAsync("https://cache/"));

        Assert.Contains(
            "no port named 'web'. Its ports: grpc 7/TCP, http 8080/TCP, metrics 9090/TCP", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "no port named 'https', and not exactly one port. Its ports: grpc 7/TCP, http 8080/TCP, metrics 9090/TCP",
            unnamed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_registered_topology_comes_before_the_configuration_and_all_else_is_left_to_it(bool after)
    {
        await using var cluster = await PodCluster.StartAsync(1);
        var other = await cluster.StartPodAsync("other");
        await using var caller = await Caller.StartAsync(
            cluster,
            builder =>
            {
                _ = after
                    ? builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery().AddKubeServiceDiscovery()
                    : builder.Services.AddKubeServiceDiscovery().AddServiceDiscovery();
                builder.Services.AddHttpClient("cache", Caller.Base).AddServiceDiscovery();
            },
            settings: [("Services:cache:http:0", "http://127.0.0.1:1"), ("Services:other:http:0", $"http://{other.Address}:{Pod.Http}")]);

        Assert.Equal("cache-0", await caller.AskAsync());
        Assert.Equal("other", await caller.AskAsync("http://other/"));
        Assert.Equal("other", await caller.AskAsync($"http://{other.Address}:{Pod.Http}/"));
        var resolved = await caller.Services.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync("http://cache", default);
        Assert.Equal(cluster["cache-0"].Address, Assert.IsType<UriEndPoint>(Assert.Single(resolved.Endpoints).EndPoint).Uri.Host);
    }

    [Fact]
    public async Task Another_host_of_the_same_first_name_is_not_answered_for()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var caller = await Caller.DiscoveringAsync(cluster);
        var resolver = caller.Services.GetRequiredService<ServiceEndpointResolver>();

        var foreign = await resolver.GetEndpointsAsync("https://cache.github.com", default);
        var ours = await resolver.GetEndpointsAsync("cache", default);

        Assert.Equal("cache.github.com", Assert.IsType<DnsEndPoint>(Assert.Single(foreign.Endpoints).EndPoint).Host);
        Assert.Equal($"{cluster["cache-0"].Address}:{Pod.Http}", Assert.Single(ours.Endpoints).EndPoint.ToString());
    }

    [Fact]
    public async Task Without_a_ready_endpoint_the_error_says_so_and_the_first_one_is_used_at_once()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var caller = await Caller.DiscoveringAsync(cluster);
        Assert.Equal("cache-0", await caller.AskAsync());
        var pod = cluster["cache-0"];
        cluster.Publish(cluster.Slice.With(pod.Name, pod.Address, ready: false));
        await caller.SeesAsync(topology => topology.Ready.IsEmpty);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => caller.AskAsync());
        Assert.StartsWith(
            "No endpoint of prod/cache can be used: none of its 1 endpoints is ready (live, version ",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(HttpRequestError.NameResolutionError, error.HttpRequestError);

        cluster.Publish(cluster.Slice.With(pod.Name, pod.Address, ready: false, serving: true, terminating: true));
        await Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => caller.AskAsync()) is null, "the last one, terminating");
    }

    [Fact]
    public async Task A_server_that_is_away_at_the_start_is_the_error_of_the_request_until_it_is_back()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        cluster.Server.Offline = true;
        await using var caller = await Caller.StartAsync(
            cluster,
            builder =>
            {
                builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
                builder.Services.AddHttpClient("cache", Caller.Base).AddServiceDiscovery();
            },
            options =>
            {
                options.FirstSyncTimeout = TimeSpan.Zero;
                options.Resume = new() { Backoff = new() { Initial = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromSeconds(0.1) } };
            });

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => caller.AskAsync());
        Assert.StartsWith("No complete list of prod/cache has arrived so far: ", error.Message, StringComparison.Ordinal);
        Assert.IsType<FirstSyncTimeoutException>(error.InnerException);

        cluster.Server.Offline = false;
        await Eventually.TrueAsync(async () => await Record.ExceptionAsync(() => caller.AskAsync()) is null, "it is repaired");
    }

    [Fact]
    public async Task A_connection_that_is_reset_as_it_is_made_goes_on_to_the_next_pod()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        var resetting = new ResettingHandler();
        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
            builder.Services.AddHttpClient("cache", Caller.Base).ConfigurePrimaryHttpMessageHandler(() => resetting).AddServiceDiscovery();
        });
        resetting.Hosts = [cluster["cache-0"].Address];

        Assert.Equal(new() { ["cache-1"] = 20 }, await caller.TallyAsync(20));
    }

    [Fact]
    public async Task A_missing_permission_is_the_error_of_the_request_with_the_whole_manifest()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        cluster.Server.Faults.Inject(Fault.Status(403, "Forbidden"), times: 1_000_000);
        await using var caller = await Caller.StartAsync(
            cluster,
            builder =>
            {
                builder.Services.AddServiceDiscovery().AddKubeServiceDiscovery();
                builder.Services.AddHttpClient("cache", Caller.Base).AddServiceDiscovery();
            },
            options =>
            {
                (options.Namespace, options.Service) = ("payments-of-customers-in-production", "payments-gateway-of-customers");
                options.FirstSyncTimeout = TimeSpan.Zero;
            });

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => caller.AskAsync());

        var cause = Assert.IsType<FirstSyncTimeoutException>(error.InnerException).Interruption!.Error;
        Assert.InRange(error.Message.Length, 1001, 3000); // longer than other causes may be
        Assert.EndsWith(Assert.IsType<KubeForbiddenException>(cause).Message.Split('\n')[^1], error.Message, StringComparison.Ordinal);
        Assert.Contains("kind: RoleBinding\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_endpoints_near_the_pod_are_used_and_one_family_of_a_dual_stack_pod()
    {
        await using var cluster = await PodCluster.StartAsync(2);
        static Models.Endpoint In(string zone, Pod pod) => new()
        {
            Addresses = [pod.Address],
            Ready = true,
            Zone = zone,
            ForZones = [zone],
            TargetRef = new("Pod", "prod", pod.Name, $"uid-{pod.Name}"),
        };
        cluster.Publish(cluster.Slice.With(In("a", cluster["cache-0"]), In("b", cluster["cache-1"])));
        cluster.Server.Cluster.Apply(Slice.Of("cache-v6", "cache", @namespace: "prod", addressType: "IPv6").WithPort(Pod.Http, "http")
            .With(In("b", cluster["cache-1"]) with { Addresses = ["fd00::1"] }).Manifest());
        await using var caller = await Caller.DiscoveringAsync(cluster, ("Kube:Pod:Zone", "b"));

        await caller.SeesAsync(topology => topology.Endpoints.Count == 3);

        Assert.Equal(new() { ["cache-1"] = 20 }, await caller.TallyAsync(20));
    }

    [Fact]
    public async Task A_scheme_that_is_not_allowed_is_not_used()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var caller = await Caller.StartAsync(cluster, builder =>
        {
            builder.Services.AddServiceDiscovery(options => (options.AllowAllSchemes, options.AllowedSchemes) = (false, ["https"]));
            builder.Services.AddKubeServiceDiscovery().AddHttpClient("cache", Caller.Base).AddServiceDiscovery();
        });

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => caller.AskAsync());

        Assert.Contains("The scheme of http://cache is not allowed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_topology_nothing_changes()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationManager());
        services.AddServiceDiscovery().AddKubeServiceDiscovery().AddHttpClient("cache").AddKubeRouting();
        await using var provider = services.BuildServiceProvider();

        var endpoints = await provider.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync("http://cache", default);

        Assert.IsType<DnsEndPoint>(Assert.Single(endpoints.Endpoints).EndPoint);
        Assert.NotNull(provider.GetRequiredService<IHttpClientFactory>().CreateClient("cache"));
    }

    [Fact]
    public async Task Idle_resolvers_are_disposed_and_the_watch_stays()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        var time = new ManualTime();
        await using var caller = await Caller.StartAsync(cluster, builder => builder.Services
            .AddSingleton<TimeProvider>(time).AddServiceDiscovery().AddKubeServiceDiscovery());
        var resolver = caller.Services.GetRequiredService<ServiceEndpointResolver>();
        ServiceEndpointSource? last = null;
        for (var round = 0; round < 3; round++)
        {
            var endpoints = await resolver.GetEndpointsAsync("http://cache", default);
            Assert.NotSame(last, endpoints);
            Assert.Same(endpoints, await resolver.GetEndpointsAsync("http://cache", default));
            Assert.Equal(cluster["cache-0"].Address, Assert.IsType<UriEndPoint>(Assert.Single(endpoints.Endpoints).EndPoint).Uri.Host);
            Assert.Equal("cache", endpoints.Endpoints[0].Features.Get<IHostNameFeature>()?.HostName);
            last = endpoints;
            time.Fire();
            time.Fire();
            cluster.Server.Offline = true; // a resolver that is made now has only what the process knows
        }

        cluster.Server.Offline = false;
        await Eventually.TrueAsync(() => cluster.Server.OpenWatches == 1, "one watch");
    }

    [Fact]
    public async Task A_resolver_without_endpoints_is_told_and_has_the_next_ones_at_once()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var caller = await Caller.DiscoveringAsync(cluster);
        var resolver = caller.Services.GetRequiredService<ServiceEndpointResolver>();
        var endpoints = await resolver.GetEndpointsAsync("http://cache", default);
        var pod = cluster["cache-0"];

        cluster.Publish(cluster.Slice.Without(pod.Name));
        await Eventually.TrueAsync(() => endpoints.ChangeToken.HasChanged, "the change");
        var error = await Assert.ThrowsAsync<HttpRequestException>(async () => await resolver.GetEndpointsAsync("http://cache", default));
        Assert.StartsWith("No endpoint of prod/cache can be used: it has no endpoints (live, ", error.Message, StringComparison.Ordinal);

        cluster.Publish(cluster.Slice.With(pod.Name, pod.Address));
        await caller.SeesAsync(topology => topology.Ready.Count == 1);

        // A call joins a refresh that runs already, and the refresh of the first change may still run: the next call has its own.
        try
        {
            endpoints = await resolver.GetEndpointsAsync("http://cache", default);
        }
        catch (HttpRequestException old) when (old.Message.StartsWith(
            "No endpoint of prod/cache can be used: it has no endpoints (live, ", StringComparison.Ordinal))
        {
            endpoints = await resolver.GetEndpointsAsync("http://cache", default);
        }

        Assert.Single(endpoints.Endpoints);
        var noPort = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await resolver.GetEndpointsAsync("http://_web.cache", default));
        Assert.Contains("Its ports: grpc 7/TCP, http 8080/TCP, metrics 9090/TCP", noPort.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_between_the_token_and_the_snapshot_is_not_lost()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var caller = await Caller.DiscoveringAsync(cluster);
        using var changes = new TopologyChanges(caller.Topology);
        await Eventually.TrueAsync(() => changes.Token is { HasChanged: false }, "it watches");
        var racing = new RacingTopology(caller.Topology, () =>
        {
            var before = changes.Token;
            cluster.Publish(cluster.Slice.With("cache-1", cluster.NextAddress()));
            Assert.True(SpinWait.SpinUntil(
                () => before.HasChanged && caller.Topology.Current.Required.Endpoints.Count == 2, Eventually.Patience));
        });
        var endpoints = new Answer();

        await new KubeEndpointProvider(new(racing, ["http"], null, "cache"), changes, new()).PopulateAsync(endpoints, default);

        Assert.Single(endpoints.Endpoints);
        Assert.True(Assert.Single(endpoints.Tokens).HasChanged);
    }

    [Fact]
    public async Task What_another_provider_gave_stays()
    {
        await using var cluster = await PodCluster.StartAsync(1);
        await using var caller = await Caller.DiscoveringAsync(cluster);
        using var changes = new TopologyChanges(caller.Topology);
        var endpoints = new Answer();
        endpoints.Endpoints.Add(ServiceEndpoint.Create(new DnsEndPoint("other", 1)));

        await new KubeEndpointProvider(new(caller.Topology, ["http"], null, "cache"), changes, new()).PopulateAsync(endpoints, default);

        Assert.Single(endpoints.Endpoints);
        Assert.Empty(endpoints.Tokens);
    }

    private sealed class Answer : IServiceEndpointBuilder
    {
        public List<IChangeToken> Tokens { get; } = [];

        public IList<ServiceEndpoint> Endpoints { get; } = [];

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public void AddChangeToken(IChangeToken changeToken) => Tokens.Add(changeToken);
    }

    /// <summary>A topology that changes while its snapshot is read.</summary>
    private sealed class RacingTopology(IKubeTopology inner, Action change) : IKubeTopology
    {
        public string Name => inner.Name;

        public ServiceName Service => inner.Service;

        public IObservable<ServiceTopology> Snapshots => inner.Snapshots;

        public CurrentValue<ServiceTopology> Current
        {
            get
            {
                var old = Observable.Return(inner.Current.Required).ToCurrentValue();
                change();
                return old;
            }
        }

        public IObservable<RingView> Rings => inner.Rings;

        public CurrentValue<RingView> CurrentRing => inner.CurrentRing;
    }

    /// <summary>Timers that fire when the test says so.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly List<Action> _timers = [];

        public void Fire()
        {
            Action[] due;
            lock (_timers)
            {
                due = [.. _timers];
            }

            Array.ForEach(due, fire => fire());
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_timers)
            {
                _timers.Add(() => callback(state));
            }

            return new Handle();
        }

        private sealed class Handle : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
