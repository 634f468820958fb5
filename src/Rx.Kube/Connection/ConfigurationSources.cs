namespace Rx.Kube;

/// <summary>A place where a configuration may be.</summary>
/// <param name="Place">The place: <c>KUBECONFIG</c>.</param>
/// <param name="State">What was found there, safe to print.</param>
internal sealed record ConfigurationSource(string Place, string State);

/// <summary>Tells each place that <see cref="KubeConnection.Default"/> looks at, in its order, and what is there.</summary>
internal static class ConfigurationSources
{
    /// <summary>Looks at all places. Reads no file.</summary>
    public static IReadOnlyList<ConfigurationSource> Of(KubeConnectionOptions options)
    {
        var environment = options.Environment;
        return
        [
            new("the given kubeconfig", options.KubeconfigPaths is { } given ? States(given) : "not given"),
            new("KUBECONFIG", environment["KUBECONFIG"] is { } list ? States(list.Split(
                Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) : "not set"),
            new("the kubeconfig in the home directory", environment.Home is { } home
                ? States([Path.Combine(home, ".kube", "config")]) : "HOME is not set"),
            new("the pod's service account", InClusterLoader.Missing(environment) ?? "present"),
        ];
    }

    private static string States(IEnumerable<string> paths) => string.Join(
        ", ", paths.Select(path => $"{Printable.Of(path, 1000)} ({(File.Exists(path) ? "exists" : "does not exist")})"));
}
