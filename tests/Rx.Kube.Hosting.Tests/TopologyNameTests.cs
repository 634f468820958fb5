using Microsoft.Extensions.Hosting;
using Rx.Kube.Hosting.Tests.Support;

namespace Rx.Kube.Hosting.Tests;

/// <summary>Which topology a host name means.</summary>
public sealed class TopologyNameTests
{
    [Theory]
    [InlineData("cache", "cache")]
    [InlineData("CACHE", "cache")]
    [InlineData("cache.", "cache")]
    [InlineData("cache.prod", "cache")]
    [InlineData("cache.prod.svc", "cache")]
    [InlineData("cache.prod.svc.cluster.local", "cache")]
    [InlineData("Cache.Prod.SVC.Other.Domain.", "cache")]
    [InlineData("primary", "primary")] // the name of the registration
    [InlineData("db", "primary")] // the Service, in the namespace of the connection
    [InlineData("db.prod", "primary")]
    [InlineData("cache.dev", "cache.dev")] // a name of a registration that looks like one of another
    [InlineData("users.dev", "users")]
    [InlineData("users", "users")] // the name of the registration, though the Service is in another namespace
    [InlineData("accounts", null)] // that Service is in another namespace
    [InlineData("api.github", "api")]
    [InlineData("api.github.com", null)] // a Service api in the namespace github is registered, and this host is not its name
    [InlineData("cache.github", null)]
    [InlineData("cache.prod.pod", null)]
    [InlineData("cache.prod.svc.", "cache")]
    [InlineData("cache.prod.svc..", null)]
    [InlineData("cache-0.cache.prod.svc.cluster.local", null)]
    [InlineData("10.0.0.1", null)]
    [InlineData("[fd00::1]", null)]
    [InlineData("", null)]
    [InlineData(".", null)]
    public async Task A_host_name_means_a_registered_Service_or_nothing(string host, string? name)
    {
        void Configure(HostApplicationBuilder builder)
        {
            builder.AddKubeTopology("cache");
            builder.AddKubeTopology("primary", options => options.Service = "db");
            builder.AddKubeTopology("cache.dev", options => options.Service = "other");
            builder.AddKubeTopology("users", options => (options.Namespace, options.Service) = ("dev", "users"));
            builder.AddKubeTopology("api", options => options.Namespace = "github");
            builder.AddKubeTopology("people", options => (options.Namespace, options.Service) = ("dev", "accounts"));
        }

        await using var application = TestHost.Build(
            Configure, ("Kube:Connection:Server", "http://127.0.0.1:1"), ("Kube:Connection:Namespace", "prod"));

        var all = application.Get<KubeTopologies>();

        Assert.Equal(name, all.Find(host)?.Name);
        Assert.Equal(["cache", "primary", "cache.dev", "users", "api", "people"], all.Select(topology => topology.Name));
        Assert.Equal(6, all.Count);
        Assert.Same(application.Get<IKubeTopology>("primary"), all[1]);
    }
}
