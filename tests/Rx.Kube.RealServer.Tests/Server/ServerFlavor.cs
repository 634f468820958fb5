using System.Security.Cryptography;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>Defines the command line of a kind of API server.</summary>
/// <param name="Program">The binary of the API server.</param>
/// <param name="NoSliceCacheFlag">Turns the watch cache of EndpointSlices off, so that a compaction alone causes 410.</param>
/// <param name="HasRbac">Whether Roles must grant the rights; otherwise, the server has the rights of the four tokens built in.</param>
public abstract record ServerFlavor(string Program, string NoSliceCacheFlag, bool HasRbac)
{
    /// <summary>Writes the files that the server reads.</summary>
    public abstract void Prepare(string folder);

    public abstract IEnumerable<string> Arguments(string folder, int port, string etcd);
}

/// <summary>Defines the server of tests/real-api-server.</summary>
public sealed record BuiltFlavor(string Folder)
    : ServerFlavor(Path.Combine(Folder, "apiserver"), "-no-watch-cache=endpointslices.discovery.k8s.io#0", HasRbac: false)
{
    public override void Prepare(string folder)
    {
    }

    public override IEnumerable<string> Arguments(string folder, int port, string etcd) =>
        ["-dir", folder, "-port", $"{port}", "-etcd", etcd];
}

/// <summary>
/// Defines kube-apiserver. The flags follow sigs.k8s.io/controller-runtime/pkg/envtest and the kube-apiserver reference.
/// </summary>
public sealed record EnvtestFlavor(string Folder)
    : ServerFlavor(Path.Combine(Folder, "kube-apiserver"), "--watch-cache-sizes=endpointslices.discovery.k8s.io#0", HasRbac: true)
{
    public override void Prepare(string folder)
    {
        using var key = RSA.Create(2048);
        File.WriteAllText(Path.Combine(folder, "sa.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "sa.pub"), key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllText(
            Path.Combine(folder, "tokens.csv"),
            """
            admin-token,admin,1,"system:masters"
            reader-token,reader,2
            lister-token,lister,3
            nobody-token,nobody,4

            """);
    }

    public override IEnumerable<string> Arguments(string folder, int port, string etcd) =>
    [
        $"--etcd-servers={etcd}",
        $"--secure-port={port}",
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        $"--cert-dir={folder}",
        $"--token-auth-file={Path.Combine(folder, "tokens.csv")}",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://127.0.0.1/",
        $"--service-account-key-file={Path.Combine(folder, "sa.pub")}",
        $"--service-account-signing-key-file={Path.Combine(folder, "sa.key")}",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--disable-admission-plugins=ServiceAccount",
        "--allow-privileged=true",
    ];
}
