namespace Rx.Kube;

/// <summary>
/// Several kubeconfig files as one: the first file that has an entry, or a current context, takes precedence; entries are never combined.
/// </summary>
internal sealed class MergedKubeconfig
{
    private readonly IReadOnlyList<KubeconfigFile> _files;
    private readonly string _where;

    public MergedKubeconfig(IReadOnlyList<string> paths, ConnectionLimits limits)
        : this([.. paths.Select(path => KubeconfigFile.Read(path, limits))])
    {
    }

    public MergedKubeconfig(IReadOnlyList<KubeconfigFile> files) =>
        (_files, _where) = (files, Printable.Of(string.Join(", ", files.Select(f => f.FilePath)), 1000));

    /// <summary>Gets whether there is nothing to connect to: for client-go, no current context means no configuration.</summary>
    public bool IsEmpty => _files.All(f => f.CurrentContext is null);

    /// <summary>Gets the names of all entries of a kind: <c>context</c>, <c>cluster</c>, <c>user</c>.</summary>
    public IEnumerable<string> Names(string kind) => _files.SelectMany(f => f.Names(kind)).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Finds the context with a name, or the current one; null if it is optional and no current one is set.</summary>
    /// <exception cref="KubeConfigurationException">There is no such context.</exception>
    public YamlSection? Context(string? name, bool isOptional = false)
    {
        if (name is not null)
        {
            return Find("context", name, "", "choose one that kubectl config get-contexts lists");
        }

        if (_files.FirstOrDefault(f => f.CurrentContext is not null) is not { } file)
        {
            return isOptional ? null : throw new KubeConfigurationException(
                $"{_where} sets no current-context{Known("context")}. "
                + "To fix: name a context, or set it with: kubectl config use-context NAME.");
        }

        return Find("context", file.CurrentContext!, $" (current-context of {Printable.Of(file.FilePath)})",
            "set it with: kubectl config use-context NAME");
    }

    /// <summary>Finds an entry that the options name.</summary>
    public YamlSection Chosen(string kind, string name) => Find(kind, name, "", $"choose one that kubectl config get-{kind}s lists");

    /// <summary>Finds an entry that another one refers to.</summary>
    public YamlSection Referred(string kind, string name, YamlSection by) =>
        Find(kind, name, $" ({by.Description} names it)", $"correct it there, or merge the file that has this {kind} into KUBECONFIG");

    private YamlSection Find(string kind, string name, string why, string fix) =>
        _files.Select(f => f.Find(kind, name)).FirstOrDefault(section => section is not null)
        ?? throw new KubeConfigurationException(
            $"{_where} has no {kind} \"{Printable.Of(name)}\"{why}{Known(kind)}. To fix: {fix}.");

    private string Known(string kind)
    {
        var names = Names(kind).ToList();
        return names.Count == 0
            ? $"; it has no {kind} at all"
            : $"; it has {Printable.Of(string.Join(", ", names.Take(10)), 400)}{(names.Count > 10 ? " and others" : "")}";
    }
}
