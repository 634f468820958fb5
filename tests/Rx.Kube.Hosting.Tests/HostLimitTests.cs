using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.Extensions.Options;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Models;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests;

/// <summary>Each limit of the options of a topology: one below, at and one above it.</summary>
public sealed class HostLimitTests
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(4095, true)]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public async Task The_characters_of_a_label_selector_are_limited_and_the_longest_one_reaches_the_server(int length, bool isValid)
    {
        // "a!=b,a!=b,…": every slice matches.
        var selector = string.Join(',', Enumerable.Repeat("a!=b", (length / 5) - 1));
        selector += ",a!=" + new string('b', length - selector.Length - 4);
        Assert.Equal(length, selector.Length);
        await using var server = await ApiServerSimulator.StartAsync();
        server.Cluster.Apply(Slice.Of("cache-abc", service: "cache", @namespace: "prod").With("cache-0", "10.0.0.1").Manifest());
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache", options => options.FirstSyncTimeout = Eventually.Patience),
            ("Kube:Connection:Server", server.Url.AbsoluteUri), ("Kube:Topologies:cache:Namespace", "prod"),
            ("Kube:Topologies:cache:LabelSelector", selector));

        if (isValid)
        {
            await host.StartAsync();
            Assert.Equal(["cache-0"], host.Get<CurrentValue<ServiceTopology>>().Required.Members);
        }
        else
        {
            Assert.Contains(
                $"LabelSelector has {length} characters. To fix: use at most 4096.",
                (await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(99, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public Task Replicas_are_limited(int count, bool isValid) =>
        CheckAsync(options => options.Replicas = count, isValid, $"Replicas is {count}. To fix: set it from 1 to 100.");

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public async Task The_names_of_a_Service_and_a_namespace_are_limited_as_those_of_Kubernetes(int length, bool isValid)
    {
        var name = new string('a', length);
        await CheckAsync(options => options.Service = name, isValid, $"Service is '{name}', which is not the name of a Service.");
        await CheckAsync(options => options.Namespace = name, isValid, $"Namespace is '{name}', which is not the name of a namespace.");
    }

    [Theory]
    [InlineData(nameof(KubeTopologyOptions.HoldDepartures))]
    [InlineData(nameof(KubeTopologyOptions.FirstSyncTimeout))]
    [InlineData(nameof(KubeTopologyOptions.StaleLimit))]
    public async Task Times_are_from_zero_to_one_day(string option)
    {
        foreach (var (time, isValid) in new[]
        {
            (TimeSpan.FromTicks(-1), false), (TimeSpan.Zero, true), (TimeSpan.FromTicks(1), true),
            (_day - TimeSpan.FromTicks(1), true), (_day, true), (_day + TimeSpan.FromTicks(1), false),
        })
        {
            await CheckAsync(
                options => typeof(KubeTopologyOptions).GetProperty(option)!.SetValue(options, time), isValid,
                $"{option} is {time}. To fix: set it from zero to one day.");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(101)]
    public async Task The_Services_of_a_host_are_not_limited(int count)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        await using var host = TestHost.Build(
            builder => Enumerable.Range(0, count).ToList().ForEach(
                i => builder.AddKubeTopology($"cache-{i}", options => options.FirstSyncTimeout = Eventually.Patience)),
            ("Kube:Connection:Server", server.Url.AbsoluteUri));

        await host.StartAsync();

        await Eventually.TrueAsync(() => server.OpenWatches == count, "a watch for each");
        Assert.Equal(count, host.Get<KubeTopologies>().Count(topology => topology.Current.Required.Freshness.IsSynced));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task The_limits_of_what_the_server_sends_are_options_of_a_topology(int slices, bool isWithin)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        for (var i = 0; i < slices; i++)
        {
            server.Cluster.Apply(
                Slice.Of($"cache-{i}", service: "cache", @namespace: "default").With($"cache-{i}", $"10.0.0.{i}").Manifest());
        }

        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache", options =>
            {
                options.Limits = new() { MaxItems = 2 };
                options.FirstSyncTimeout = isWithin ? Eventually.Patience : TimeSpan.Zero;
            }),
            ("Kube:Connection:Server", server.Url.AbsoluteUri));
        await host.StartAsync();

        var topology = host.Get<CurrentValue<ServiceTopology>>();
        await Eventually.TrueAsync(
            () => topology.Value?.Freshness is { } now && (now.IsSynced || now.Cause is not null),
            "a list, or the cause that there is none");
        Assert.Equal(
            isWithin ? null : "the list has more than 2 objects. To fix: narrow it with a selector, or raise WireLimits.MaxItems.",
            topology.Required.Freshness.Cause?.Message);
    }

    [Fact]
    public Task The_limits_of_what_the_server_sends_are_not_null() =>
        CheckAsync(options => options.Limits = null!, isValid: false, "Limits is null. To fix: leave it out, or set its limits.");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_limits_of_what_a_topology_takes_from_slices_are_options_of_it(int count)
    {
        // So many slices claim one address, each with a port of its own; so many ports has one that claims another address.
        await using var server = await ApiServerSimulator.StartAsync();
        for (var i = 0; i < count; i++)
        {
            server.Cluster.Apply(
                Slice.Of($"set-{i}", service: "cache", @namespace: "default", port: 80 + i).With($"set-{i}", "10.0.0.1").Manifest());
        }

        EndpointPort[] ports = [.. Enumerable.Range(100, count).Select(port => new EndpointPort("", port))];
        var many = Slice.Of("many", service: "cache", @namespace: "default").With("many", "10.0.0.2");
        server.Cluster.Apply((many with { Ports = [.. ports] }).Manifest());
        server.Cluster.Apply(Slice.Of("best", service: "cache", @namespace: "default", port: 99).With("best", "10.0.0.2").Manifest());
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache", options =>
            {
                options.TopologyLimits = new() { MaxPortSets = 2, MaxPortsApart = 2 };
                options.FirstSyncTimeout = Eventually.Patience;
            }),
            ("Kube:Connection:Server", server.Url.AbsoluteUri));

        await host.StartAsync();

        var endpoints = host.Get<CurrentValue<ServiceTopology>>().Required.Endpoints;
        Assert.Equal(Math.Min(count, 2), endpoints.Count(e => e.Address == "10.0.0.1"));
        Assert.Equal(count > 2 ? 0 : count, endpoints.Of("many").Sum(e => e.Ports.Length));
        Assert.Equal(1, endpoints.Of("best").Single().Ports.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_members_that_are_held_are_limited_by_an_option_of_a_topology(int leaving)
    {
        await using var server = await ApiServerSimulator.StartAsync();
        var all = Slice.Of("cache", service: "cache", @namespace: "default").With("stays", "10.0.0.9");
        var slice = all;
        for (var i = 0; i < leaving; i++)
        {
            slice = slice.With($"cache-{i}", $"10.0.0.{i}");
        }

        server.Cluster.Apply(slice.Manifest());
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache", options =>
            {
                options.TopologyLimits = new() { MaxHeldMembers = 2 };
                options.HoldDepartures = TimeSpan.FromHours(1);
                options.FirstSyncTimeout = Eventually.Patience;
            }),
            ("Kube:Connection:Server", server.Url.AbsoluteUri));
        await host.StartAsync();
        var left = host.Get<IObservable<ServiceTopology>>().FirstAsync(t => t.Members.Count == 1).Timeout(Eventually.Patience).ToTask();

        server.Cluster.Apply(all.Manifest());
        await left;

        Assert.Equal(
            [.. Enumerable.Range(0, leaving).Skip(Math.Max(0, leaving - 2)).Select(i => $"cache-{i}"), "stays"],
            host.Get<CurrentValue<RingView>>().Required.Ring.Members.Select(m => m.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public Task The_limits_of_what_a_topology_takes_from_slices_are_not_null() => CheckAsync(
        options => options.TopologyLimits = null!, isValid: false, "TopologyLimits is null. To fix: leave it out, or set its limits.");

    private static async Task CheckAsync(Action<KubeTopologyOptions> set, bool isValid, string message)
    {
        await using var host = TestHost.Build(builder => builder.AddKubeTopology("cache", set));

        var error = Record.Exception(() => host.Get<IOptionsMonitor<KubeTopologyOptions>>().Get("cache"));

        if (isValid)
        {
            Assert.Null(error);
        }
        else
        {
            Assert.Contains(message, Assert.IsType<OptionsValidationException>(error).Message, StringComparison.Ordinal);
        }
    }
}
