namespace Rx.Kube;

/// <summary>Finds the kubeconfig files to read. Source: client-go tools/clientcmd, ClientConfigLoadingRules.</summary>
/// <param name="Existing">The files to read, in order of precedence.</param>
/// <param name="LookedFor">The places searched without success, for an error message.</param>
/// <param name="Why">Why these files are read.</param>
internal sealed record KubeconfigFiles(IReadOnlyList<string> Existing, string LookedFor, string Why)
{
    public static KubeconfigFiles Find(KubeConnectionOptions options)
    {
        if (options.KubeconfigPaths is { } given)
        {
            return new KubeconfigFiles([.. given.Select(Path.GetFullPath).Distinct()], "the given kubeconfig", "as the application asked");
        }

        if (options.Environment["KUBECONFIG"] is { } list)
        {
            var paths = list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(Path.GetFullPath).Distinct().ToList();
            return new KubeconfigFiles(
                [.. paths.Where(File.Exists)],
                $"the files of KUBECONFIG ({Printable.Of(string.Join(", ", paths), 1000)} does not exist)", "KUBECONFIG names it");
        }

        if (options.Environment.Home is not { } home)
        {
            return new KubeconfigFiles([], "KUBECONFIG and HOME (not set)", "");
        }

        var standard = Path.Combine(home, ".kube", "config");
        return File.Exists(standard)
            ? new KubeconfigFiles([standard], standard, "KUBECONFIG is not set")
            : new KubeconfigFiles([], $"KUBECONFIG (not set); {Printable.Of(standard)} (does not exist)", "");
    }
}
