using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>The meaning of a kubeconfig.</summary>
public sealed class KubeconfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_file_takes_precedence_for_each_entry()
    {
        var first = _folder.Write("a/config", """
            current-context: one
            clusters:
            - {name: shared, cluster: {server: "https://first"}}
            contexts:
            - {name: one, context: {cluster: shared, namespace: a}}
            """);
        var second = _folder.Write("b/config", """
            current-context: two
            clusters:
            - {name: shared, cluster: {server: "https://second", insecure-skip-tls-verify: true}}
            - {name: other, cluster: {server: "https://other"}}
            contexts:
            - {name: two, context: {cluster: other, namespace: b}}
            """);

        var current = Load(null, $"{first}:{_folder["missing"]}::{second}:{first}");
        Assert.Equal(("https://first/", "a", false), (current.Server.AbsoluteUri, current.Namespace, current.SkipVerification));
        Assert.Equal("https://other/", Load("two", $"{first}:{second}").Server.AbsoluteUri);
        Assert.Equal("https://second/", Load("one", $"{second}:{first}").Server.AbsoluteUri);
    }

    [Fact]
    public async Task The_cluster_and_the_user_of_the_options_take_precedence_over_the_context()
    {
        const string Entries = """
            clusters: [{name: a, cluster: {server: "https://a"}}, {name: b, cluster: {server: "https://b"}}]
            users: [{name: a, user: {token: of-a}}, {name: b, user: {token: of-b}}]
            contexts: [{name: a, context: {cluster: a, user: a, namespace: n}}]
            """;
        var path = _folder.Write("config", "current-context: a\n" + Entries);
        Assert.Equal(("https://b/", "n", "of-a"), await ReadAsync(path, o => o with { Cluster = "b" }));
        Assert.Equal(("https://a/", "n", "of-b"), await ReadAsync(path, o => o with { User = "b" }));

        // As in kubectl, no context is necessary then; a context that does not exist is an error nevertheless.
        path = _folder.Write("none", Entries);
        Assert.Equal(("https://b/", "default", "of-a"), await ReadAsync(path, o => o with { Cluster = "b", User = "a" }));
        Assert.Equal(("https://b/", "default", null), await ReadAsync(path, o => o with { Cluster = "b" }));
        path = _folder.Write("missing", "current-context: zz\n" + Entries);
        var e = await Assert.ThrowsAsync<KubeConfigurationException>(() => ReadAsync(path, o => o with { Cluster = "b" }));
        Assert.Contains("no context \"zz\"", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_or_a_user_of_the_options_that_does_not_exist_is_an_error_that_lists_those_that_do()
    {
        var path = _folder.Write("config", ConfigText.Of("server: https://s"));
        var e = Assert.Throws<KubeConfigurationException>(
            () => KubeConnection.FromKubeconfig(path, options: TestOptions.With() with { Cluster = "prdo" }));
        Assert.EndsWith(
            "has no cluster \"prdo\"; it has c. To fix: choose one that kubectl config get-clusters lists.", e.Message,
            StringComparison.Ordinal);
        e = Assert.Throws<KubeConfigurationException>(
            () => KubeConnection.FromKubeconfig(path, options: TestOptions.With() with { User = "me" }));
        Assert.EndsWith(
            "has no user \"me\"; it has u. To fix: choose one that kubectl config get-users lists.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relative_paths_start_at_their_own_file()
    {
        _folder.Write("a/ca.crt", new TestAuthority().Pem);
        _folder.Write("b/secret/token", "of-b");
        var first = _folder.Write("a/config", """
            current-context: dev
            clusters: [{name: c, cluster: {server: "https://s", certificate-authority: ca.crt}}]
            contexts: [{name: dev, context: {cluster: c, user: u}}]
            """);
        var second = _folder.Write("b/config", "users: [{name: u, user: {tokenFile: ./secret/token}}]");

        var target = Load(null, $"{first}:{second}");

        Assert.Contains(_folder["a/ca.crt"], target.Authority!.Description, StringComparison.Ordinal);
        Assert.Equal("of-b", (await target.Credentials.GetAsync(default)).Authorization!.Parameter);
    }

    [Theory]
    [InlineData("token: abc", "Bearer abc")]
    [InlineData("token: 12345", "Bearer 12345")]
    [InlineData("token: initial\ntokenFile: TOKENFILE", "Bearer of-file")]
    [InlineData("token: abc\nexec: {apiVersion: client.authentication.k8s.io/v1, command: never}", "Bearer abc")]
    [InlineData("username: bob\npassword: 'p:w'", "Basic Ym9iOnA6dw==")]
    [InlineData("{}", null)]
    public async Task Credentials_have_the_precedence_of_client_go(string user, string? expected)
    {
        _folder.Write("t", "of-file\n");
        var target = LoadText(user: user.Replace("TOKENFILE", "t", StringComparison.Ordinal));

        Assert.Equal(expected, (await target.Credentials.GetAsync(default)).Authorization?.ToString());
    }

    [Theory]
    [InlineData("server: localhost:8080", "http://localhost:8080/")]
    [InlineData("server: host:6443\ninsecure-skip-tls-verify: true", "https://host:6443/")]
    [InlineData("server: https://host/base", "https://host/base")]
    public void The_server_is_read_as_kubectl_reads_it(string cluster, string expected) =>
        Assert.Equal(expected, LoadText(cluster).Server.AbsoluteUri);

    [Fact]
    public void A_kubeconfig_may_be_json()
    {
        var path = _folder.Write("config", """
            {"apiVersion":"v1","kind":"Config","current-context":"x",
             "contexts":[{"name":"x","context":{"cluster":"c"}}],"clusters":[{"name":"c","cluster":{"server":"https://json"}}],"users":null}
            """);

        Assert.Equal("https://json/", Load(null, path).Server.AbsoluteUri);
    }

    [Fact]
    public void Anchors_within_the_limits_are_allowed()
    {
        var path = _folder.Write("config", """
            x: &c {server: "https://anchored"}
            current-context: x
            contexts: [{name: x, context: {cluster: c}}]
            clusters: [{name: c, cluster: *c}]
            """);

        Assert.Equal("https://anchored/", Load(null, path).Server.AbsoluteUri);
    }

    [Fact]
    public void Unused_entries_may_be_wrong()
    {
        var path = _folder.Write(
            "config",
            ConfigText.Of("server: https://s") + "\n- name: broken\n  user: {client-certificate: missing, auth-provider: {name: gcp}}\n");

        Assert.Equal("https://s/", Load(null, path).Server.AbsoluteUri);
    }

    [Theory]
    [InlineData("http://proxy:3128", "http://proxy:3128/")]
    [InlineData("https://proxy", "https://proxy/")]
    [InlineData("socks5://proxy", "socks5://proxy:1080/")]
    public void A_proxy_url_is_used(string url, string expected) =>
        Assert.Equal(expected, LoadText($"server: https://s\nproxy-url: {url}").Proxy!.AbsoluteUri);

    [Theory]
    [InlineData("https://api.corp.example:6443", "", true)]
    [InlineData("https://api.corp.example:6443", "other.example", true)]
    [InlineData("https://api.corp.example:6443", "corp.example", false)]
    [InlineData("https://api.corp.example:6443", ".corp.example", false)]
    [InlineData("https://api.corp.example:6443", "*.corp.example", false)]
    [InlineData("https://api.corp.example:6443", "orp.example", true)]
    [InlineData("https://api.corp.example:6443", "api.corp.example:443", true)]
    [InlineData("https://api.corp.example:6443", "x, API.corp.example:6443", false)]
    [InlineData("https://10.1.2.3:6443", "10.1.0.0/16", false)]
    [InlineData("https://10.2.2.3:6443", "10.1.0.0/16", true)]
    [InlineData("https://10.1.2.3:6443", "10.1.2.3", false)]
    [InlineData("https://[fd00::1]:6443", "fd00::/8", false)]
    [InlineData("https://api.corp.example:6443", "*", false)]
    [InlineData("https://127.0.0.1:6443", "", false)]
    [InlineData("https://localhost:6443", "", false)]
    public void The_proxy_of_the_environment_is_used_as_kubectl_uses_it(string server, string noProxy, bool used)
    {
        var path = _folder.Write("config", ConfigText.Of($"server: {server}"));
        var options = TestOptions.With(new() { ["KUBECONFIG"] = path, ["https_proxy"] = "proxy:3128", ["NO_PROXY"] = noProxy });

        Assert.Equal(used ? "http://proxy:3128/" : null, KubeconfigLoader.Load(options, default).Proxy?.AbsoluteUri);
    }

    private ConnectionTarget LoadText(string cluster = "server: https://s", string user = "{}") =>
        Load(null, _folder.Write("config", ConfigText.Of(cluster, user)));

    private static ConnectionTarget Load(string? context, string kubeconfig) =>
        KubeconfigLoader.Load(TestOptions.With(new() { ["KUBECONFIG"] = kubeconfig }) with { Context = context }, default);

    private static async Task<(string Server, string Namespace, string? Token)> ReadAsync(
        string path, Func<KubeConnectionOptions, KubeConnectionOptions> with)
    {
        var target = KubeconfigLoader.Load(with(TestOptions.With() with { KubeconfigPaths = [path] }), default);
        return (target.Server.AbsoluteUri, target.Namespace, (await target.Credentials.GetAsync(default)).Authorization?.Parameter);
    }
}
