using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Cli.Watching;

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
    [InlineData("watch cache --hold long")]
    [InlineData("ring cache --hold 5")]
    [InlineData("tree cache --hold 5s")]
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
    [InlineData("ring --web cache")]
    [InlineData("ring cache --web 65536")]
    [InlineData("ring cache --web example.org:80")]
    [InlineData("ring cache --web --once")]
    [InlineData("ring cache --web 8077 -o json")]
    [InlineData("explain cache")]
    [InlineData("explain Cache key")]
    [InlineData("explain cache key other")]
    [InlineData("explain cache key -o table")]
    [InlineData("explain cache key --once")]
    [InlineData("record cache")]
    [InlineData("record -f x.rxk.ndjson")]
    [InlineData("record Cache -f x.rxk.ndjson")]
    [InlineData("record cache -f x.rxk.ndjson --for ever")]
    [InlineData("record cache -f x.rxk.ndjson --for 0")]
    [InlineData("record cache -f x.rxk.ndjson --once")]
    [InlineData("record cache -f x.rxk.ndjson --demo --context prod")]
    [InlineData("replay")]
    [InlineData("replay a b")]
    [InlineData("replay --diff a")]
    [InlineData("replay --diff a b c")]
    [InlineData("replay a --view rings")]
    [InlineData("replay a --view explain")]
    [InlineData("replay a --key k")]
    [InlineData("replay a --speed 0")]
    [InlineData("replay a --speed fast")]
    [InlineData("replay a --speed 2 --step")]
    [InlineData("replay a -o yaml")]
    [InlineData("replay a -n prod")]
    [InlineData("completion")]
    [InlineData("completion csh")]
    [InlineData("completion bash zsh")]
    [InlineData("completion bash -o json")]
    [InlineData("simulate cache")]
    [InlineData("simulate --keys ten")]
    [InlineData("doctor Cache")]
    [InlineData("doctor cache other")]
    [InlineData("doctor cache --for 5")]
    [InlineData("doctor cache -o table")]
    [InlineData("doctor cache --once")]
    [InlineData("rbac")]
    [InlineData("rbac cache --user jane")]
    [InlineData("rbac tree --serviceaccount a:b:c")]
    [InlineData("rbac tree --user jane -n Prod")]
    [InlineData("rbac tree --user jane --name A_B")]
    [InlineData("wait cache")]
    [InlineData("wait --for ready=1")]
    [InlineData("wait cache --for ready")]
    [InlineData("wait cache --for ready=-1")]
    [InlineData("wait cache --for gone>=cache-0")]
    [InlineData("wait cache --for ring=xyz")]
    [InlineData("wait cache --for ready=1 --for size=2")]
    [InlineData("tree")]
    [InlineData("tree cache --once")]
    [InlineData("tree cache -o table")]
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
            Hold = TimeSpan.FromSeconds(30),
            Color = ColorMode.Always,
        };
        Assert.Equal(all, await Read(
            "watch", "cache", "-n", "prod", "-l", "tier in (a,b)", "--kubeconfig", "/tmp/config", "--context", "east",
            "-o", "json", "--once", "--timeout", "1m30s", "--hold", "30s", "--color", "always"));
        Assert.Equal(all, await Read(
            "watch", "--namespace=prod", "--selector=tier in (a,b)", "--kubeconfig=/tmp/config", "--context=east",
            "--output=json", "--once=true", "--timeout=90s", "--hold=30s", "--color=always", "cache"));
        Assert.Equal(
            new WatchSettings("cache") { Namespace = "prod", Output = OutputFormat.Json },
            await Read("watch", "-nprod", "cache", "-ojson"));
        Assert.Equal(
            new WatchSettings("cache")
            {
                Cluster = "c",
                User = "u",
                As = "jane",
                AsGroups = ["dev", "ops"],
                AsUid = "7",
                RequestTimeout = TimeSpan.FromSeconds(90),
            },
            await Read(
                "watch", "cache", "--cluster", "c", "--user=u", "--as", "jane", "--as-group", "dev", "--as-group=ops", "--as-uid", "7",
                "--request-timeout", "1m30s"));
        Assert.Equal(new WatchSettings("cache") { Selector = "@file" }, await Read("watch", "cache", "-l", "@file"));
        Assert.Equal(
            new WatchSettings("cache") { Demo = true, Timeout = TimeSpan.Zero },
            await Read("watch", "cache", "--demo", "--timeout", "0"));
    }

    [Theory]
    [InlineData("-n prod -o json watch cache")]
    [InlineData("-nprod --output=json watch cache")]
    [InlineData("-n prod watch -o json cache")]
    [InlineData("--namespace prod watch cache -o json")]
    [InlineData("-n east watch cache -n prod -o json")]
    public async Task Options_may_precede_the_command_and_the_last_of_two_counts(string line) => Assert.Equal(
        new WatchSettings("cache") { Namespace = "prod", Output = OutputFormat.Json }, await Read(line.Split(' ')));

    [Fact]
    public async Task A_flag_before_the_command_that_takes_no_value_does_not_take_the_command() => Assert.Equal(
        new WatchSettings("cache") { Demo = true, Once = true }, await Read("--demo", "--once", "watch", "cache"));

    [Fact]
    public async Task An_empty_value_counts_as_not_given()
    {
        Assert.Equal(new WatchSettings("cache"), await Read(
            "watch", "cache", "--kubeconfig", "", "--context=", "-n", "", "-l", "", "--cluster", "", "--user=", "--as", "", "--as-group",
            "", "--as-uid", "", "--once=", "--request-timeout=", "-o", "", "--timeout", "", "--hold=", "--color", ""));
        Assert.Equal(new WatchSettings("cache") { Demo = true }, await Read("--kubeconfig", "", "watch", "cache", "--demo"));
        Assert.Equal(new WatchSettings("cache") { Namespace = "prod" }, await Read("watch", "cache", "-n", "prod", "-n", ""));
    }

    [Theory]
    [MemberData(nameof(CommandCompletenessTests.Commands), MemberType = typeof(CommandCompletenessTests))]
    public void An_empty_value_counts_as_not_given_for_every_option_of_every_command(string command)
    {
        var root = RxKube.CreateRoot(new FakeHost().Host, WatchSources.OpenAsync);
        var names = root.Subcommands.Single(c => c.Name == command).Options.Where(o => o.Arity.MinimumNumberOfValues > 0)
            .SelectMany(o => o.Aliases.Append(o.Name)).ToList();
        Assert.True(names.Count > 0 || command == "completion", "The command has no option with a value.");
        Assert.All(names, name =>
        {
            Assert.Equal([command, "cache"], KubectlArguments.Rewrite(root, [command, name, "", "cache"]));
            Assert.Equal([command, "cache"], KubectlArguments.Rewrite(root, [name, "", command, "cache"]));
            Assert.Equal([command, "cache"], KubectlArguments.Rewrite(root, [command, "cache", name + "="]));
        });
    }

    [Theory]
    [InlineData("--self", "", "--replicas", "")]
    [InlineData("--tokens", "", "--self=")]
    public async Task An_empty_value_counts_as_not_given_for_the_options_of_ring(params string[] options)
    {
        var host = new FakeHost();
        var run = host.RunAsync(["ring", "cache", "--once", .. options]);
        host.Emit(CacheService.Listed("1", CacheService.Pod("cache-0", "10.0.0.1")));
        Assert.Equal(ExitCode.Stopped, await run);
        Assert.Equal("", host.Error);
    }

    [Theory]
    [InlineData("svc/cache")]
    [InlineData("service/cache")]
    [InlineData("services/cache")]
    public async Task A_service_is_named_as_in_kubectl(string service) =>
        Assert.Equal(new WatchSettings("cache"), await Read("watch", service));

    [Theory]
    [InlineData("5", 5)]
    [InlineData("5s", 5)]
    [InlineData("2m", 120)]
    [InlineData("0", 0)]
    public async Task A_request_timeout_without_a_unit_is_in_seconds_as_in_kubectl(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), (await Read("watch", "cache", "--request-timeout", text)).RequestTimeout);

    [Theory]
    [InlineData("wacth cache", "'wacth' is not a command. Did you mean watch?")]
    [InlineData("-n prod wacth cache", "'wacth' is not a command. Did you mean watch?")]
    [InlineData("sim", "'sim' is not a command. Did you mean simulate?")]
    [InlineData("zzz", "'zzz' is not a command.")]
    [InlineData(
        "",
        "A command is missing. To fix: name one of watch, ring, explain, simulate, doctor, rbac, wait, tree, agree, record, replay, " +
        "completion.")]
    [InlineData(
        "-n prod",
        "A command is missing. To fix: name one of watch, ring, explain, simulate, doctor, rbac, wait, tree, agree, record, replay, " +
        "completion.")]
    [InlineData("--demmo", "'--demmo' is not an option. Did you mean --demo?")]
    [InlineData("watch cache --namespce prod", "'--namespce' is not an option of 'rxkube watch'. Did you mean --namespace?")]
    [InlineData("watch cache --colour=never", "'--colour' is not an option of 'rxkube watch'. Did you mean --color?")]
    [InlineData("watch cache --replicas 2", "'--replicas' is not an option of 'rxkube watch'.")]
    [InlineData("watch cache -o jsno", "-o 'jsno' is not one of table, text, json, template=TEXT. Did you mean json?")]
    [InlineData("watch cache --output yaml", "--output 'yaml' is not one of table, text, json, template=TEXT.")]
    [InlineData("watch cache --color nevr", "--color 'nevr' is not one of auto, always, never. Did you mean never?")]
    [InlineData("watch cache --timeout 5", "--timeout '5' is not a duration. To fix: write 5s, 1m30s, or 0 for no limit; at most 8760h.")]
    [InlineData("watch cache --timeout 8761h",
        "--timeout '8761h' is not a duration. To fix: write 5s, 1m30s, or 0 for no limit; at most 8760h.")]
    [InlineData("watch cache --timeout NaN",
        "--timeout 'NaN' is not a duration. To fix: write 5s, 1m30s, or 0 for no limit; at most 8760h.")]
    [InlineData("watch cache --timeout 1e400s",
        "--timeout '1e400s' is not a duration. To fix: write 5s, 1m30s, or 0 for no limit; at most 8760h.")]
    [InlineData("watch cache --timeout -5s",
        "--timeout '-5s' is not a duration. To fix: write 5s, 1m30s, or 0 for no limit; at most 8760h.")]
    [InlineData("ring cache --replicas 99999999999999999999", "--replicas '99999999999999999999' is not a whole number from 1 to 100.")]
    [InlineData("watch cache --request-timeout 5x",
        "--request-timeout '5x' is not a duration. To fix: write 5, 5s or 1m30s; 0, and more than 24h, count as 24h.")]
    [InlineData("ring cache --replicas two", "--replicas 'two' is not a whole number from 1 to 100.")]
    [InlineData("watch cache -n Prod", "-n 'Prod' is not a valid namespace name: {LABEL}. To fix: write 'prod'.")]
    [InlineData("watch Cache", "'Cache' is not a valid Service name: {LABEL}. To fix: write 'cache'.")]
    [InlineData("watch svc/Cache", "'svc/Cache' is not a valid Service name: {LABEL}. To fix: write 'cache'.")]
    [InlineData("explain cache.prod key", "'cache.prod' is not a valid Service name: {LABEL}. To fix: write cache -n prod.")]
    [InlineData("watch cache.prod.svc.cluster.local",
        "'cache.prod.svc.cluster.local' is not a valid Service name: {LABEL}. To fix: write cache -n prod.")]
    [InlineData("watch cache-", "'cache-' is not a valid Service name: {LABEL}. To fix: correct the name.")]
    [InlineData("watch deploy/cache", "'deploy/cache' is not a valid Service name: {LABEL}. To fix: write NAME or svc/NAME.")]
    [InlineData("rbac tree --user jane -n Prod", "-n 'Prod' is not a valid namespace name: {LABEL}. To fix: write 'prod'.")]
    [InlineData("rbac tree --user jane --name A_B", "--name 'A_B' is not a valid name of a Role: {SUBDOMAIN}. To fix: correct the name.")]
    [InlineData("rbac tree --serviceaccount prod:App",
        "--serviceaccount 'prod:App' is not a valid service account: NAME or NAMESPACE:NAME, each with {SUBDOMAIN}. " +
        "To fix: write 'prod:app'.")]
    [InlineData("watch svc cache", "'cache' is one argument too many. To fix: write svc/cache.")]
    [InlineData("explain svc cache key", "'key' is one argument too many. To fix: write svc/cache.")]
    [InlineData("watch cache other", "'other' is one argument too many.")]
    [InlineData("watch cache -A",
        "A Service cannot be watched by its name across all namespaces. To fix: write -n NAMESPACE instead of --all-namespaces.")]
    [InlineData("doctor cache -A",
        "A Service cannot be watched by its name across all namespaces. To fix: write -n NAMESPACE instead of --all-namespaces.")]
    [InlineData("doctor -A", "doctor looks at one namespace. To fix: write -n NAMESPACE instead of --all-namespaces.")]
    [InlineData("watch -A", ServiceOptions.AllWithoutService)]
    [InlineData("ring --all-namespaces -o json", ServiceOptions.AllWithoutService)]
    [InlineData("-A tree", ServiceOptions.AllWithoutService)]
    [InlineData("watch", "Required argument 'SERVICE' missing for command: 'watch'.")]
    [InlineData("watch cache --demo --as jane", "--demo has its own server and cannot be combined with --as.")]
    [InlineData("watch cache --once=ture", "--once 'ture' is not true or false. Did you mean true?")]
    [InlineData("rbac tre --user jane", "'tre' is not one of watch, ring, explain, wait, record, agree, doctor, tree. Did you mean tree?")]
    [InlineData("rbac", "Who gets it is missing. To fix: add --serviceaccount NAME for an application, --user NAME or --group NAME.")]
    [InlineData("wait cache --for raedy=5", "--for 'raedy' is not one of members, ready, routable, gone, ring. Did you mean ready?")]
    [InlineData("wait cache --for ring=12",
        "--for '12' is not a fingerprint. To fix: write its 16 hexadecimal digits, as rxkube ring prints them.")]
    [InlineData("doctor cache --for x", "--for 'x' is not a duration. To fix: write 5s, 1m30s, or 0 for no limit; at most 8760h.")]
    [InlineData("agree", "Required argument 'URL' missing for command: 'agree'.")]
    [InlineData("agree ftp://x", "'ftp://x' is not the URL of a process. To fix: write http://HOST:PORT/PATH or HOST:PORT.")]
    [InlineData(
        "agree http://user:secret@x",
        "'http://user:secret@x' is not the URL of a process. To fix: write http://HOST:PORT/PATH or HOST:PORT.")]
    [InlineData("agree x --header a-secret", "--header the value is not a header. To fix: write 'NAME: VALUE'.")]
    [InlineData("agree x --settle soon", "--settle 'soon' is not a duration. To fix: write 5s, 1m30s, or 0 for no limit; at most 8760h.")]
    [InlineData("completion fis", "'fis' is not one of bash, zsh, fish, powershell. Did you mean fish?")]
    [InlineData("watch cache --as", "Required argument missing for option: '--as'.")]
    public async Task A_mistake_is_one_line_that_names_the_option_and_the_nearest_name(string line, string expected)
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        var rules = expected.Replace("{LABEL}", KubernetesName.LabelRule, StringComparison.Ordinal)
            .Replace("{SUBDOMAIN}", KubernetesName.SubdomainRule, StringComparison.Ordinal);
        Assert.Equal($"rxkube: {rules}", host.Error.Split('\n')[0]);
        Assert.Equal(3, host.Error.Split('\n').Length);
    }

    [Fact]
    public async Task A_mistyped_member_of_a_script_names_the_option_and_the_nearest_one()
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync("simulate", "--members", "a,cache-1", "--script", "leave cahce-1"));
        Assert.Equal(
            "rxkube: --script: 'leave cahce-1' is not possible: cahce-1 is not a member at that step. Did you mean cache-1?\n", host.Error);
    }

    [Fact]
    public async Task A_mistyped_algorithm_names_the_option_and_the_nearest_one()
    {
        var host = new FakeHost();
        Assert.Equal(ExitCode.Usage, await host.RunAsync("simulate", "--algorithm", "magelv"));
        Assert.Matches("^rxkube: --algorithm 'magelv' is not one of .*\\. Did you mean maglev\\?\n", host.Error);
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
