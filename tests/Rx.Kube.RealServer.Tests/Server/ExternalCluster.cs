using System.Text.Json;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>
/// Creates a namespace in an existing cluster, with service accounts for the four tokens. The user of the kubeconfig must be
/// allowed to create namespaces, roles and tokens. All objects are inside the namespace and are deleted with it.
/// </summary>
public sealed class ExternalCluster : IAsyncDisposable
{
    private readonly Func<string, string?, Task<CommandResult>> _kubectl;
    private readonly string _namespace;

    private ExternalCluster(Func<string, string?, Task<CommandResult>> kubectl, string @namespace) =>
        (_kubectl, _namespace) = (kubectl, @namespace);

    public required Uri Url { get; init; }

    public required string CaFile { get; init; }

    public required Tokens Tokens { get; init; }

    public static async Task<ExternalCluster> OpenAsync(ServerSource source, string folder, string @namespace)
    {
        Task<CommandResult> Run(string arguments, string? stdin) =>
            Kubectl.RunAsync(source, source.Location, Path.Combine(folder, "kubectl-cache"), arguments.Split(' '), stdin);
        async Task<string> Must(string arguments, string? stdin = null) => (await Run(arguments, stdin)).OutputOrThrow().Trim();

        using var config = JsonDocument.Parse(await Must("config view --raw --minify --flatten -o json"));
        var cluster = config.RootElement.GetProperty("clusters")[0].GetProperty("cluster");
        if (!cluster.TryGetProperty("certificate-authority-data", out var ca))
        {
            throw new InvalidOperationException(
                $"{source.Location}: the cluster has no certificate authority. " +
                "To fix: set certificate-authority or certificate-authority-data.");
        }

        var caFile = Path.Combine(folder, "ca.crt");
        await File.WriteAllBytesAsync(caFile, ca.GetBytesFromBase64());
        await Must("create namespace " + @namespace);
        try
        {
            foreach (var user in (string[])["admin", "reader", "lister", "nobody"])
            {
                await Must($"create serviceaccount {user} -n {@namespace}");
            }

            await Must("create -f -", Rbac.Manifest(@namespace, "ServiceAccount"));
            Task<string> Token(string user) => Must($"create token {user} -n {@namespace} --duration 2h");
            return new(Run, @namespace)
            {
                Url = new Uri(cluster.GetProperty("server").GetString()!),
                CaFile = caFile,
                Tokens = new(await Token("admin"), await Token("reader"), await Token("lister"), await Token("nobody")),
            };
        }
        catch
        {
            await Run($"delete namespace {@namespace} --wait=false", null);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await _kubectl($"delete namespace {_namespace} --wait=false", null);
}
