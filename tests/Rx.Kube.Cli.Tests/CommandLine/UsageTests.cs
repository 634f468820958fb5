using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;

namespace Rx.Kube.Cli.Tests.CommandLine;

public class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("watch")]
    [InlineData("look cache")]
    [InlineData("watch Cache")]
    [InlineData("watch cache-")]
    [InlineData("watch cache other")]
    [InlineData("watch cache -n")]
    [InlineData("watch cache -n Prod")]
    [InlineData("watch cache -n ../x")]
    [InlineData("watch cache -o yaml")]
    [InlineData("watch cache -o JSON")]
    [InlineData("watch cache --timeout 5")]
    [InlineData("watch cache --color sometimes")]
    [InlineData("watch cache --colour never")]
    [InlineData("watch cache --demo --context prod")]
    [InlineData("watch cache --demo --kubeconfig x")]
    [InlineData("watch cache --replicas 2")]
    [InlineData("ring")]
    [InlineData("ring Cache")]
    [InlineData("ring cache --replicas 0")]
    [InlineData("ring cache --replicas 101")]
    [InlineData("ring cache --replicas two")]
    [InlineData("ring cache --tokens 65537")]
    [InlineData("ring cache --self")]
    [InlineData("ring cache -o yaml")]
    [InlineData("ring cache --demo --context prod")]
    [InlineData("explain cache")]
    [InlineData("explain Cache key")]
    [InlineData("explain cache key other")]
    [InlineData("explain cache key -o table")]
    [InlineData("explain cache key --once")]
    [InlineData("simulate cache")]
    [InlineData("simulate --keys ten")]
    public async Task Wrong_usage_exits_with_two_and_writes_to_standard_error_only(string line)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.StartsWith("rxkube: ", host.Error, StringComparison.Ordinal);
        Assert.Contains("--help", host.Error, StringComparison.Ordinal);
        Assert.Equal("", host.Out);
    }

    [Fact]
    public async Task A_message_about_wrong_usage_is_escaped()
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync("watch", "\e[31mcache"));
        Assert.DoesNotContain('\e', host.Error);
    }

    [Fact]
    public async Task All_options_are_read_in_every_notation_of_kubectl()
    {
        var all = new WatchSettings("cache")
        {
            Namespace = "prod",
            Selector = "tier in (a,b)",
            Kubeconfig = "/tmp/config",
            Context = "east",
            Output = OutputFormat.Json,
            Once = true,
            Timeout = TimeSpan.FromSeconds(90),
            Color = ColorMode.Always,
        };
        Assert.Equal(all, await Read(
            "watch", "cache", "-n", "prod", "-l", "tier in (a,b)", "--kubeconfig", "/tmp/config", "--context", "east",
            "-o", "json", "--once", "--timeout", "1m30s", "--color", "always"));
        Assert.Equal(all, await Read(
            "watch", "--namespace=prod", "--selector=tier in (a,b)", "--kubeconfig=/tmp/config", "--context=east",
            "--output=json", "--once=true", "--timeout=90s", "--color=always", "cache"));
        Assert.Equal(
            new WatchSettings("cache") { Namespace = "prod", Output = OutputFormat.Json },
            await Read("watch", "-nprod", "cache", "-ojson"));
        Assert.Equal(new WatchSettings("cache") { Selector = "@file" }, await Read("watch", "cache", "-l", "@file"));
        Assert.Equal(
            new WatchSettings("cache") { Demo = true, Timeout = TimeSpan.Zero },
            await Read("watch", "cache", "--demo", "--timeout", "0"));
    }

    public static TheoryData<string> HelpLines => ["--help", "-h", .. CommandCompletenessTests.Names.Select(name => $"{name} --help")];

    [Theory]
    [MemberData(nameof(HelpLines))]
    public async Task Help_exits_with_zero_and_has_the_exit_codes(string line)
    {
        var host = new FakeHost();
        Assert.Equal(0, await host.RunAsync(line.Split(' ')));
        Assert.Contains("Exit codes:", host.Out, StringComparison.Ordinal);
        Assert.Equal("", host.Error);
    }

    [Fact]
    public async Task Version_prints_the_version_of_the_tool()
    {
        var host = new FakeHost();
        Assert.Equal(0, await host.RunAsync("--version"));
        Assert.Matches(@"^\d+\.\d+\.\d+", host.Out);
    }

    private static async Task<WatchSettings> Read(params string[] args)
    {
        WatchSettings? read = null;
        var host = new FakeHost();
        await RxKube.RunAsync(args, host.Host, (settings, _, _) =>
        {
            read = settings;
            throw new Rx.Kube.KubeConfigurationException("read");
        });
        Assert.True(read is not null, host.Error);
        return read;
    }
}
