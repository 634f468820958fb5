using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Tests;

/// <summary>The simulator, used with kubectl.</summary>
public sealed class KubectlTests : IAsyncLifetime
{
    private const string Manifest = """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          name: cache-1
          labels: { kubernetes.io/service-name: cache }
        addressType: IPv4
        endpoints: [{ addresses: [10.0.0.1] }]
        ports: [{ name: http, port: 80 }]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("rxkube-simulator-").FullName;
    private ApiServerSimulator _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServerSimulator.StartAsync(new() { Https = true, Tokens = SimulatedUser.TestTokens });
        await File.WriteAllTextAsync(Path.Combine(_folder, "slice.yaml"), Manifest);
        await File.WriteAllTextAsync(Path.Combine(_folder, "ca.pem"), _server.Certificate!.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(_folder, "config"), $$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "{{_server.Url}}", certificate-authority: ca.pem } }]
            users: [{name: u, user: {token: admin-token} }]
            contexts: [{name: x, context: {cluster: c, user: u, namespace: default} }]
            current-context: x
            """);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [KubectlFact]
    public async Task Kubectl_creates_gets_patches_applies_and_deletes()
    {
        Assert.Equal("endpointslice.discovery.k8s.io/cache-1 created", await RunAsync("create", "-f", "slice.yaml"));
        Assert.Contains("cache-1", await RunAsync("get", "endpointslices"), StringComparison.Ordinal);
        var slice = JsonNode.Parse(await RunAsync("get", "endpointslice", "cache-1", "-o", "json"))!;
        Assert.Equal("10.0.0.1", (string?)slice["endpoints"]![0]!["addresses"]![0]);

        await RunAsync("patch", "endpointslice", "cache-1", "--type=merge", "-p", """{"metadata":{"labels":{"x":"1"}}}""");
        await RunAsync(
            "patch", "endpointslice", "cache-1", "--type=json", "-p", """[{"op":"add","path":"/metadata/labels/y","value":"2"}]""");
        await RunAsync("label", "endpointslice", "cache-1", "z=3");
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "slice.yaml"), Manifest.Replace("10.0.0.1", "10.0.0.2", StringComparison.Ordinal));
        Assert.EndsWith("configured", await RunAsync("apply", "-f", "slice.yaml"), StringComparison.Ordinal);
        var changed = _server.Cluster.Get("endpointslices", "default", "cache-1")!;
        Assert.Equal("10.0.0.2", (string?)changed["endpoints"]![0]!["addresses"]![0]);
        Assert.Equal(["1", "2", "3"], ((string[])["x", "y", "z"]).Select(l => (string?)changed["metadata"]!["labels"]![l]));

        await RunAsync("delete", "endpointslice", "cache-1");
        Assert.Empty(_server.Cluster.List("endpointslices"));
    }

    [KubectlFact]
    public async Task Kubectl_get_watch_shows_changes_as_they_happen()
    {
        await RunAsync("create", "-f", "slice.yaml");
        using var kubectl = Start("get", "endpointslices", "-w", "--output-watch-events");
        Assert.Equal("ADDED", await FirstWordAsync(kubectl));

        _server.Cluster.Patch("endpointslices", "default", "cache-1", new() { ["addressType"] = "IPv6" });
        Assert.Equal("MODIFIED", await FirstWordAsync(kubectl));
        _server.Cluster.Delete("endpointslices", "default", "cache-1");
        Assert.Equal("DELETED", await FirstWordAsync(kubectl));
        kubectl.Kill();
        await kubectl.WaitForExitAsync();
    }

    [KubectlFact]
    public async Task A_misspelt_field_is_refused()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "slice.yaml"), Manifest.Replace("ports", "portz", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("create", "-f", "slice.yaml"));
        Assert.Contains("unknown field \"portz\"", error.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> FirstWordAsync(Process kubectl)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await kubectl.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            var word = line.Split(' ', 2)[0];
            if (word != "EVENT")
            {
                return word;
            }
        }

        return await kubectl.StandardError.ReadToEndAsync(patience.Token);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = Path.Combine(_folder, "config");
        start.Environment["KUBECACHEDIR"] = Path.Combine(_folder, "cache");
        return Process.Start(start)!;
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        using var kubectl = Start(arguments);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = kubectl.StandardOutput.ReadToEndAsync(patience.Token);
        var error = await kubectl.StandardError.ReadToEndAsync(patience.Token);
        await kubectl.WaitForExitAsync(patience.Token);
        return kubectl.ExitCode == 0 ? (await output).Trim() : throw new InvalidOperationException(error);
    }
}
