using Rx.Kube.Tests.Connection.Support;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Connection;

/// <summary>The places where a connection is searched, in their order.</summary>
public sealed class DefaultTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<ConnectionNotice> _notices = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void KUBECONFIG_comes_before_the_service_account_of_the_pod()
    {
        Pod();
        using var kube = KubeConnection.Default(Options(kubeconfig: Config("a", "https://from-env"), inPod: true));

        Assert.Equal("https://from-env/", kube.Server.AbsoluteUri);
        Assert.Equal(
            $"context \"dev\" in {_folder["a"]} (KUBECONFIG names it, which goes before the pod's service account)", kube.Source);
        Assert.Equal($"connecting to https://from-env/ (default), from {kube.Source}", Assert.Single(_notices).Message);
        Assert.Equal($"https://from-env/ (default), from {kube.Source}", kube.ToString());
    }

    [Fact]
    public void The_kubeconfig_at_home_comes_before_the_service_account_of_the_pod()
    {
        Pod();
        Config(".kube/config", "https://from-home");
        using var kube = KubeConnection.Default(Options(inPod: true));

        Assert.Equal("https://from-home/", kube.Server.AbsoluteUri);
    }

    [Theory]
    [InlineData(null, "there is no kubeconfig: KUBECONFIG (not set); DIR/.kube/config (does not exist)")]
    [InlineData("missing", "there is no kubeconfig: the files of KUBECONFIG (DIR/missing does not exist)")]
    [InlineData("empty", "no current-context in DIR/empty")]
    public void Without_a_current_context_the_service_account_of_the_pod_is_used(string? kubeconfig, string why)
    {
        Pod();
        _folder.Write("empty", "apiVersion: v1\nkind: Config\nclusters: []\n");
        using var kube = KubeConnection.Default(Options(kubeconfig is null ? null : _folder[kubeconfig], inPod: true));

        Assert.Equal("https://10.0.0.1/", kube.Server.AbsoluteUri);
        Assert.Equal(
            $"the pod's service account in {_folder["serviceaccount"]} ({why.Replace("DIR", _folder.Path, StringComparison.Ordinal)})",
            kube.Source);
    }

    [Fact]
    public void The_help_of_the_tool_states_this_order()
    {
        var places = ConfigurationSources.Of(Options()).Skip(1).Select(source => source.Place switch
        {
            "KUBECONFIG" => "$KUBECONFIG",
            "the kubeconfig in the home directory" => "~/.kube/config",
            var other => other,
        });
        var help = Directory.GetFiles(Repository.PathOf("tests/Rx.Kube.Cli.Tests/Golden"), "help-*.txt")
            .SelectMany(File.ReadLines).Where(line => line.Contains("--kubeconfig <FILE>", StringComparison.Ordinal)).ToList();

        Assert.True(help.Count > 7, "The golden files of the help were not found.");
        Assert.All(help.Where(line => !line.Contains("for its namespace only", StringComparison.Ordinal)), line =>
            Assert.EndsWith($"Default: {string.Join(", else ", places)}.", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_broken_kubeconfig_is_an_error_in_a_pod_too()
    {
        Pod();
        var options = Options(kubeconfig: _folder.Write("a", "current-context: gone"), inPod: true);

        Assert.Throws<KubeConfigurationException>(() => KubeConnection.Default(options));
    }

    [Fact]
    public void The_namespace_of_a_pod_is_that_of_POD_NAMESPACE_if_it_is_set()
    {
        Pod();
        _folder.Write("serviceaccount/namespace", "of-the-account");
        using var ofAccount = KubeConnection.InCluster(Options(inPod: true));
        using var ofVariable = KubeConnection.InCluster(Options(inPod: true, podNamespace: "of-the-variable"));

        Assert.Equal(("of-the-account", "of-the-variable"), (ofAccount.Namespace, ofVariable.Namespace));
        Assert.EndsWith("(as the application asked)", ofAccount.Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token: secret")]
    [InlineData("tokenFile: gone")]
    [InlineData("username: u\npassword: p")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: never}")]
    [InlineData("client-certificate: gone\nclient-key: gone")]
    [InlineData("auth-provider: {name: gcp}")]
    public async Task Credentials_are_not_sent_over_plain_http_and_a_notice_says_so(string user)
    {
        Microsoft.Extensions.Primitives.StringValues sent = "none yet";
        await using var server = await LoopbackServer.StartPlainAsync(context =>
        {
            sent = context.Request.Headers.Authorization;
            return Task.CompletedTask;
        });
        var path = _folder.Write("config", ConfigText.Of($"server: http://127.0.0.1:{server.Port}", user));
        using var kube = KubeConnection.FromKubeconfig(path, options: Options());

        (await kube.GetAsync("api", default)).Dispose();
        (await kube.GetAsync("api", default)).Dispose();

        Assert.Equal(0, sent.Count);
        Assert.Equal(
            $"the credentials of user \"u\" in {path} are not sent, because 127.0.0.1:{server.Port} is plain http. "
            + "To fix: use an https address",
            Assert.Single(_notices, n => n.Kind == ConnectionNoticeKind.CredentialsWithheld).Message);
    }

    [Fact]
    public async Task A_401_over_plain_http_says_that_the_credentials_were_not_sent()
    {
        await using var server = await LoopbackServer.StartPlainAsync(context =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        var path = _folder.Write("config", ConfigText.Of($"server: http://127.0.0.1:{server.Port}", "token: secret"));
        using var kube = KubeConnection.FromKubeconfig(path, options: Options());

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => kube.GetAsync("api", default));

        Assert.Contains("are not sent, because", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_handler_of_notices_that_throws_changes_nothing()
    {
        var options = Options(kubeconfig: Config("a", "https://s")) with { OnNotice = _ => throw new NotSupportedException() };

        KubeConnection.Default(options).Dispose();
    }

    [Fact]
    public void A_named_context_is_read_from_the_kubeconfig_even_in_a_pod()
    {
        Pod();
        var options = Options(kubeconfig: Config("a", "https://from-env"), inPod: true) with { Context = "dev" };
        using var kube = KubeConnection.Default(options);

        Assert.Equal("https://from-env/", kube.Server.AbsoluteUri);
    }

    [Fact]
    public void A_named_cluster_or_user_is_read_from_the_kubeconfig_even_in_a_pod()
    {
        Pod();
        var options = Options(kubeconfig: Config("a", "https://from-env"), inPod: true);
        using var cluster = KubeConnection.Default(options with { Cluster = "c" });
        Assert.Equal("https://from-env/", cluster.Server.AbsoluteUri);
        Assert.Contains(
            "no user \"nobody\"",
            Assert.Throws<KubeConfigurationException>(() => KubeConnection.Default(options with { User = "nobody" })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_without_a_service_account_uses_the_kubeconfig()
    {
        using var kube = KubeConnection.Default(Options(kubeconfig: Config("a", "https://from-env"), inPod: true));

        Assert.Equal("https://from-env/", kube.Server.AbsoluteUri);
    }

    [Fact]
    public void Environment_comes_before_home()
    {
        Config(".kube/config", "https://from-home");
        using var fromEnvironment = KubeConnection.Default(Options(kubeconfig: Config("a", "https://from-env")));
        using var fromHome = KubeConnection.Default(Options());

        Assert.Equal("https://from-env/", fromEnvironment.Server.AbsoluteUri);
        Assert.Equal("https://from-home/", fromHome.Server.AbsoluteUri);
    }

    [Fact]
    public void Without_any_configuration_the_error_lists_the_places_searched()
    {
        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.Default(Options()));

        Assert.Contains("KUBERNETES_SERVICE_HOST is not set", error.Message, StringComparison.Ordinal);
        Assert.Contains("KUBECONFIG (not set)", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder[".kube/config"], error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_KUBECONFIG_of_missing_files_is_an_error_that_names_them()
    {
        var error = Assert.Throws<KubeConfigurationException>(
            () => KubeConnection.Default(Options(kubeconfig: $"{_folder["x"]}:{_folder["y"]}")));

        Assert.Contains(_folder["x"], error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["y"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_file_that_is_missing_is_named_even_in_a_pod()
    {
        Pod();
        var options = Options(inPod: true) with { KubeconfigPaths = [_folder["missing"]] };

        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.Default(options));

        Assert.Contains($"{_folder["missing"]} does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_namespace_of_the_options_takes_precedence()
    {
        var path = _folder.Write("a", ConfigText.Of("server: https://s", context: "namespace: of-context"));
        using var ofContext = KubeConnection.FromKubeconfig(path, options: Options());
        using var ofOptions = KubeConnection.FromKubeconfig(path, options: Options() with { Namespace = "mine" });

        Assert.Equal("of-context", ofContext.Namespace);
        Assert.Equal("mine", ofOptions.Namespace);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(TimeSpan.TicksPerDay + 1)]
    [InlineData(long.MaxValue)]
    public void A_timeout_is_more_than_zero_and_at_most_a_day(long ticks)
    {
        (string Name, Action<TimeSpan> Set)[] timeouts =
        [
            ("ConnectTimeout", t => _ = new KubeConnectionOptions { ConnectTimeout = t }),
            ("ResponseTimeout", t => _ = new KubeConnectionOptions { ResponseTimeout = t }),
            ("ExecTimeout", t => _ = new KubeConnectionOptions { ExecTimeout = t }),
        ];
        Assert.All(timeouts, timeout =>
        {
            timeout.Set(TimeSpan.FromTicks(1));
            timeout.Set(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
            timeout.Set(TimeSpan.FromDays(1));
            Assert.Equal(timeout.Name, Assert.Throws<ArgumentOutOfRangeException>(() => timeout.Set(TimeSpan.FromTicks(ticks))).ParamName);
        });
    }

    [Theory]
    [InlineData(nameof(ConnectionLimits.MaxFileBytes), 1, 1 << 30)]
    [InlineData(nameof(ConnectionLimits.MaxFileTime), 1, TimeSpan.TicksPerDay)]
    [InlineData(nameof(ConnectionLimits.MaxKubeconfigTime), 1, TimeSpan.TicksPerDay)]
    [InlineData(nameof(ConnectionLimits.MaxFileThreads), 1, 1024)]
    [InlineData(nameof(ConnectionLimits.MaxKubeconfigDepth), 1, 256)]
    [InlineData(nameof(ConnectionLimits.MaxKubeconfigNodes), 1, 100_000_000)]
    [InlineData(nameof(ConnectionLimits.MaxPluginBytes), 1, 1 << 30)]
    [InlineData(nameof(ConnectionLimits.MaxPluginDepth), 1, 256)]
    [InlineData(nameof(ConnectionLimits.MaxPluginDelay), 1, TimeSpan.TicksPerDay)]
    [InlineData(nameof(ConnectionLimits.MaxPluginErrorLines), 1, 1_000_000)]
    [InlineData(nameof(ConnectionLimits.MaxHeaderBytes), 1024, 64 << 20)]
    [InlineData(nameof(ConnectionLimits.MaxAnswerBytes), 1, 16 << 20)]
    [InlineData(nameof(ConnectionLimits.MaxProxyHeadBytes), 1, 1 << 20)]
    [InlineData(nameof(ConnectionLimits.MaxAddresses), 1, 1 << 16)]
    public void Every_limit_of_a_connection_has_a_range_and_works_at_its_ends(string name, long least, long most)
    {
        // The kubeconfig is within all limits but the smallest ones.
        var path = _folder.Write("config", ConfigText.Of("server: https://s"));
        var step = name == nameof(ConnectionLimits.MaxHeaderBytes) ? 1024 : 1;
        foreach (var value in (long[])[least, least + step, most - step, most])
        {
            var options = Options() with { Limits = With(value) };
            var error = Record.Exception(() => KubeConnection.FromKubeconfig(path, options: options).Dispose());
            Assert.True(error is null || (value < 10 && error is KubeConfigurationException), error?.ToString());
        }

        foreach (var value in (long[])[-1, 0, least - 1, most + 1])
        {
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => With(value)).ParamName);
        }

        ConnectionLimits With(long value) => name switch
        {
            nameof(ConnectionLimits.MaxFileBytes) => new() { MaxFileBytes = (int)value },
            nameof(ConnectionLimits.MaxFileTime) => new() { MaxFileTime = TimeSpan.FromTicks(value) },
            nameof(ConnectionLimits.MaxKubeconfigTime) => new() { MaxKubeconfigTime = TimeSpan.FromTicks(value) },
            nameof(ConnectionLimits.MaxFileThreads) => new() { MaxFileThreads = (int)value },
            nameof(ConnectionLimits.MaxKubeconfigDepth) => new() { MaxKubeconfigDepth = (int)value },
            nameof(ConnectionLimits.MaxKubeconfigNodes) => new() { MaxKubeconfigNodes = (int)value },
            nameof(ConnectionLimits.MaxPluginBytes) => new() { MaxPluginBytes = (int)value },
            nameof(ConnectionLimits.MaxPluginDepth) => new() { MaxPluginDepth = (int)value },
            nameof(ConnectionLimits.MaxPluginDelay) => new() { MaxPluginDelay = TimeSpan.FromTicks(value) },
            nameof(ConnectionLimits.MaxPluginErrorLines) => new() { MaxPluginErrorLines = (int)value },
            nameof(ConnectionLimits.MaxHeaderBytes) => new() { MaxHeaderBytes = (int)value },
            nameof(ConnectionLimits.MaxAnswerBytes) => new() { MaxAnswerBytes = (int)value },
            nameof(ConnectionLimits.MaxProxyHeadBytes) => new() { MaxProxyHeadBytes = (int)value },
            _ => new() { MaxAddresses = (int)value },
        };
    }

    [Fact]
    public void The_bytes_of_headers_are_a_multiple_of_1024_and_limits_are_not_null()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConnectionLimits { MaxHeaderBytes = 2047 });
        Assert.Throws<ArgumentNullException>(() => new KubeConnectionOptions { Limits = null! });
    }

    private KubeConnectionOptions Options(string? kubeconfig = null, bool inPod = false, string? podNamespace = null)
    {
        var variables = new Dictionary<string, string> { ["HOME"] = _folder.Path };
        if (kubeconfig is not null)
        {
            variables["KUBECONFIG"] = kubeconfig;
        }

        if (inPod)
        {
            (variables["KUBERNETES_SERVICE_HOST"], variables["KUBERNETES_SERVICE_PORT"]) = ("10.0.0.1", "443");
        }

        if (podNamespace is not null)
        {
            variables["POD_NAMESPACE"] = podNamespace;
        }

        return TestOptions.With(variables, _folder["serviceaccount"]) with { OnNotice = _notices.Add };
    }

    private string Config(string name, string server) => _folder.Write(name, ConfigText.Of($"server: {server}"));

    private void Pod()
    {
        _folder.Write("serviceaccount/token", "t");
        _folder.Write("serviceaccount/ca.crt", new TestAuthority().Pem);
    }
}
