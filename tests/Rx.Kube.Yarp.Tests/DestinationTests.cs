using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Rx.Kube.Yarp.Tests;

/// <summary>Which destinations YARP has, and when it is told of others.</summary>
public sealed class DestinationTests
{
    [Fact]
    public async Task A_Service_becomes_one_destination_for_each_member_and_other_hosts_pass_through()
    {
        await using var pods = await Pods.StartAsync(2, "http", "web");
        await using var other = await Backend.StartAsync("other", "127.0.0.1", "-", Backend.FreePort());
        var web = pods.Slice.Ports[1].Port;
        var http = pods.Slice.Ports[0].Port;
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            IsPlain = true,
            Cluster =
            [
                ("Destinations:c:Address", "http://_web.cache/base/"),
                ("Destinations:c:Health", "http://_http.cache.prod/alive"),
                ("Destinations:dns:Address", "http://cache.prod.svc.cluster.local"),
                ("Destinations:number:Address", $"http://cache:{web}"),
                ("Destinations:either:Address", "https+http://cache"),
                ("Destinations:host:Address", "http://cache"),
                ("Destinations:host:Host", "shop.example"),
                ("Destinations:foreign:Address", "http://127.0.0.1:9/x"),
                ("Destinations:unregistered:Address", "http://cache.github"),
            ],
        });

        Assert.Equal(
            [
                $"c/cache-0 http://127.0.0.2:{web}/base/", $"c/cache-1 http://127.0.0.3:{web}/base/",
                $"dns/cache-0 http://127.0.0.2:{http}/", $"dns/cache-1 http://127.0.0.3:{http}/",
                $"either/cache-0 http://127.0.0.2:{http}/", $"either/cache-1 http://127.0.0.3:{http}/",
                "foreign http://127.0.0.1:9/x",
                $"host/cache-0 http://127.0.0.2:{http}/", $"host/cache-1 http://127.0.0.3:{http}/",
                $"number/cache-0 http://127.0.0.2:{web}/", $"number/cache-1 http://127.0.0.3:{web}/",
                "unregistered http://cache.github",
            ],
            proxy.Destinations());
        var configs = proxy.Cluster().Destinations;
        Assert.Equal($"http://127.0.0.3:{http}/alive", configs["c/cache-1"].Model.Config.Health);
        Assert.Equal("cache", configs["c/cache-1"].Model.Config.Host);
        Assert.Equal("cache.prod.svc.cluster.local", configs["dns/cache-1"].Model.Config.Host);
        Assert.Equal("shop.example", configs["host/cache-1"].Model.Config.Host);
        Assert.Equal($"cache:{web}", configs["number/cache-1"].Model.Config.Host);
    }

    [Fact]
    public async Task The_port_is_the_one_of_the_address_else_named_like_the_scheme_else_the_only_one_and_never_the_first()
    {
        await using var pods = await Pods.StartAsync(1);
        foreach (var row in PortRule.Rows)
        {
            pods.Server.Cluster.Apply(row.Slice.Manifest());
        }

        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Cluster = [.. PortRule.Rows.Select(row => ($"Destinations:{row.Service}:Address", row.Address))],
            Builder = builder =>
            {
                foreach (var row in PortRule.Rows)
                {
                    builder.AddKubeTopology(row.Service);
                }
            },
        });

        Assert.All(PortRule.Rows, row =>
        {
            if (row.Expected.StartsWith("http", StringComparison.Ordinal))
            {
                Assert.Equal(row.Expected, proxy.Cluster().Destinations[$"{row.Service}/{row.Service}-pod"].Model.Config.Address);
            }
            else
            {
                Assert.False(proxy.Cluster().Destinations.ContainsKey($"{row.Service}/{row.Service}-pod"), row.Service);
                var lines = proxy.Log.Lines.Where(line => line.Contains($"Topology {row.Service}:", StringComparison.Ordinal));
                Assert.Contains(row.Expected, Assert.Single(lines), StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public async Task Several_clusters_and_ports_of_one_Service_share_one_watch_and_their_requests_arrive()
    {
        await using var pods = await Pods.StartAsync(2, "admin", "http");
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Settings =
            [
                ("Proxy:Routes:admin:ClusterId", "admin"), ("Proxy:Routes:admin:Match:Path", "/admin/{**rest}"),
                ("Proxy:Clusters:admin:Destinations:a:Address", "http://_admin.cache.prod"),
                ("Proxy:Clusters:idle:Destinations:a:Address", "http://cache"),
            ],
        });

        Assert.StartsWith("cache-", (await proxy.GetAsync("/admin/x")).Body, StringComparison.Ordinal);
        Assert.StartsWith("cache-", (await proxy.GetAsync("/x")).Body, StringComparison.Ordinal);
        Assert.Equal(
            ["GET /admin/x cache.prod", "GET /x cache"], pods.All.SelectMany(pod => pod.Requests).Order(StringComparer.Ordinal));
        Assert.Equal(1, pods.Server.OpenWatches);
        await pods.AddAsync("cache-2");
        await proxy.UntilAsync("cache-0", "cache-1", "cache-2");
        Assert.Equal(3, proxy.Destinations("admin").Length);
        Assert.Equal(3, proxy.Destinations("idle").Length);
        Assert.Contains($"a/cache-2 http://{pods["cache-2"].Address}:{pods.Slice.Ports[1].Port}/", proxy.Destinations("idle"));
        Assert.Equal(1, pods.Server.OpenWatches);
    }

    [Fact]
    public async Task An_endpoint_without_the_port_is_left_out_and_logged_once()
    {
        await using var pods = await Pods.StartAsync(2);
        pods.Server.Cluster.Apply(Slice.Of("cache-old", "cache", @namespace: "prod")
            .WithPort(9000, "grpc").WithPort(9001, "metrics").With("old-0", "127.0.0.99").Manifest());
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup { Retries = false });

        await proxy.UntilAsync("cache-0", "cache-1");
        await pods.AddAsync("cache-2");
        await proxy.UntilAsync("cache-0", "cache-1", "cache-2");

        Assert.Equal(200, (await proxy.GetAsync()).Status);
        var line = Assert.Single(proxy.Log.Lines);
        Assert.StartsWith(
            "Warning Topology cache: http://_http.cache leaves out 1 of the members. The first: Endpoint old-0 has no port named 'http'",
            line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_proxy_starts_without_the_API_server_and_has_its_destinations_as_soon_as_it_is_there()
    {
        await using var pods = await Pods.StartAsync(2);
        pods.Server.Offline = true;
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Options = options => options.FirstSyncTimeout = TimeSpan.FromMilliseconds(100),
            Topology = options => options.FirstSyncTimeout = TimeSpan.FromMilliseconds(100),
        });

        Assert.Equal(503, (await proxy.GetAsync()).Status);
        Assert.StartsWith(
            "Error Topology cache: the proxy starts without the destinations of prod/cache",
            Assert.Single(proxy.Log.Lines), StringComparison.Ordinal);

        pods.Server.Offline = false;
        await proxy.UntilAsync("cache-0", "cache-1");
        Assert.Equal(200, (await proxy.GetAsync()).Status);
    }

    [Fact]
    public async Task YARP_is_told_only_of_what_its_destinations_are_made_of()
    {
        await using var pods = await Pods.StartAsync(2);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url);
        await proxy.UntilAsync("cache-0", "cache-1");

        var topology = proxy.Services.GetRequiredService<CurrentValue<ServiceTopology>>();
        pods.Slice = pods.Slice.With("cache-1", "127.0.0.3", uid: "uid-2", zone: "eu-1", node: "n-1");
        pods.Publish();
        pods.Slice = pods.Slice.With("starting", "127.0.0.77", ready: false);
        pods.Publish();
        await Eventually.TrueAsync(() => topology.Required.Members.Contains("starting"), "the changes arrive");
        pods.Server.CloseWatches();
        await Task.Delay(300);
        Assert.Equal(1, proxy.Reloads.Count);

        pods.Slice = pods.Slice.With("starting", "127.0.0.77");
        pods.Publish();
        await proxy.UntilAsync("cache-0", "cache-1", "starting");
        Assert.Equal(2, proxy.Reloads.Count);
    }

    [Fact]
    public async Task Forty_changes_in_two_seconds_are_few_reloads_and_no_errors()
    {
        var settle = TimeSpan.FromMilliseconds(250);
        await using var pods = await Pods.StartAsync(3);
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Cluster = [("LoadBalancingPolicy", "KubeRing"), ("Metadata:KubeRing.Key", "header:x-user")],
            Options = options => (options.Settle, options.SettleAtMost) = (settle, TimeSpan.FromSeconds(1)),
        });
        await using var load = new Load(proxy);
        var before = proxy.Reloads.Count;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
        {
            pods.Remove("cache-2");
            await Task.Delay(50);
            pods.Slice = pods.Slice.With("cache-2", pods["cache-2"].Address, uid: $"again-{i}");
            pods.Publish();
            await Task.Delay(50);
        }

        await Eventually.TrueAsync(
            () => proxy.Cluster().Destinations.TryGetValue("c/cache-2", out var last)
                && last.Model.Config.Metadata!["Rx.Kube.Uid"] == "again-19",
            "the last change");
        var most = 1 + (int)(clock.Elapsed / settle);
        await load.MoreAsync(50);
        Assert.Empty(load.Lost);
        Assert.InRange(proxy.Reloads.Count - before, 1, most); // each one after a quiet time
        Assert.Equal(0, proxy.Reloads.Failures);
    }

    [Theory]
    [MemberData(nameof(LoadVariants.ServiceDefaults), MemberType = typeof(LoadVariants))]
    public async Task A_thousand_addresses_have_their_shares_and_are_reloaded_in_milliseconds_under_load(bool hasServiceDefaults)
    {
        // One listener for all: the kernel takes each address of 127.0.0.0/8 for this machine.
        await using var server = await ApiServerSimulator.StartAsync();
        var port = Backend.FreePort();
        await using var backend = await Backend.StartAsync("cache-", "0.0.0.0", "-", port);
        var slice = Enumerable.Range(0, 1000).Aggregate(
            Slice.Of("cache-abc", "cache", @namespace: "prod").WithPort(port, "http"),
            (slice, i) => slice.With($"cache-{i}", Address(i)));
        server.Cluster.Apply(slice.Manifest());
        await using var proxy = await Proxy.StartAsync(server.Url, new Proxy.Setup
        {
            Cluster = [("LoadBalancingPolicy", "KubeRing"), ("Metadata:KubeRing.Key", "header:x-user")],
            Builder = builder => _ = hasServiceDefaults ? builder.AddServiceDefaults() : builder,
        });
        Assert.Equal(1000, proxy.Destinations().Length);

        var shares = new HashSet<string>();
        for (var i = 0; i < 1000; i++)
        {
            shares.Add(await AnswererAsync(null));
        }

        Assert.Equal(1000, shares.Count);
        for (var i = 0; i < 50; i++)
        {
            Assert.True(proxy.Ring.Ring.TryGetOwner($"user-{i}", out var owner));
            Assert.Equal(Address(int.Parse(owner.Name[6..], null)), await AnswererAsync($"user-{i}"));
        }

        await using var load = new Load(proxy);
        await load.MoreAsync(50);
        var before = proxy.Reloads.Count;
        var clock = Stopwatch.StartNew();
        server.Cluster.Apply(slice.Without("cache-7").Manifest());
        await Eventually.TrueAsync(() => proxy.Reloads.Count > before, "the reload");

        Console.WriteLine($"1,000 addresses: change to reload in {clock.ElapsedMilliseconds} ms");
        Assert.Equal(999, proxy.Destinations().Length);
        Assert.InRange(clock.ElapsedMilliseconds, 0, 5000);
        await load.MoreAsync(50);
        Assert.Empty(load.Lost);

        static string Address(int i) => $"127.40.{i / 250}.{(i % 250) + 1}";

        async Task<string> AnswererAsync(string? key)
        {
            using var request = Proxy.Request(HttpMethod.Get, "/", key);
            using var response = await proxy.Client.SendAsync(request);
            return Assert.Single(response.Headers.GetValues("x-address"));
        }
    }

    [Fact]
    public async Task A_refused_list_does_not_fail_the_start_and_the_log_has_the_Role()
    {
        await using var pods = await Pods.StartAsync(1);
        var isRefused = true;
        pods.Server.Faults.Inject(Fault.Status(403, "Forbidden"), int.MaxValue, _ => Volatile.Read(ref isRefused));
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            // Long enough for the refusal to arrive on a busy machine.
            Options = options => options.FirstSyncTimeout = TimeSpan.FromSeconds(2),
            Topology = options => options.FirstSyncTimeout = TimeSpan.FromSeconds(2),
        });

        Assert.Equal(503, (await proxy.GetAsync()).Status);
        Assert.Contains("kind: Role", Assert.Single(proxy.Log.Lines), StringComparison.Ordinal);

        Volatile.Write(ref isRefused, false);
        await proxy.UntilAsync("cache-0");
        Assert.Equal((200, "cache-0"), await proxy.GetAsync());
    }

    [Fact]
    public async Task Another_resolver_that_fails_at_the_start_fails_the_start_as_it_does_without_Services()
    {
        await using var pods = await Pods.StartAsync(1);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Settings = [("Proxy:Clusters:shop:Destinations:s:Address", "http://shop")],
            Proxy = proxy =>
            {
                proxy.Services.AddSingleton<IDestinationResolver>(new Flaky { Fails = true });
                proxy.AddKubeDestinations();
            },
        }));

        Assert.Contains("away", $"{error}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://cache", 200)]
    [InlineData("https+http://cache", 200)]
    [InlineData("https://cache.prod", 502)] // the certificate is not for this name
    public async Task The_name_in_the_handshake_is_the_name_of_the_Service(string address, int status)
    {
        using var authority = new TestAuthority("cache");
        await using var server = await ApiServerSimulator.StartAsync();
        var port = Backend.FreePort();
        await using var backend = await Backend.StartAsync("cache-0", "127.0.0.2", "-", authority.Certificate, port);
        server.Cluster.Apply(Slice.Of("cache-abc", "cache", @namespace: "prod")
            .WithPort(7, "grpc").WithPort(port, "https").With("cache-0", "127.0.0.2").Manifest());
        await using var proxy = await Proxy.StartAsync(server.Url, new Proxy.Setup
        {
            Cluster = [("Destinations:c:Address", address)],
            Proxy = proxy => proxy.AddKubeDestinations()
                .ConfigureHttpClient((_, handler) => handler.SslOptions = authority.Trusting().SslOptions),
        });

        Assert.Equal(status, (await proxy.GetAsync()).Status);
        Assert.Equal(status == 200 ? ["GET / cache"] : [], backend.Requests);
    }

    [Fact]
    public async Task The_resolver_of_service_discovery_gets_what_is_no_Service_and_the_other_order_is_reported()
    {
        await using var pods = await Pods.StartAsync(1);
        await using var other = await Backend.StartAsync("other", "127.0.0.1", "-", Backend.FreePort());
        (string, string)[] settings =
        [
            ("Services:shop:http:0", "127.0.0.50:8080"), ("Proxy:Clusters:shop:Destinations:s:Address", "http://shop"),
        ];
        void Discovery(Microsoft.AspNetCore.Builder.WebApplicationBuilder builder) => builder.Services.AddServiceDiscovery();

        await using (var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Settings = settings,
            Builder = Discovery,
            Proxy = proxy => proxy.AddServiceDiscoveryDestinationResolver().AddKubeDestinations(),
        }))
        {
            Assert.Equal(200, (await proxy.GetAsync()).Status);
            Assert.Contains("127.0.0.50:8080", Assert.Single(proxy.Destinations("shop")), StringComparison.Ordinal);
            Assert.Empty(proxy.Log.Lines);
        }

        await using var reversed = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Settings = settings,
            Builder = Discovery,
            Proxy = proxy => proxy.AddKubeDestinations().AddServiceDiscoveryDestinationResolver(),
        });
        Assert.Contains("To fix: call AddKubeDestinations after it", Assert.Single(reversed.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_resolver_that_fails_after_the_start_does_not_silence_the_Services()
    {
        await using var pods = await Pods.StartAsync(1);
        var flaky = new Flaky();
        await using var proxy = await Proxy.StartAsync(pods.Server.Url, new Proxy.Setup
        {
            Settings = [("Proxy:Clusters:shop:Destinations:s:Address", "http://shop")],
            Proxy = proxy =>
            {
                proxy.Services.AddSingleton<IDestinationResolver>(flaky);
                proxy.AddKubeDestinations();
            },
        });

        flaky.Fails = true;
        await pods.AddAsync("cache-1");

        await proxy.UntilAsync("cache-0", "cache-1");
        Assert.Equal(["shop http://10.1.1.1/"], proxy.Destinations("shop"));
        Assert.Contains("The addresses of 1 destinations could not be resolved", Assert.Single(proxy.Log.Lines), StringComparison.Ordinal);
        Assert.Equal(0, proxy.Reloads.Failures);
    }

    [Theory]
    [InlineData("Metadata:KubeRing.Key", "x-user", "the metadata 'KubeRing.Key' is 'x-user'. To fix: set it to header:NAME")]
    [InlineData("Metadata:KubeRing.Key", "header:", "the metadata 'KubeRing.Key' is 'header:'")]
    [InlineData("Metadata:KubeRing.Replicas", "0", "the metadata 'KubeRing.Replicas' is '0'. To fix: set it to a number from 1 to 100")]
    public async Task An_invalid_setting_fails_the_start(string key, string value, string message)
    {
        await using var pods = await Pods.StartAsync(1);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Proxy.StartAsync(pods.Server.Url, ("LoadBalancingPolicy", "KubeRing"), (key, value)));

        Assert.Contains(message, $"{error}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_out_of_their_range_fail_the_start()
    {
        await using var pods = await Pods.StartAsync(1);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => Proxy.StartAsync(
            pods.Server.Url, new Proxy.Setup { Options = o => (o.RetryAttempts, o.SettleAtMost) = (0, TimeSpan.Zero) }));

        Assert.Contains("RetryAttempts must be from 1 to 100.", $"{error}", StringComparison.Ordinal);
        Assert.Contains("SettleAtMost must be from Settle to one day.", $"{error}", StringComparison.Ordinal);
    }

    private sealed class Flaky : IDestinationResolver
    {
        public bool Fails { get; set; }

        public ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
            IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken) =>
            Fails ? throw new InvalidOperationException("away") : new(new ResolvedDestinationCollection(
                new Dictionary<string, DestinationConfig> { ["shop"] = new() { Address = "http://10.1.1.1/" } },
                new CancellationChangeToken(default)));
    }
}
