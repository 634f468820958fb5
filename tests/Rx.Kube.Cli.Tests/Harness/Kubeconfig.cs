namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Writes a kubeconfig file for one server; Dispose deletes it.</summary>
internal sealed class Kubeconfig : IDisposable
{
    public Kubeconfig(Uri server, string? token = null) => File.WriteAllText(Path, $"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
        - name: test
          cluster:
            server: "{server}"
            insecure-skip-tls-verify: {(server.Scheme == "https" && token is not null ? "true" : "false")}
        users:
        - name: test
          user:
            token: "{token}"
        contexts:
        - name: test
          context:
            cluster: test
            user: test
            namespace: prod
        """);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"rxkube-{Guid.NewGuid():n}.yaml");

    public void Dispose() => File.Delete(Path);
}
