using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>The places where a connection is searched, in their order.</summary>
public sealed class DefaultTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pods_service_account_comes_first()
    {
        Pod();
        using var kube = KubeConnection.Default(Options(kubeconfig: Config("a", "https://from-env"), inPod: true));

        Assert.Equal("https://10.0.0.1/", kube.Server.AbsoluteUri);
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
            timeout.Set(TimeSpan.FromDays(1));
            Assert.Equal(timeout.Name, Assert.Throws<ArgumentOutOfRangeException>(() => timeout.Set(TimeSpan.FromTicks(ticks))).ParamName);
        });
    }

    private KubeConnectionOptions Options(string? kubeconfig = null, bool inPod = false)
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

        return TestOptions.With(variables, _folder["serviceaccount"]);
    }

    private string Config(string name, string server) => _folder.Write(name, ConfigText.Of($"server: {server}"));

    private void Pod()
    {
        _folder.Write("serviceaccount/token", "t");
        _folder.Write("serviceaccount/ca.crt", new TestAuthority().Pem);
    }
}
