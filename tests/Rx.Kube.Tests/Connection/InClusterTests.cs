using System.Net;
using System.Reactive.Concurrency;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

public sealed class InClusterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly HistoricalScheduler _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public InClusterTests()
    {
        _folder.Write("token", "first\n");
        _folder.Write("ca.crt", _authority.Pem);
        _folder.Write("namespace", "prod");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("10.0.0.1", "443", "https://10.0.0.1/")]
    [InlineData("fd00::1", "6443", "https://[fd00::1]:6443/")]
    [InlineData("kubernetes.default.svc", "443", "https://kubernetes.default.svc/")]
    public void Address_and_namespace_come_from_the_pod(string host, string port, string server)
    {
        using var kube = KubeConnection.InCluster(Pod(host, port));

        Assert.Equal(server, kube.Server.AbsoluteUri);
        Assert.Equal("prod", kube.Namespace);
    }

    [Fact]
    public void The_impersonation_of_the_options_is_used_in_a_pod_too()
    {
        var target = InClusterLoader.Load(Pod("10.0.0.1", "443") with { ImpersonateUser = "jane", ImpersonateGroups = ["dev"] });
        Assert.Equal(
            ["Impersonate-User: jane", "Impersonate-Group: dev"], target.Impersonation!.Headers.Select(h => $"{h.Key}: {h.Value}"));
    }

    [Fact]
    public void Without_a_namespace_file_the_namespace_is_default()
    {
        File.Delete(_folder["namespace"]);
        using var kube = KubeConnection.InCluster(Pod("10.0.0.1", "443"));

        Assert.Equal("default", kube.Namespace);
    }

    /// <summary>Texts that are no namespace, and how a message shows them.</summary>
    public static TheoryData<string, string> NoNamespaces { get; } = new()
    {
        { "Prod", "Prod" },
        { "..", ".." },
        { "a/b", "a/b" },
        { "a/../../nodes", "a/../../nodes" },
        { "a.b", "a.b" },
        { "a b", "a b" },
        { "-a", "-a" },
        { "a-", "a-" },
        { "a?watch=1", "a?watch=1" },
        { "a%2fb", "a%2fb" },
        { "a\nb", "a\\u{a}b" },
        { "a\r\nHost: b", "a\\u{d}\\u{a}Host: b" },
        { "a\e[2Jb", "a\\u{1b}[2Jb" },
        { "a\u200bb", "a\\u{200b}b" },
        { "a\u202eb", "a\\u{202e}b" },
        { "\ufeffprod", "\\u{feff}prod" },
        { "pr\u043ed", "pr\u043ed" }, // a Cyrillic letter
        { "\u0660", "\u0660" }, // an Arabic digit
        { new('a', 64), new('a', 64) },
        { new('a', 101), new string('a', 100) + "…" },
    };

    [Theory]
    [MemberData(nameof(NoNamespaces))]
    public void A_namespace_file_without_a_namespace_is_an_error_that_names_the_file_and_escapes_the_text(string text, string shown)
    {
        _folder.Write("namespace", text);

        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.InCluster(Pod("h", "1")));

        Assert.Equal(
            $"{_folder["namespace"]} is \"{shown}\", but a namespace is a DNS label: {KubeNames.Rule}. "
            + "To fix: restore the file, as Kubernetes writes it, or set POD_NAMESPACE.",
            error.Message);
    }

    [Theory]
    [MemberData(nameof(NoNamespaces))]
    public void A_POD_NAMESPACE_that_is_no_namespace_is_an_error_that_names_the_variable_and_escapes_the_text(string text, string shown)
    {
        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.InCluster(Pod("h", "1", text)));

        Assert.Equal(
            $"POD_NAMESPACE is \"{shown}\", but a namespace is a DNS label: {KubeNames.Rule}. "
            + "To fix: set it to the namespace of the pod, with fieldPath: metadata.namespace, or remove it.",
            error.Message);
    }

    [Theory]
    [InlineData("a\0b", "a\\u{0}b")]
    [InlineData("\0", "\\u{0}")]
    public void A_zero_byte_in_the_namespace_file_is_an_error(string text, string shown) =>
        A_namespace_file_without_a_namespace_is_an_error_that_names_the_file_and_escapes_the_text(text, shown);

    [Fact]
    public void Bytes_that_are_no_text_in_the_namespace_file_are_an_error()
    {
        File.WriteAllBytes(_folder["namespace"], [(byte)'a', 0xff, 0xc0]);

        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.InCluster(Pod("h", "1")));

        Assert.StartsWith($"{_folder["namespace"]} is \"a\ufffd\ufffd\", but a namespace is", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null, "default")]
    [InlineData(" \n", null, "default")]
    [InlineData("prod\n", null, "prod")]
    [InlineData("prod", "", "prod")]
    [InlineData("prod", "other", "other")]
    [InlineData("No Namespace", "other", "other")] // the file is not read
    public void An_empty_namespace_is_the_next_one(string file, string? variable, string expected)
    {
        _folder.Write("namespace", file);
        using var kube = KubeConnection.InCluster(Pod("h", "1", variable));

        Assert.Equal(expected, kube.Namespace);
    }

    [Theory]
    [InlineData(62)]
    [InlineData(63)]
    public void A_namespace_of_at_most_63_characters_is_used(int length)
    {
        _folder.Write("namespace", new string('a', length));
        using var kube = KubeConnection.InCluster(Pod("h", "1"));
        using var other = KubeConnection.InCluster(Pod("h", "1", new string('b', length)));

        Assert.Equal((new string('a', length), new string('b', length)), (kube.Namespace, other.Namespace));
    }

    [Theory]
    [InlineData("", "443", "KUBERNETES_SERVICE_HOST is not set")]
    [InlineData("h", "", "KUBERNETES_SERVICE_PORT is not set")]
    [InlineData("h", "x", "is not a port")]
    [InlineData("h", "70000", "is not a port")]
    [InlineData("h/../evil", "443", "is not a host name")]
    public void A_bad_environment_is_an_error(string host, string port, string expected)
    {
        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.InCluster(Pod(host, port)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("ca.crt")]
    public void A_missing_file_is_named(string file)
    {
        File.Delete(_folder[file]);

        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.InCluster(Pod("h", "1")));

        Assert.Contains(_folder[file], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token", "")]
    [InlineData("token", "two words")]
    [InlineData("ca.crt", "no certificate")]
    [InlineData("ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void A_broken_file_is_named(string file, string content)
    {
        _folder.Write(file, content);

        var error = Assert.Throws<KubeConfigurationException>(() => KubeConnection.InCluster(Pod("h", "1")));

        Assert.Contains(_folder[file], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_token_is_used_within_a_minute()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer());
        using var kube = KubeConnection.InCluster(TestOptions.Pod(_folder, "127.0.0.1", server.Port, _clock));

        await GetAsync(kube);
        _folder.Write("token", "second");
        _clock.AdvanceBy(TimeSpan.FromSeconds(59));
        await GetAsync(kube);
        _clock.AdvanceBy(TimeSpan.FromSeconds(1));
        await GetAsync(kube);

        Assert.Equal(["Bearer first", "Bearer first", "Bearer second"], server.Requests.Select(r => r.Headers.Authorization.ToString()));
    }

    [Fact]
    public async Task A_rotated_token_is_used_at_once_after_a_401()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), context =>
        {
            context.Response.StatusCode = context.Request.Headers.Authorization == "Bearer second" ? 200 : 401;
            return Task.CompletedTask;
        });
        using var kube = KubeConnection.InCluster(TestOptions.Pod(_folder, "127.0.0.1", server.Port, _clock));
        _folder.Write("token", "second");

        await GetAsync(kube);

        Assert.Equal(["Bearer first", "Bearer second"], server.Requests.Select(r => r.Headers.Authorization.ToString()));
    }

    [Fact]
    public async Task An_unchanged_token_is_not_tried_twice()
    {
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), context =>
        {
            context.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        using var kube = KubeConnection.InCluster(TestOptions.Pod(_folder, "127.0.0.1", server.Port, _clock));

        var error = await Assert.ThrowsAsync<KubeStatusException>(() => GetAsync(kube));

        Assert.Single(server.Requests);
        Assert.Contains(_folder["token"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_token_of_a_vanished_file_is_used_until_it_is_refused()
    {
        var refuse = false;
        await using var server = await LoopbackServer.StartAsync(_authority.IssueServer(), context =>
        {
            context.Response.StatusCode = refuse ? 401 : 200;
            return Task.CompletedTask;
        });
        using var kube = KubeConnection.InCluster(TestOptions.Pod(_folder, "127.0.0.1", server.Port, _clock));
        File.Delete(_folder["token"]);
        _clock.AdvanceBy(TimeSpan.FromHours(1));

        await GetAsync(kube);
        refuse = true;
        var error = await Assert.ThrowsAsync<KubeConfigurationException>(() => GetAsync(kube));

        Assert.Contains(_folder["token"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rotated_authority_is_used_by_the_next_handshake()
    {
        var next = new TestAuthority("next CA");
        await using var server = await LoopbackServer.StartAsync(next.IssueServer());
        using var kube = KubeConnection.InCluster(TestOptions.Pod(_folder, "127.0.0.1", server.Port, _clock));

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => GetAsync(kube));
        Assert.True(error.IsUntrusted);
        _folder.Write("ca.crt", next.Pem);
        await GetAsync(kube);

        Assert.Single(server.Requests);
    }

    [Fact]
    public void Environment_proxies_are_not_used()
    {
        var options = TestOptions.With(
            new() { ["KUBERNETES_SERVICE_HOST"] = "10.0.0.1", ["KUBERNETES_SERVICE_PORT"] = "443", ["HTTPS_PROXY"] = "http://proxy:1" },
            _folder.Path, _clock);

        Assert.Null(InClusterLoader.Load(options).Proxy);
    }

    private KubeConnectionOptions Pod(string host, string port, string? @namespace = null) => TestOptions.With(
        new()
        {
            ["KUBERNETES_SERVICE_HOST"] = host,
            ["KUBERNETES_SERVICE_PORT"] = port,
            ["POD_NAMESPACE"] = @namespace ?? "",
        },
        _folder.Path, _clock);

    private static async Task GetAsync(KubeConnection kube)
    {
        using var response = await kube.GetAsync("api", default);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
