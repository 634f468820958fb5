namespace Rx.Kube;

/// <summary>Selects objects of a kind. The default selects all objects.</summary>
public sealed record ResourceSelection
{
    /// <summary>Gets the namespace, a DNS label; null for all namespaces, or for a cluster-scoped kind.</summary>
    public string? Namespace
    {
        get;
        init => field = value is null ? null : KubeNames.Namespace(value);
    }

    /// <summary>Gets a label selector, such as <c>app=cache,tier in (a,b)</c>; null for all.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Gets a field selector, such as <c>metadata.name=cache</c>; null for all.</summary>
    public string? FieldSelector { get; init; }

    /// <summary>Gets the limits on what the server sends.</summary>
    public WireLimits Limits { get; init; } = WireLimits.Default;

    /// <summary>
    /// Gets the format in which the server is asked to answer. The default is <see cref="WireFormat.Default"/>, which uses
    /// <see cref="KubeConnectionOptions.Format"/>.
    /// </summary>
    public WireFormat Format { get; init; }

    /// <summary>Gets the name of the Service that the selectors select; null if they select another set of objects.</summary>
    internal string? Service { get; init; }
}
