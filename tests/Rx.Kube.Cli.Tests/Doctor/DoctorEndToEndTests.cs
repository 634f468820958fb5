using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Connection.Echoes;

namespace Rx.Kube.Cli.Tests.Doctor;

/// <summary>Runs <c>rxkube doctor</c> against a server over TLS.</summary>
public class DoctorEndToEndTests
{
    [Fact]
    public async Task A_good_server_is_well_with_its_certificate_and_the_user()
    {
        await using var server = await StartAsync();
        var (code, report) = await RunAsync(Config(server, "reader-token", server.Certificate!));
        Assert.Equal(ExitCode.Stopped, code);
        Assert.Equal("All is well with prod/cache", (string?)report["summary"]);
        Assert.Equal("reader", (string?)CheckOf(report, "identity")["user"]);
        Assert.Equal(server.Certificate!.NotAfter.ToUniversalTime(), (DateTime)CheckOf(report, "tls")["notAfter"]!);
        Assert.StartsWith("TLS 1.", (string?)CheckOf(report, "tls")["text"], StringComparison.Ordinal);
        Assert.Equal("all that a watch needs", (string?)CheckOf(report, "permissions")["text"]);
        Assert.Contains("HTTP/2", (string?)CheckOf(report, "server")["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_without_watch_gets_the_role_of_its_own_name()
    {
        await using var server = await StartAsync();
        var (code, report) = await RunAsync(Config(server, "lister-token", server.Certificate!));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal(
            "The user lister may not watch endpointslices.discovery.k8s.io in namespace \"prod\"", (string?)report["summary"]);
        Assert.Contains("name: \"lister\"", (string?)CheckOf(report, "watch")["manifest"], StringComparison.Ordinal);
        Assert.Contains("no: watch endpointslices", CheckOf(report, "permissions")["details"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_exits_with_three()
    {
        await using var server = await StartAsync();
        using var stranger = SelfSigned.Create("stranger");
        var (code, report) = await RunAsync(Config(server, "reader-token", stranger));
        Assert.Equal(ExitCode.Cluster, code);
        Assert.Contains("which does not lead to", (string?)report["summary"], StringComparison.Ordinal);
        Assert.Contains("put the CA of this cluster there", (string?)report["fix"], StringComparison.Ordinal);
        Assert.Equal("problem", (string?)CheckOf(report, "tls")["state"]);
    }

    [Fact]
    public async Task A_certificate_that_is_not_checked_is_a_finding()
    {
        await using var server = await StartAsync();
        var (code, report) = await RunAsync(Config(server, "reader-token", null));
        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal("warning", (string?)CheckOf(report, "tls")["state"]);
    }

    [Fact]
    public async Task A_plugin_that_hangs_is_named_and_not_the_server()
    {
        using var config = new Kubeconfig(new("https://127.0.0.1:1"));
        File.WriteAllText(config.Path, File.ReadAllText(config.Path).Replace(
            "    token: \"\"",
            "    exec: {apiVersion: client.authentication.k8s.io/v1, command: sleep, args: [\"60\"], interactiveMode: Never}",
            StringComparison.Ordinal));
        var tool = new InProcessTool();
        tool.Start("doctor", "--kubeconfig", config.Path, "--timeout", "300ms", "-o", "json");
        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        var report = JsonNode.Parse(tool.Rest())!;
        Assert.StartsWith(
            "There is no answer within 0.3 s: still waiting for the exec plugin \"sleep\" of user \"test\"", (string?)report["summary"],
            StringComparison.Ordinal);
        Assert.Equal("problem", (string?)CheckOf(report, "credentials")["state"]);
    }

    [Fact]
    public async Task A_missing_configuration_exits_with_three_and_tells_where_it_was_looked_for()
    {
        var tool = new InProcessTool();
        tool.Start("doctor", "--kubeconfig", "/nowhere/config", "-o", "json");
        Assert.Equal(ExitCode.Cluster, await tool.EndAsync());
        var check = Assert.Single(JsonNode.Parse(tool.Rest())!["checks"]!.AsArray());
        Assert.Equal("configuration", (string?)check!["id"]);
        Assert.Equal("the given kubeconfig: /nowhere/config (does not exist)", (string?)check["details"]![0]);
        Assert.Equal(4, check["details"]!.AsArray().Count);
    }

    /// <summary>A server echoes the token in every answer: it is printed nowhere.</summary>
    [Fact]
    public async Task No_secret_that_a_server_echoes_is_printed()
    {
        using var certificate = SelfSigned.Create("stranger");
        foreach (var form in Secret.Forms.Take(6))
        {
            var echoed = form.Of(Secret.Token)
                .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            using var server = new RawServer(certificate)
            {
                Answer = line => line.Contains(" /version", StringComparison.Ordinal)
                    ? Json($"Warning: 299 - \"{echoed}\"\r\n", $$"""{"gitVersion":"{{echoed}}"}""")
                    : line.Contains("selfsubjectreviews", StringComparison.Ordinal)
                        ? Json("", $$$"""{"status":{"userInfo":{"username":"{{{echoed}}}","groups":["{{{echoed}}}"]} } }""")
                        : line.Contains("accessreviews", StringComparison.Ordinal)
                            ? Json("", $$$"""{"status":{"allowed":false,"reason":"{{{echoed}}}"}}""")
                            : Echo.Lists["message of a 403"](echoed),
            };
            using var config = new Kubeconfig(new Uri(server.Url), Secret.Token);
            foreach (var format in new[] { "text", "json" })
            {
                var tool = new InProcessTool();
                tool.Start("doctor", "cache", "--kubeconfig", config.Path, "--for", "0", "-o", format);
                await tool.EndAsync();
                var printed = $"{tool.Rest()}\n{tool.Error}";
                Assert.Null(Secret.Find(printed, [Secret.Token]));
                Assert.Contains("identity", printed, StringComparison.Ordinal);
            }
        }
    }

    private static string Json(string headers, string body) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{headers}Connection: close\r\n\r\n{body}";

    private static async Task<ApiServerSimulator> StartAsync()
    {
        var server = await ApiServerSimulator.StartAsync(new() { Https = true, Tokens = SimulatedUser.TestTokens });
        var service = JsonNode.Parse(ScriptedCluster.CacheService)!.AsObject();
        (service["apiVersion"], service["kind"]) = ("v1", "Service");
        server.Cluster.Apply(service.ToJsonString());
        server.Cluster.Apply(ScriptedCluster.Slice("cache-abc", "cache", "cache-0").Manifest());
        return server;
    }

    private static string Config(ApiServerSimulator server, string token, X509Certificate2? authority)
    {
        var trust = authority is null ? "insecure-skip-tls-verify: true"
            : $"certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(authority.ExportCertificatePem()))}";
        return $$"""
            current-context: test
            contexts: [{name: test, context: {cluster: test, user: test, namespace: prod} }]
            clusters: [{name: test, cluster: {server: "{{server.Url}}", {{trust}} } }]
            users: [{name: test, user: {token: {{token}} } }]
            """;
    }

    private static JsonNode CheckOf(JsonNode report, string id) => report["checks"]!.AsArray().Single(c => (string?)c!["id"] == id)!;

    private static async Task<(int Code, JsonNode Report)> RunAsync(string config)
    {
        var path = Path.Combine(Path.GetTempPath(), $"rxkube-{Guid.NewGuid():n}.yaml");
        await File.WriteAllTextAsync(path, config);
        try
        {
            var tool = new InProcessTool();
            tool.Start("doctor", "cache", "--kubeconfig", path, "--for", "0", "-o", "json");
            var code = await tool.EndAsync();
            return (code, JsonNode.Parse(tool.Rest())!);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
