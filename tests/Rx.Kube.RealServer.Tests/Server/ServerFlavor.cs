using System.Security.Cryptography;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>Defines the command line of a kind of API server.</summary>
/// <param name="Program">The binary of the API server.</param>
/// <param name="NoSliceCacheFlag">Turns the watch cache of EndpointSlices off, so that a compaction alone causes 410.</param>
/// <param name="HasRbac">Whether Roles must grant the rights; otherwise, the server has the rights of the four tokens built in.</param>
public abstract record ServerFlavor(string Program, string NoSliceCacheFlag, bool HasRbac)
{
    /// <summary>Gets the flags with which the second of two requests that are not watches gets 429.</summary>
    public abstract string[] OneRequestFlags { get; }

    /// <summary>Gets the flag that turns streaming lists off.</summary>
    public abstract string NoStreamingListsFlag { get; }

    /// <summary>Gets the flags with which the server has roles, and answers what users ask about themselves.</summary>
    public abstract string[] RolesFlags { get; }

    /// <summary>Writes the files that the server reads.</summary>
    public abstract void Prepare(string folder);

    /// <summary>Replaces the tokens for the next start of the server. Completes at the latest when the server has read them.</summary>
    public abstract Task ReplaceTokensAsync(string folder, string lines);

    public abstract IEnumerable<string> Arguments(string folder, int port, string etcd);
}

/// <summary>Defines the server of tests/real-api-server.</summary>
public sealed record BuiltFlavor(string Folder)
    : ServerFlavor(Path.Combine(Folder, "apiserver"), "-no-watch-cache=endpointslices.discovery.k8s.io#0", HasRbac: false)
{
    public override string[] OneRequestFlags => ["-max-inflight=1"];

    public override string NoStreamingListsFlag => "-feature-gates=WatchList=false";

    public override string[] RolesFlags => ["-rbac"];

    public override void Prepare(string folder)
    {
    }

    /// <summary>Puts a pipe where the server writes its fixed tokens and reads them again: it writes those, and reads others.</summary>
    public override async Task ReplaceTokensAsync(string folder, string lines)
    {
        var path = Path.Combine(folder, "tokens.csv");
        File.Delete(path);
        (await CommandResult.RunAsync("mkfifo", [path])).OutputOrThrow();
        await Task.Run(() =>
        {
            _ = File.ReadAllText(path);
            File.WriteAllText(path, lines);
            File.Delete(path);
        });
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
    public override string[] OneRequestFlags => ["--enable-priority-and-fairness=false", "--max-requests-inflight=1"];

    public override string NoStreamingListsFlag => "--feature-gates=WatchList=false";

    public override string[] RolesFlags => [];

    public override Task ReplaceTokensAsync(string folder, string lines) =>
        File.WriteAllTextAsync(Path.Combine(folder, "tokens.csv"), lines);

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
