using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rx.Kube.Hosting.Tests.Support;

namespace Rx.Kube.Hosting.Tests;

/// <summary>What is configured, and what is wrong with it, is known when the host starts.</summary>
public sealed class OptionsTests
{
    [Fact]
    public async Task The_section_of_a_topology_sets_its_options_and_code_has_the_last_word()
    {
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache", options => options.Replicas = 3),
            ("Kube:Topologies:cache:Namespace", "prod"), ("Kube:Topologies:cache:Service", "cache-headless"),
            ("Kube:Topologies:cache:LabelSelector", "tier=hot"), ("Kube:Topologies:cache:HoldDepartures", "2m"),
            ("Kube:Topologies:cache:Replicas", "2"), ("Kube:Topologies:cache:SpreadOverZones", "false"),
            ("Kube:Topologies:cache:FirstSyncTimeout", "00:00:05"), ("Kube:Topologies:cache:FailStart", "true"),
            ("Kube:Topologies:cache:StaleLimit", "1h"), ("Kube:Topologies:cache:Resume:WatchTimeout", "90s"),
            ("Kube:Topologies:cache:Resume:SilenceTimeout", "70s"), ("Kube:Topologies:cache:Resume:AuditInterval", "500ms"),
            ("Kube:Topologies:cache:Resume:MaxAuditedObjects", "1000000"), ("Kube:Topologies:cache:Resume:MaxRetryAfter", "3m"));

        var options = Options<KubeTopologyOptions>(host, "cache");

        Assert.Equal(("prod", "cache-headless", "tier=hot"), (options.Namespace, options.Service, options.LabelSelector));
        Assert.Equal((TimeSpan.FromMinutes(2), 3, false), (options.HoldDepartures, options.Replicas, options.Ring.SpreadOverZones));
        Assert.Equal(
            (TimeSpan.FromSeconds(5), true, TimeSpan.FromHours(1)), (options.FirstSyncTimeout, options.FailStart, options.StaleLimit));
        Assert.Equal(
            (TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(70), TimeSpan.FromMilliseconds(500), 1_000_000),
            (options.Resume.WatchTimeout, options.Resume.SilenceTimeout, options.Resume.AuditInterval, options.Resume.MaxAuditedObjects));
        Assert.Equal(TimeSpan.FromMinutes(3), options.Resume.MaxRetryAfter);
    }

    [Fact]
    public async Task A_member_is_held_or_leaves_when_it_terminates_but_not_both()
    {
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache", options => options.HoldDepartures = TimeSpan.FromSeconds(1)),
            ("Kube:Topologies:cache:LeaveWhenTerminating", "true"));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);

        Assert.Contains("HoldDepartures holds the members that leave. To fix: set one of them.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kube:Topologies:cache:StaleLimit", "30", "which cannot be read. To fix: write the unit")]
    [InlineData("Kube:Topologies:cache:StaleLimit", "2000000000h", "which cannot be read. To fix: write the unit")]
    [InlineData("Kube:Topologies:cache:StaleLimit", "2 minutes", "which cannot be read. To fix: write the unit")]
    [InlineData("Kube:Topologies:cache:StaleLimit", "-1", "which cannot be read. To fix: write the unit")]
    [InlineData("Kube:Topologies:cache:StaleLimit", "2.00:00:00", "StaleLimit is 2.00:00:00. To fix: set it from zero to one day")]
    [InlineData("Kube:Topologies:cache:HoldDepartures", "48h", "HoldDepartures is 2.00:00:00. To fix: set it from zero to one day")]
    [InlineData("Kube:Topologies:cache:Resume:WatchTimeout", "100ms", "Kube:Topologies:cache:Resume:WatchTimeout is '100ms'. To fix:")]
    [InlineData("Kube:Topologies:cache:Resume:MaxAuditedObjects", "-1", "MaxAuditedObjects is '-1'. To fix: From 0 to 1000000.")]
    [InlineData("Kube:Topologies:cache:Resume:MaxAuditedObjects", "1000001", "MaxAuditedObjects is '1000001'. To fix: From 0 to 1000000.")]
    [InlineData("Kube:Topologies:cache:Resume:MaxRetryAfter", "25h", "Kube:Topologies:cache:Resume:MaxRetryAfter is '25h'. To fix:")]
    [InlineData("Kube:Topologies:cache:Replicas", "0", "Replicas is 0. To fix: set it from 1 to 100")]
    [InlineData("Kube:Topologies:cache:Replicas", "two", "Replicas is 'two', which cannot be read. To fix: write a whole number")]
    [InlineData("Kube:Topologies:cache:FailStart", "yes", "FailStart is 'yes', which cannot be read. To fix: write true or false")]
    [InlineData("Kube:Topologies:cache:Namepsace", "prod", "has a key 'Namepsace', which is no setting. To fix: use one of FailStart, ")]
    [InlineData("Kube:Topologies:cache:Namespace", "prod/x", "Namespace is 'prod/x', which is not the name of a namespace. To fix: set")]
    [InlineData("Kube:Topologies:cache:Service", "Cache", "Service is 'Cache', which is not the name of a Service. To fix: set Service to")]
    [InlineData("Kube:Topologies:cache:Service", "a\u001b[2J", @"Service is 'a\u{1b}[2J'")]
    [InlineData("Kube:Connection:Server", "127.0.0.1:8001", "Kube:Connection:Server is no")]
    [InlineData("Kube:Connection:Server", "ftp://kube", "Kube:Connection:Server is no http or https address. To fix:")]
    [InlineData("Kube:Connection:Cluster", "dev", "has a key 'Cluster', which is no setting. To fix: use one of Context, Kubeconfig, ")]
    [InlineData("Kube:Connection:Namespace", "A", "Kube:Connection:Namespace is 'A'. To fix:")]
    [InlineData("Kube:Pod:Nodes", "a", "Kube:Pod has a key 'Nodes', which is no setting. To fix: use one of LabelsFile, Name, Node, Zone.")]
    public async Task A_wrong_setting_fails_the_start_and_says_how_to_fix_it(string key, string value, string message)
    {
        await using var host = TestHost.Build(builder => builder.AddKubeTopology("cache"), (key, value));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_wrong_is_reported_at_once()
    {
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache", options => options.FirstSyncTimeout = TimeSpan.Zero),
            ("Kube:Topologies:cache:FailStart", "true"), ("Kube:Topologies:cache:Replicas", "-1"), ("Kube:Topologies:cache:Zone", "a"));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);

        Assert.Equal(3, error.Failures.Count());
        Assert.All(error.Failures, failure => Assert.StartsWith("The topology 'cache': ", failure, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_without_credentials_excludes_a_kubeconfig()
    {
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache"), ("Kube:Connection:Server", "http://kube"), ("Kube:Connection:Context", "dev"));

        Assert.Contains(
            "To fix: keep one of them", (await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kubeconfig_that_does_not_exist_fails_the_start()
    {
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache"), ("Kube:Connection:Kubeconfig", "/does/not/exist"));

        Assert.Contains(
            "/does/not/exist", (await Assert.ThrowsAsync<KubeConfigurationException>(host.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_options_are_refused_too()
    {
        await using var host = TestHost.Build(builder => builder.AddKubeTopology("cache", options =>
            (options.Ring, options.Resume, options.Scheduler) = (null!, null!, null!)));

        Assert.Equal(3, (await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync)).Failures.Count());
    }

    [Fact]
    public void The_name_of_a_topology_is_a_key_of_the_configuration()
    {
        var services = new ServiceCollection();

        Assert.Throws<ArgumentException>(() => services.AddKubeTopology(" "));
        Assert.Throws<ArgumentNullException>(() => services.AddKubeTopology(null!));
        Assert.Contains(
            "must not contain a colon", Assert.Throws<ArgumentException>(() => services.AddKubeTopology("a:b")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pod_is_what_the_downward_api_provides()
    {
        var labels = Path.GetTempFileName();
        await File.WriteAllTextAsync(labels, "app=\"cart\"\ntopology.kubernetes.io/region=\"eu\"\ntopology.kubernetes.io/zone=\"eu-1\"\n");
        try
        {
            await using var host = TestHost.Build(
                builder => builder.AddKubeTopology("cache"), ("Kube:Pod:Node", "node-3"), ("Kube:Pod:LabelsFile", labels));

            var pod = host.Get<KubePodOptions>();

            Assert.Equal(("node-3", "eu-1"), (pod.Node, pod.Zone));
            Assert.Equal(Environment.GetEnvironmentVariable("POD_NAME") ?? Environment.MachineName, pod.Name);
        }
        finally
        {
            File.Delete(labels);
        }
    }

    [Theory]
    [InlineData("cache-0", "node-3", "eu-1", "cache-0 node-3 eu-1")]
    [InlineData("cache-0", "", null, "cache-0  eu-2")] // the labels of the pod have the zone
    public void The_environment_of_the_downward_API_is_read(string name, string? node, string? zone, string expected)
    {
        var labels = Path.GetTempFileName();
        File.WriteAllText(labels, "topology.kubernetes.io/zone=\"eu-2\"\n");
        try
        {
            var pod = new KubePodOptions { LabelsFile = labels };

            new PodConfiguration(null, variable => variable switch
            {
                "POD_NAME" => name,
                "NODE_NAME" => node,
                "NODE_ZONE" => zone,
                _ => null,
            }).PostConfigure(null, pod);

            Assert.Equal(expected, $"{pod.Name} {pod.Node} {pod.Zone}");
        }
        finally
        {
            File.Delete(labels);
        }
    }

    [Theory]
    [InlineData("/does/not/exist")]
    [InlineData("/proc/self/mem")]
    [InlineData("")]
    public async Task Without_labels_the_zone_is_unknown(string file)
    {
        await using var host = TestHost.Build(builder =>
        {
            builder.AddKubeTopology("cache");
            builder.Services.Configure<KubePodOptions>(pod => pod.LabelsFile = file);
        });

        Assert.Equal(Environment.GetEnvironmentVariable("NODE_ZONE"), host.Get<KubePodOptions>().Zone);
    }

    [Fact]
    public async Task Settings_of_the_configuration_go_before_the_downward_api()
    {
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache"),
            ("Kube:Pod:Name", "cache-0"), ("Kube:Pod:Node", "n"), ("Kube:Pod:Zone", "z"));

        var pod = host.Get<KubePodOptions>();

        Assert.Equal(("cache-0", "n", "z"), (pod.Name, pod.Node, pod.Zone));
    }

    private static T Options<T>(TestHost host, string name) => host.Get<IOptionsMonitor<T>>().Get(name);
}
