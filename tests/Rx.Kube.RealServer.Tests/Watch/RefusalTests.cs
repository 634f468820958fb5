using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rx.Kube.RealServer.Tests.Server;
using YamlDotNet.RepresentationModel;

namespace Rx.Kube.RealServer.Tests.Watch;

/// <summary>A cluster that cannot be used gives exit code 3 and a message with the fix on standard error.</summary>
public sealed class RefusalTests(RealApiServer server) : IClassFixture<RealApiServer>
{
    private const int ClusterCannotBeUsed = 3;

    [RealServerFact]
    public async Task A_wrong_token_is_reported_with_the_credentials()
    {
        var result = await RunAsync(server.Url, server.CaFile, "canary-of-a-token");

        AssertRefused(result, "401", "To fix", "log in again or renew");
        Assert.DoesNotContain("canary-of-a-token", result.Output + result.Error);
    }

    [RealServerFact]
    public async Task A_user_without_watch_gets_the_missing_role()
    {
        var result = await RunAsync(server.Url, server.CaFile, server.Tokens.Lister);

        AssertRefused(result, "watch endpointslices");
        AssertRole(result.Error);
        Assert.DoesNotContain(server.Tokens.Lister, result.Error);
    }

    [RealServerFact]
    public async Task A_user_without_rights_gets_the_missing_role()
    {
        var result = await RunAsync(server.Url, server.CaFile, server.Tokens.Unprivileged);

        AssertRefused(result, "list endpointslices");
        AssertRole(result.Error);
    }

    [RealServerFact]
    public async Task A_wrong_base_path_is_reported_as_404()
    {
        var result = await RunAsync(new Uri(server.Url, "clusters/nowhere"), server.CaFile, server.Tokens.Admin);

        AssertRefused(result, "404", "/clusters/nowhere/apis/discovery.k8s.io/v1", "To fix", "address");
    }

    [RealServerFact]
    public async Task A_closed_port_is_reported_after_the_timeout()
    {
        var result = await RunAsync(
            new Uri($"https://127.0.0.1:{LoopbackPorts.Free()}"), server.CaFile, server.Tokens.Admin, "--timeout", "3s");

        AssertRefused(result, "refuses connections", "To fix", "start the API server");
    }

    [RealServerFact]
    public async Task A_certificate_of_another_authority_is_not_trusted()
    {
        using var key = ECDsa.Create();
        using var stranger = new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var ca = Path.GetTempFileName();
        await File.WriteAllTextAsync(ca, stranger.ExportCertificatePem());

        var result = await RunAsync(server.Url, ca, server.Tokens.Admin);

        File.Delete(ca);
        AssertRefused(result, "certificate", "To fix");
    }

    private static void AssertRefused(CommandResult result, params string[] words)
    {
        Assert.True(result.ExitCode == ClusterCannotBeUsed, $"exit code {result.ExitCode}\n{result.Error}");
        Assert.All(words, word => Assert.Contains(word, result.Error, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    /// <summary>The manifest at the end of the message grants only list and watch of EndpointSlices in the namespace.</summary>
    private void AssertRole(string message)
    {
        var start = message.LastIndexOf("apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n", StringComparison.Ordinal);
        Assert.True(start >= 0, "no Role in: " + message);
        Assert.Equal(2, message.Split("apiVersion: rbac").Length - 1); // one Role and one RoleBinding
        var yaml = new YamlStream();
        yaml.Load(new StringReader(message[start..]));

        var role = yaml.Documents[0].RootNode;
        Assert.Equal(server.Namespace, role["metadata"]["namespace"]);
        var rule = Assert.Single((YamlSequenceNode)role["rules"]);
        Assert.Equal(["discovery.k8s.io"], (YamlSequenceNode)rule["apiGroups"]);
        Assert.Equal(["endpointslices"], (YamlSequenceNode)rule["resources"]);
        Assert.Equal(["list", "watch"], (YamlSequenceNode)rule["verbs"]);
        var binding = yaml.Documents[1].RootNode;
        Assert.Equal("RoleBinding", binding["kind"]);
        Assert.Equal(role["metadata"]["name"], binding["roleRef"]["name"]);
    }

    private async Task<CommandResult> RunAsync(Uri url, string caFile, string token, params string[] more)
    {
        var kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig, Kubectl.Config(url, caFile, token, server.Namespace));
        try
        {
            return await WatchTool.RunAsync(["watch", "cache", "--kubeconfig", kubeconfig, "-o", "json", .. more]);
        }
        finally
        {
            File.Delete(kubeconfig);
        }
    }
}
