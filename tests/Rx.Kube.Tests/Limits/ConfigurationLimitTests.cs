using System.Reactive.Concurrency;
using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Limits;

/// <summary>Each limit on the files of a configuration and on the output of exec plugins, one below, at and one above it.</summary>
public sealed class ConfigurationLimitTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("config", "The kubeconfig", -1)]
    [InlineData("config", "The kubeconfig", 0)]
    [InlineData("config", "The kubeconfig", 1)]
    [InlineData("token", "The token file of user \"u\" in CONFIG,", -1)]
    [InlineData("token", "The token file of user \"u\" in CONFIG,", 0)]
    [InlineData("token", "The token file of user \"u\" in CONFIG,", 1)]
    [InlineData("ca.crt", "The certificate-authority file", -1)]
    [InlineData("ca.crt", "The certificate-authority file", 0)]
    [InlineData("ca.crt", "The certificate-authority file", 1)]
    public void A_file_is_limited(string file, string name, int beyond)
    {
        _folder.Write("ca.crt", new TestAuthority().Pem);
        _folder.Write("token", "t");
        var config = _folder.Write("config", ConfigText.Of("server: https://s\ncertificate-authority: ca.crt", "tokenFile: token"));
        var text = File.ReadAllText(_folder[file]);
        foreach (var (limits, shown) in new[] { (ConnectionLimits.Default, "4 MiB"), (new() { MaxFileBytes = 10_000 }, "10000 bytes") })
        {
            _folder.Write(file, text + new string('\n', limits.MaxFileBytes + beyond - text.Length));

            Holds(
                beyond, limits,
                $"{name.Replace("CONFIG", config, StringComparison.Ordinal)} {_folder[file]} is larger than {shown}. ",
                "If it has to be that large, raise ConnectionLimits.MaxFileBytes.");
        }
    }

    [Theory]
    [InlineData("client.crt", "The client-certificate file of user \"u\" in CONFIG,", -1)]
    [InlineData("client.crt", "The client-certificate file of user \"u\" in CONFIG,", 0)]
    [InlineData("client.crt", "The client-certificate file of user \"u\" in CONFIG,", 1)]
    [InlineData("client.key", "The client-key file of user \"u\" in CONFIG,", -1)]
    [InlineData("client.key", "The client-key file of user \"u\" in CONFIG,", 0)]
    [InlineData("client.key", "The client-key file of user \"u\" in CONFIG,", 1)]
    public void A_file_of_a_client_certificate_is_limited(string file, string name, int beyond)
    {
        using var issued = new TestAuthority().Issue("u", []);
        var (certificate, key) = TestAuthority.PemOf(issued);
        _folder.Write("client.crt", certificate);
        _folder.Write("client.key", key);
        var config = _folder.Write(
            "config", ConfigText.Of("server: https://s", "client-certificate: client.crt\nclient-key: client.key"));
        var limits = new ConnectionLimits { MaxFileBytes = 10_000 };
        _folder.Write(file, File.ReadAllText(_folder[file]).PadRight(limits.MaxFileBytes + beyond, '\n'));

        Holds(
            beyond, limits,
            $"{name.Replace("CONFIG", config, StringComparison.Ordinal)} {_folder[file]} is larger than 10000 bytes. ");
    }

    [Theory]
    [InlineData("token", "token", -1)]
    [InlineData("token", "token", 0)]
    [InlineData("token", "token", 1)]
    [InlineData("ca.crt", "CA", -1)]
    [InlineData("ca.crt", "CA", 0)]
    [InlineData("ca.crt", "CA", 1)]
    [InlineData("namespace", "namespace", -1)]
    [InlineData("namespace", "namespace", 0)]
    [InlineData("namespace", "namespace", 1)]
    public void A_file_of_a_pod_is_limited(string file, string name, int beyond)
    {
        _folder.Write("token", "t");
        _folder.Write("ca.crt", new TestAuthority().Pem);
        _folder.Write("namespace", "mine");
        var limits = new ConnectionLimits { MaxFileBytes = 10_000 };
        _folder.Write(file, File.ReadAllText(_folder[file]).PadRight(limits.MaxFileBytes + beyond, '\n'));
        var options = TestOptions.Pod(_folder, "10.0.0.1", 443) with { Limits = limits };

        var error = Record.Exception(() => KubeConnection.InCluster(options).Dispose());

        Assert.Equal(
            beyond > 0 ? $"The service account's {name} file {_folder[file]} is larger than 10000 bytes. " : "",
            error?.Message[..error.Message.IndexOf("To fix", StringComparison.Ordinal)] ?? "");
    }

    [Theory]
    [InlineData(false, -1)]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, -1)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    public void The_time_to_read_a_file_is_limited_and_a_kubeconfig_has_more(bool isKubeconfig, int beyond)
    {
        var path = _folder.Write("file", "users: []");
        var options = new ConnectionLimits { MaxFileTime = TimeSpan.FromSeconds(2), MaxKubeconfigTime = TimeSpan.FromSeconds(3) };
        foreach (var limits in (ConnectionLimits[])[ConnectionLimits.Default, options])
        {
            var limit = isKubeconfig ? limits.MaxKubeconfigTime : limits.MaxFileTime;
            var arrives = limit + TimeSpan.FromMilliseconds(beyond);
            var clock = new FileClock(() => TimeSpan.Zero, (_, time) => arrives <= time);

            var error = Record.Exception(() => isKubeconfig
                ? KubeconfigFile.Read(path, limits, clock: clock).FilePath
                : Encoding.UTF8.GetString(ConfigFile.Read(path, "the token file", "To fix: x.", limits, clock: clock)));

            var (what, fix) = isKubeconfig
                ? ("kubeconfig", "correct KUBECONFIG or the path that was given. "
                    + "If it needs longer, raise ConnectionLimits.MaxKubeconfigTime.")
                : ("token file", "x. If it needs longer, raise ConnectionLimits.MaxFileTime.");
            Assert.Equal(
                beyond <= 0 ? null : $"The {what} {path} was not read within {limit.TotalSeconds} s. It is a pipe without a writer, or its "
                    + $"file system does not answer. To fix: {fix}",
                error?.Message);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)] // the default
    public void The_threads_that_a_file_keeps_while_it_hangs_are_limited(int threads)
    {
        var limits = threads == 64 ? ConnectionLimits.Default : new() { MaxFileThreads = threads };
        _folder.Pipe("pipe");
        var now = TimeSpan.Zero;
        var clock = new FileClock(() => now, (_, _) => false);
        for (var asked = 1; asked <= threads + 2; asked++)
        {
            Assert.Throws<KubeConfigurationException>(() => ConfigFile.Read(_folder["pipe"], "it", "", limits, clock: clock));
            Assert.Equal(Math.Min(asked, threads), ConfigFile.ThreadsOf(_folder["pipe"]));
            now += TimeSpan.FromMinutes(10); // the longest pause
        }

        _folder.Write("pipe", ""); // ends the threads
    }

    [Fact]
    public void A_file_that_hangs_is_read_once_more_after_a_pause_that_doubles()
    {
        var limits = new ConnectionLimits { MaxFileTime = TimeSpan.FromSeconds(2), MaxFileThreads = 3 };
        _folder.Pipe("pipe");
        var now = TimeSpan.Zero;
        var clock = new FileClock(() => now, (_, _) => false);
        var begun = Enumerable.Range(0, 7_000).Where(millisecond =>
        {
            now = TimeSpan.FromMilliseconds(millisecond);
            var before = ConfigFile.ThreadsOf(_folder["pipe"]);
            Assert.Throws<KubeConfigurationException>(() => ConfigFile.Read(_folder["pipe"], "it", "", limits, clock: clock));
            return ConfigFile.ThreadsOf(_folder["pipe"]) > before;
        }).ToList();

        Assert.Equal([0, 2_000, 6_000], begun);
        _folder.Write("pipe", ""); // ends the threads
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_depth_of_a_kubeconfig_is_limited(int beyond)
    {
        foreach (var limits in (ConnectionLimits[])[ConnectionLimits.Default, new() { MaxKubeconfigDepth = 6 }])
        {
            // The mapping around it is one level.
            var levels = limits.MaxKubeconfigDepth - 1 + beyond;
            var text = ConfigText.Of("server: https://s");
            var line = text.Split('\n').Length + 1;
            var path = _folder.Write("config", $"{text}\nx: {new string('[', levels)}{new string(']', levels)}\n");

            Holds(
                beyond, limits,
                $"The kubeconfig {path} cannot be used because of line {line}, column {3 + levels}: it is nested deeper than "
                + $"{limits.MaxKubeconfigDepth} levels. To fix: shorten the file: no kubeconfig needs so many; or raise "
                + "ConnectionLimits.MaxKubeconfigDepth.");
        }
    }

    [Theory]
    [InlineData(-1, false, null)]
    [InlineData(0, false, null)]
    [InlineData(1, false, null)]
    [InlineData(-1, true, null)]
    [InlineData(0, true, null)]
    [InlineData(1, true, null)]
    [InlineData(-1, false, 1000)]
    [InlineData(0, false, 1000)]
    [InlineData(1, false, 1000)]
    [InlineData(-1, true, 1000)]
    [InlineData(0, true, 1000)]
    [InlineData(1, true, 1000)]
    public void The_nodes_of_a_kubeconfig_are_limited_with_its_aliases_expanded(int beyond, bool aliases, int? option)
    {
        var limits = option is { } nodes ? new ConnectionLimits { MaxKubeconfigNodes = nodes } : ConnectionLimits.Default;
        var text = ConfigText.Of("server: https://s");
        var left = limits.MaxKubeconfigNodes + beyond - NodesOf(text);
        string more;
        if (aliases)
        {
            // "a", its list, and 99 numbers are 101 nodes; "b", its list, and each alias of the list is 100 more; then the rest.
            var times = (left - 101 - 2 - 2) / 100;
            var rest = left - 101 - 2 - 2 - (times * 100);
            more = $"a: &a [{Items("1", 99)}]\nb: [{Items("*a", times)}]\nc: [{Items("1", rest)}]\n";
        }
        else
        {
            more = $"c: [{Items("1", left - 2)}]\n";
        }

        var path = _folder.Write("config", $"{text}\n{more}");

        Holds(
            beyond, limits,
            $"The kubeconfig {path} cannot be used because of line ",
            $"it has more than {option ?? 200_000} nodes, with its aliases expanded. To fix: shorten the file, remove aliases, or raise "
            + "ConnectionLimits.MaxKubeconfigNodes.");

        static string Items(string item, int count) => string.Join(',', Enumerable.Repeat(item, count));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_output_of_an_exec_plugin_is_limited(int beyond)
    {
        const string Answer =
            """{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}""";
        foreach (var (limits, shown) in new[] { (ConnectionLimits.Default, "1 MiB"), (new() { MaxPluginBytes = 200 }, "200 bytes") })
        {
            _folder.Write("answer", Answer.PadRight(limits.MaxPluginBytes + beyond));

            await PluginHolds(beyond, limits, $"wrote more than {shown}. To fix: ", "; or raise ConnectionLimits.MaxPluginBytes.");
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_depth_of_the_output_of_an_exec_plugin_is_limited(int beyond)
    {
        // A comment is YAML.
        foreach (var (max, comment) in new[] { (32, ""), (32, " #"), (3, ""), (3, " #"), (60, ""), (60, " #") })
        {
            var limits = max == 32 ? ConnectionLimits.Default : new() { MaxPluginDepth = max };
            var levels = max - 1 + beyond;
            _folder.Write(
                "answer",
                """{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"},"x":"""
                + new string('[', levels) + new string(']', levels) + "}" + comment);

            await PluginHolds(
                beyond, limits, $"not an ExecCredential in JSON or YAML, at most {max} levels deep. To fix: ",
                "; or raise ConnectionLimits.MaxPluginDepth.");
        }
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task The_time_of_an_exec_plugin_is_limited(int beyond, bool isStopped)
    {
        var clock = new HistoricalScheduler(DateTimeOffset.UnixEpoch);
        var options = TestOptions.With(new() { ["PATH"] = "/usr/bin:/bin" }, scheduler: clock);
        _folder.Write("answer", """{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}""");
        var answer = Plugin("touch started; while [ ! -e go ]; do sleep 0.01; done; cat answer", options).GetAsync(default).AsTask();
        while (!File.Exists(_folder["started"]))
        {
            await Task.Delay(5); // a real process has to start; its timeout is virtual
        }

        clock.AdvanceBy(options.ExecTimeout + TimeSpan.FromMilliseconds(beyond));
        if (isStopped)
        {
            var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => answer);
            Assert.Contains("did not finish within 60 s and was stopped", error.Message, StringComparison.Ordinal);
            Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
        }
        else
        {
            _folder.Write("go", "");
            Assert.Equal("t", (await answer).Authorization!.Parameter);
        }
    }

    private void Holds(int beyond, ConnectionLimits limits, params string[] messages)
    {
        if (beyond <= 0)
        {
            using var kube = Load(limits);
            Assert.Equal("s", kube.Server.Host);
            return;
        }

        var error = Assert.Throws<KubeConfigurationException>(() => Load(limits));
        Assert.StartsWith(messages[0], error.Message, StringComparison.Ordinal);
        Assert.All(messages, m => Assert.Contains(m, error.Message, StringComparison.Ordinal));
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
    }

    private async Task PluginHolds(int beyond, ConnectionLimits limits, params string[] messages)
    {
        var source = Plugin("cat answer", TestOptions.With(new() { ["PATH"] = "/usr/bin:/bin" }) with { Limits = limits });
        if (beyond <= 0)
        {
            Assert.Equal("t", (await source.GetAsync(default)).Authorization!.Parameter);
            return;
        }

        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => source.GetAsync(default).AsTask());
        Assert.All(messages, m => Assert.Contains(m, error.Message, StringComparison.Ordinal));
    }

    private CredentialSource Plugin(string script, KubeConnectionOptions options)
    {
        var path = _folder.Write("plugin.sh", $"cd '{_folder.Path}'\n{script}\n");
        var config = _folder.Write("config", ConfigText.Of(
            "server: https://s", $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, args: ['{path}']}}"));
        return KubeconfigLoader.Load(options with { KubeconfigPaths = [config] }, default).Credentials;
    }

    private KubeConnection Load(ConnectionLimits limits) =>
        KubeConnection.FromKubeconfig(_folder["config"], options: TestOptions.With() with { Limits = limits });

    private static int NodesOf(string yaml)
    {
        var stream = new YamlDotNet.RepresentationModel.YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents[0].AllNodes.Count();
    }
}
