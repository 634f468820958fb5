using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>Where a connection is looked for, and in which order.</summary>
public sealed class DefaultTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pod_ComesFirst()
    {
        Pod();
        using var kube = KubeConnection.Default(Options(kubeconfig: Config("a", "https://from-env"), inPod: true));

        Assert.Equal("https://10.0.0.1/", kube.Server.AbsoluteUri);
    }

    [Fact]
    public void NamedContext_IsLookedForInTheKubeconfig_EvenInAPod()
    {
        Pod();
        var options = Options(kubeconfig: Config("a", "https://from-env"), inPod: true) with { Context = "dev" };
        using var kube = KubeConnection.Default(options);

        Assert.Equal("https://from-env/", kube.Server.AbsoluteUri);
    }

    [Fact]
    public void PodWithoutServiceAccount_FallsThrough()
    {
        using var kube = KubeConnection.Default(Options(kubeconfig: Config("a", "https://from-env"), inPod: true));

        Assert.Equal("https://from-env/", kube.Server.AbsoluteUri);
    }

    [Fact]
    public void Environment_ComesBeforeHome()
    {
        Config(".kube/config", "https://from-home");
        using var fromEnvironment = KubeConnection.Default(Options(kubeconfig: Config("a", "https://from-env")));
        using var fromHome = KubeConnection.Default(Options());

        Assert.Equal("https://from-env/", fromEnvironment.Server.AbsoluteUri);
        Assert.Equal("https://from-home/", fromHome.Server.AbsoluteUri);
    }

    [Fact]
    public void Nothing_ListsWhatWasLookedFor()
    {
        var error = Assert.Throws<KubeConfigException>(() => KubeConnection.Default(Options()));

        Assert.Contains("KUBERNETES_SERVICE_HOST is not set", error.Message, StringComparison.Ordinal);
        Assert.Contains("KUBECONFIG (not set)", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder[".kube/config"], error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KubeconfigListOfMissingFiles_NamesThem()
    {
        var error = Assert.Throws<KubeConfigException>(() => KubeConnection.Default(Options(kubeconfig: $"{_folder["x"]}:{_folder["y"]}")));

        Assert.Contains(_folder["x"], error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["y"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GivenFileThatIsMissing_IsNamed_EvenInAPod()
    {
        Pod();
        var options = Options(inPod: true) with { KubeconfigPaths = [_folder["missing"]] };

        var error = Assert.Throws<KubeConfigException>(() => KubeConnection.Default(options));

        Assert.Contains($"{_folder["missing"]} does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamespaceOfTheOptions_Wins()
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
    public void ATimeout_IsMoreThanZeroAndAtMostADay(long ticks)
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
