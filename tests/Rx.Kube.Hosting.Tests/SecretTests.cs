using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Rx.Kube.Hosting.Tests.Support;
using Rx.Kube.Simulator;
using Rx.Kube.Testing;

namespace Rx.Kube.Hosting.Tests;

/// <summary>What a server, a kubeconfig and a plugin say reaches the log, the health and <c>/rxkube</c> without the credentials.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Token = "canary-token-0123456789";
    private const string Code = "canary-code-ABCD-EFGH";
    private readonly string _kubeconfig = Path.GetTempFileName();

    public void Dispose() => File.Delete(_kubeconfig);

    [Fact]
    public async Task The_output_of_a_plugin_is_not_logged_and_other_notices_are()
    {
        await using var server = await ApiServerSimulator.StartAsync(new() { Https = true });
        server.Cluster.Apply(Slice.Of("cache-abc", service: "cache", @namespace: "prod").With("cache-0", "10.0.0.1").Manifest());
        Write(server, $$$"""
            exec:
              apiVersion: client.authentication.k8s.io/v1
              command: sh
              interactiveMode: Never
              args:
              - -c
              - |
                echo 'open https://login.example and enter {{{Code}}}' >&2
                echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"{{{Token}}}"}}'
            """);
        await using var host = TestHost.Build(
            builder => builder.AddKubeTopology("cache", options => options.FirstSyncTimeout = Eventually.Patience),
            ("Kube:Connection:Kubeconfig", _kubeconfig));

        await host.StartAsync();

        Assert.Equal(HealthStatus.Healthy, (await host.HealthAsync()).Status);
        Assert.Contains(
            $"Information The connection to the API server: connecting to {server.Url.AbsoluteUri.TrimEnd('/')}", host.Log.All,
            StringComparison.Ordinal);
        Assert.DoesNotContain("canary", host.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_repeats_the_token_does_not_bring_it_into_the_log_the_health_the_metrics_or_the_answer()
    {
        var echoes = 0;
        await using var server = await ApiServerSimulator.StartAsync(new()
        {
            Https = true,
            Intercept = async (context, _) =>
            {
                context.Response.StatusCode = 401;
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(
                    SliceJson.Status(401, "Unauthorized", $"who is {context.Request.Headers.Authorization}?"));
                Interlocked.Increment(ref echoes);
            },
        });
        Write(server, $"token: {Token}");
        await using var app = await TestApplication.StartAsync(
            server.Url,
            builder =>
            {
                builder.Configuration["Kube:Connection:Server"] = "";
                builder.Configuration["Kube:Connection:Kubeconfig"] = _kubeconfig;
                builder.AddKubeTopology("cache", options => options.FirstSyncTimeout = TimeSpan.FromSeconds(1));
            },
            app => app.MapKubeTopology());
        await Eventually.TrueAsync(
            async () => (await app.GetAsync("/health")).Body.Contains("who is", StringComparison.Ordinal), "the refusal");

        Assert.NotEqual(0, echoes);
        foreach (var path in new[] { "/rxkube", "/rxkube/cache", "/health", "/metrics" })
        {
            Assert.DoesNotContain(Token, (await app.GetAsync(path)).Body, StringComparison.Ordinal);
        }

        Assert.Contains("who is", app.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, app.Log.All, StringComparison.Ordinal);
    }

    private void Write(ApiServerSimulator server, string user) => File.WriteAllText(_kubeconfig, $"""
        apiVersion: v1
        kind: Config
        current-context: c
        contexts:
        - name: c
          context:
            cluster: c
            user: u
            namespace: prod
        clusters:
        - name: c
          cluster:
            server: {server.Url}
            certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(server.Certificate!.ExportCertificatePem()))}
        users:
        - name: u
          user:
            {user.ReplaceLineEndings("\n").Replace("\n", "\n    ", StringComparison.Ordinal)}
        """);
}
