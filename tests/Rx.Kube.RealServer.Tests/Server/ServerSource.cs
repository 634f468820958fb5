namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>Specifies the origin of the real API server on this machine.</summary>
public enum ServerKind
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>An external cluster, given by a kubeconfig. It is never killed, restarted or compacted.</summary>
    Cluster,

    /// <summary>kube-apiserver and etcd in a folder, as envtest has them.</summary>
    Envtest,

    /// <summary>The server that tests/real-api-server builds.</summary>
    Built,
}

/// <summary>Finds the server of the tests: the first of RXKUBE_TEST_KUBECONFIG, KUBEBUILDER_ASSETS and the built server.</summary>
/// <param name="Kind">The kind of server.</param>
/// <param name="Location">The kubeconfig, or the folder with the binaries.</param>
public sealed record ServerSource(ServerKind Kind, string Location)
{
    public const string KubeconfigVariable = "RXKUBE_TEST_KUBECONFIG";
    public const string EnvtestVariable = "KUBEBUILDER_ASSETS";
    public const string CacheVariable = "RXKUBE_REAL_SERVER_CACHE";

    public const string Command = "tests/real-api-server/build.sh";
    public const string ToFix =
        "There is no API server for the tests. To fix: build one (2 minutes, once) with " + Command + ", or set "
        + EnvtestVariable + " to a folder with kube-apiserver and etcd, or " + KubeconfigVariable + " to a cluster's kubeconfig.";

    /// <summary>Gets the server of this process.</summary>
    public static ServerSource Current { get; } = Find(Environment.GetEnvironmentVariable, AppContext.BaseDirectory);

    /// <summary>Gets whether a missing server is a failure, as on CI, instead of a skip.</summary>
    public static bool IsRequired { get; } =
        string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    public bool CanControl => Kind is ServerKind.Envtest or ServerKind.Built;

    public static ServerSource Find(Func<string, string?> variable, string startFolder)
    {
        if (variable(KubeconfigVariable) is { Length: > 0 } kubeconfig)
        {
            return new(ServerKind.Cluster, Path.GetFullPath(kubeconfig));
        }

        if (variable(EnvtestVariable) is { Length: > 0 } assets && Has(assets, "kube-apiserver", "etcd"))
        {
            return new(ServerKind.Envtest, Path.GetFullPath(assets));
        }

        var cache = variable(CacheVariable) is { Length: > 0 } folder ? folder : DefaultCache(startFolder);
        return cache is not null && Has(Path.Combine(cache, "bin"), "apiserver", "etcd")
            ? new(ServerKind.Built, Path.GetFullPath(Path.Combine(cache, "bin")))
            : new(ServerKind.None, "");
    }

    private static bool Has(string folder, params string[] files) => files.All(file => File.Exists(Path.Combine(folder, file)));

    private static string? DefaultCache(string startFolder)
    {
        for (var folder = new DirectoryInfo(startFolder); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Rx.Kube.sln")))
            {
                return Path.Combine(folder.FullName, ".cache", "real-api-server");
            }
        }

        return null;
    }
}
