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
        _folder.Write(file, text + new string('\n', ConfigFile.MaxBytes + beyond - text.Length));

        Holds(
            beyond,
            $"{name.Replace("CONFIG", config, StringComparison.Ordinal)} {_folder[file]} is larger than {ConfigFile.MaxBytes >> 20} MiB. ");
    }

    [Theory]
    [InlineData(false, -1000)] // some milliseconds of the limit are over before the wait begins
    [InlineData(false, 1)]
    [InlineData(true, -1000)]
    [InlineData(true, 1)]
    public void The_time_to_read_a_file_is_limited_and_a_kubeconfig_has_more(bool isKubeconfig, int beyond)
    {
        var path = _folder.Write("file", "users: []");
        var limit = isKubeconfig ? ConfigFile.MaxKubeconfigTime : ConfigFile.MaxTime;
        var arrives = limit + TimeSpan.FromMilliseconds(beyond);

        var error = Record.Exception(() => isKubeconfig
            ? KubeconfigFile.Read(path, wait: (_, time) => arrives <= time).FilePath
            : Encoding.UTF8.GetString(ConfigFile.Read(path, "the token file", "To fix: x.", wait: (_, time) => arrives <= time)));

        var what = isKubeconfig ? "kubeconfig" : "token file";
        Assert.Equal(
            beyond < 0 ? null : $"The {what} {path} was not read within {limit.TotalSeconds} s. It is a pipe without a writer, or",
            error?.Message[..error.Message.IndexOf(" its file system", StringComparison.Ordinal)]);
    }

    [Fact]
    public void The_files_of_a_process_have_these_times() => Assert.Equal(
        (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5)),
        (ConfigFile.MaxTime, ConfigFile.MaxKubeconfigTime, KubeEnvironment.OfProcess.FileTime));

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_depth_of_a_kubeconfig_is_limited(int beyond)
    {
        // The mapping around it is one level.
        var levels = YamlTree.MaxDepth - 1 + beyond;
        var text = ConfigText.Of("server: https://s");
        var line = text.Split('\n').Length + 1;
        var path = _folder.Write("config", $"{text}\nx: {new string('[', levels)}{new string(']', levels)}\n");

        Holds(
            beyond,
            $"The kubeconfig {path} cannot be used because of line {line}, column {3 + levels}: it is nested deeper than "
            + $"{YamlTree.MaxDepth} levels. To fix: shorten the file");
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void The_nodes_of_a_kubeconfig_are_limited_with_its_aliases_expanded(int beyond, bool aliases)
    {
        var text = ConfigText.Of("server: https://s");
        var left = YamlTree.MaxNodes + beyond - NodesOf(text);
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
            beyond,
            $"The kubeconfig {path} cannot be used because of line ",
            $"it has more than {YamlTree.MaxNodes} nodes, with its aliases expanded. To fix: shorten the file");

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
        _folder.Write("answer", Answer.PadRight(ExecPluginRunner.MaxOutput + beyond));

        await PluginHolds(beyond, "wrote more than 1 MiB. To fix: ");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_depth_of_the_output_of_an_exec_plugin_is_limited(int beyond)
    {
        var levels = ExecCredentialReader.MaxDepth - 1 + beyond;
        _folder.Write(
            "answer",
            """{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"},"x":"""
            + new string('[', levels) + new string(']', levels) + "}");

        await PluginHolds(beyond, $"not an ExecCredential in JSON or YAML, at most {ExecCredentialReader.MaxDepth} levels deep. To fix: ");
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

    private void Holds(int beyond, params string[] messages)
    {
        if (beyond <= 0)
        {
            using var kube = Load();
            Assert.Equal("s", kube.Server.Host);
            return;
        }

        var error = Assert.Throws<KubeConfigurationException>(Load);
        Assert.StartsWith(messages[0], error.Message, StringComparison.Ordinal);
        Assert.All(messages, m => Assert.Contains(m, error.Message, StringComparison.Ordinal));
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
    }

    private async Task PluginHolds(int beyond, string message)
    {
        var source = Plugin("cat answer", TestOptions.With(new() { ["PATH"] = "/usr/bin:/bin" }));
        if (beyond <= 0)
        {
            Assert.Equal("t", (await source.GetAsync(default)).Authorization!.Parameter);
            return;
        }

        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => source.GetAsync(default).AsTask());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private CredentialSource Plugin(string script, KubeConnectionOptions options)
    {
        var path = _folder.Write("plugin.sh", $"cd '{_folder.Path}'\n{script}\n");
        var config = _folder.Write("config", ConfigText.Of(
            "server: https://s", $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, args: ['{path}']}}"));
        return KubeconfigLoader.Load(options with { KubeconfigPaths = [config] }, default).Credentials;
    }

    private KubeConnection Load() => KubeConnection.FromKubeconfig(_folder["config"], options: TestOptions.With());

    private static int NodesOf(string yaml)
    {
        var stream = new YamlDotNet.RepresentationModel.YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents[0].AllNodes.Count();
    }
}
