using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Doctor;

/// <summary>What <c>rxkube doctor</c> says of the dates of certificates: those of the server, and those of the user.</summary>
public sealed class CertificateDateTests
{
    private const double HalfAnHour = 1 / 48.0; // more than a run takes: what is printed are whole hours

    [Fact]
    public async Task A_server_certificate_that_has_ended_is_refused_with_its_dates()
    {
        using var server = SelfSigned.Create("front", -30, -3);
        var (code, report) = await RunAsync(server);
        Assert.Equal(ExitCode.Cluster, code);
        Assert.Equal("problem", (string?)CheckOf(report, "tls")["state"]);
        Assert.Contains(
            $" showed a certificate valid from {server.NotBefore.ToUniversalTime():u} to {server.NotAfter.ToUniversalTime():u}, " +
            "but it, or its CA's, is not valid now", (string?)report["summary"], StringComparison.Ordinal);
        Assert.StartsWith("renew it, or correct the clock of this machine (", (string?)report["fix"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-30, -3 - HalfAnHour, "The server's certificate ended 3d ago, on {1}")]
    [InlineData(3 + HalfAnHour, 30, "The server's certificate is not valid yet: it begins in 3d, on {0}")]
    public async Task A_server_certificate_out_of_its_dates_is_a_finding_where_none_is_checked(double from, double to, string expected)
    {
        using var server = SelfSigned.Create("front", from, to);
        var (code, report) = await RunAsync(server, isChecked: false);
        AssertDates(server, expected, report);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal("warning", (string?)CheckOf(report, "tls")["state"]);
    }

    [Theory]
    [InlineData(6 + (23 / 24.0) + HalfAnHour, ExitCode.Failed, "The server's certificate ends in 6d23h, on {1}")]
    [InlineData(HalfAnHour, ExitCode.Failed, "The server's certificate ends in 29m")]
    [InlineData(7 + HalfAnHour, ExitCode.Stopped, "All is well with prod/cache")]
    public async Task A_server_certificate_that_ends_within_seven_days_is_a_finding(double toDay, int expectedCode, string expected)
    {
        using var server = SelfSigned.Create("front", -30, toDay);
        var (code, report) = await RunAsync(server);
        AssertDates(server, expected, report);
        Assert.Equal(expectedCode, code);
        Assert.Equal(code == ExitCode.Failed ? "renew it on the server" : null, (string?)report["fix"]);
        Assert.Equal(code == ExitCode.Failed ? "warning" : "ok", (string?)CheckOf(report, "tls")["state"]);
    }

    [Theory]
    [InlineData(-1, 3 + HalfAnHour, ExitCode.Failed, "warning", "The client's certificate ends in 3d, on {1}", "renew it, or log in again")]
    [InlineData(
        -30, -3 - HalfAnHour, ExitCode.Failed, "problem", "The client's certificate ended 3d ago, on {1}", "renew it, or log in again")]
    [InlineData(
        3 + HalfAnHour, 30, ExitCode.Failed, "problem", "The client's certificate is not valid yet: it begins in 3d, on {0}",
        "correct the clock of this machine")]
    [InlineData(-1, 29, ExitCode.Stopped, "ok", "All is well with prod/cache", null)]
    public async Task The_dates_of_a_client_certificate_are_told_also_where_the_server_does_not_look_at_it(
        double from, double to, int expectedCode, string state, string expected, string? fix)
    {
        using var server = SelfSigned.Create("front");
        using var client = SelfSigned.Create("alice", from, to);
        var (code, report) = await RunAsync(server, client);
        AssertDates(client, expected, report, "client");
        AssertDates(server, null, report);
        Assert.Equal(expectedCode, code);
        Assert.Equal(state, (string?)CheckOf(report, "tls")["state"]);
        Assert.StartsWith(fix ?? "", (string?)report["fix"] ?? "", StringComparison.Ordinal);
        Assert.Equal(client.NotAfter.ToUniversalTime(), (DateTime)CheckOf(report, "tls")["clientNotAfter"]!);
    }

    /// <summary>An API server answers 401, and its words name no certificate.</summary>
    [Fact]
    public async Task A_client_certificate_that_has_ended_is_told_as_the_cause_of_a_refusal()
    {
        using var server = SelfSigned.Create("front");
        using var client = SelfSigned.Create("alice", -30, -3 - HalfAnHour);
        var (code, report) = await RunAsync(server, client, refuses: true);
        AssertDates(client, "The client's certificate ended 3d ago, on {1}", report, "client");
        Assert.Equal(ExitCode.Cluster, code);
        Assert.StartsWith("renew it, or log in again (", (string?)report["fix"], StringComparison.Ordinal);
        Assert.Equal("problem", (string?)CheckOf(report, "identity")["state"]);
    }

    /// <summary>A proxy that checks client certificates ends the connection.</summary>
    [Theory]
    [InlineData(-30, -3 - HalfAnHour, "The client's certificate ended 3d ago, on {1}")]
    [InlineData(3 + HalfAnHour, 30, "The client's certificate is not valid yet: it begins in 3d, on {0}")]
    public async Task A_client_certificate_that_a_handshake_refuses_is_told_with_its_dates(double from, double to, string expected)
    {
        using var server = SelfSigned.Create("front");
        using var client = SelfSigned.Create("alice", from, to);
        var (code, report) = await RunAsync(server, client, isClientChecked: true);
        Assert.Equal(ExitCode.Cluster, code);
        AssertDates(client, expected, report, "client");
        Assert.Equal("problem", (string?)CheckOf(report, "server")["state"]);
    }

    private static void AssertDates(X509Certificate2 certificate, string? expected, JsonNode report, string whose = "server")
    {
        var (from, to) = (Day(certificate.NotBefore), Day(certificate.NotAfter));
        Assert.StartsWith(
            string.Format(CultureInfo.InvariantCulture, expected ?? "", from, to), (string?)report["summary"], StringComparison.Ordinal);
        Assert.Contains(
            $"{whose} certificate: {certificate.Subject}, issued by {certificate.Subject}, valid from {from} to {to}",
            CheckOf(report, "tls")["details"]!.AsArray().Select(d => (string?)d));

        static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static JsonNode CheckOf(JsonNode report, string id) => report["checks"]!.AsArray().Single(c => (string?)c!["id"] == id)!;

    private static async Task<(int Code, JsonNode Report)> RunAsync(
        X509Certificate2 certificate, X509Certificate2? client = null, bool isChecked = true, bool isClientChecked = false,
        bool refuses = false)
    {
        await using var server = await ApiServerSimulator.StartAsync(new()
        {
            Intercept = (context, next) =>
            {
                context.Response.StatusCode = refuses ? StatusCodes.Status401Unauthorized : context.Response.StatusCode;
                return refuses ? Task.CompletedTask : next();
            },
        });
        server.Cluster.Create("services", JsonNode.Parse(ScriptedCluster.CacheService)!.AsObject());
        server.Cluster.Apply(ScriptedCluster.Slice("cache-abc", "cache", "cache-0").Manifest());
        using var front = new TlsFront(server.Url, certificate) { ChecksClients = isClientChecked };
        var user = client is null ? "" :
            $"client-certificate-data: {Base64(client.ExportCertificatePem())}, " +
            $"client-key-data: {Base64(client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}";
        var trust = isChecked
            ? $"certificate-authority-data: {Base64(certificate.ExportCertificatePem())}" : "insecure-skip-tls-verify: true";
        using var config = new Kubeconfig(front.Url);
        await File.WriteAllTextAsync(config.Path, $$"""
            current-context: test
            contexts: [{name: test, context: {cluster: test, user: test, namespace: prod} }]
            clusters: [{name: test, cluster: {server: "{{front.Url}}", {{trust}} } }]
            users: [{name: test, user: { {{user}} } }]
            """);
        var tool = new InProcessTool();
        tool.Start("doctor", "cache", "--kubeconfig", config.Path, "--for", "0", "-o", "json");
        var code = await tool.EndAsync();
        return (code, JsonNode.Parse(tool.Rest())!);

        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }
}
