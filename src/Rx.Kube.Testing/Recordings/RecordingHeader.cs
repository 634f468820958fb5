namespace Rx.Kube.Testing;

/// <summary>The first line of a recording: what was recorded, when, and by what. A text that is not known is empty.</summary>
public sealed record RecordingHeader
{
    /// <summary>Gets the API group of the recorded resource, such as <c>discovery.k8s.io</c>; empty for the core group.</summary>
    public string Group { get; init; } = "";

    /// <summary>Gets the API version of the recorded resource, such as <c>v1</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>Gets the recorded resource as it appears in a path, such as <c>endpointslices</c>.</summary>
    public string Plural { get; init; } = "";

    /// <summary>Gets the namespace; empty for all namespaces, or if it is not known.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Gets the Service; empty if the recording is of more than one Service, or if it is not known.</summary>
    public string Service { get; init; } = "";

    /// <summary>Gets the label selector; empty for none.</summary>
    public string LabelSelector { get; init; } = "";

    /// <summary>Gets the field selector; empty for none.</summary>
    public string FieldSelector { get; init; } = "";

    /// <summary>Gets the version of the API server; empty if it is not known.</summary>
    public string Server { get; init; } = "";

    /// <summary>Gets the program that recorded and its version.</summary>
    public string Tool { get; init; } = "";

    /// <summary>Gets the wall-clock time of the offset zero.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>
    /// Gets whether names, uids and addresses are pseudonyms. A ring of pseudonyms is another ring: the shares and the moves are similar,
    /// and the placement of a key differs.
    /// </summary>
    public bool IsAnonymized { get; init; }

    /// <summary>Creates the header of a recording of a collection.</summary>
    /// <typeparam name="T">The type that an object is decoded to.</typeparam>
    /// <param name="kind">The kind.</param>
    /// <param name="selection">Which objects are selected; null for all objects in the cluster.</param>
    /// <returns>The header, without the name of a Service.</returns>
    /// <exception cref="ArgumentNullException">The kind is null.</exception>
    public static RecordingHeader Of<T>(ResourceKind<T> kind, ResourceSelection? selection = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return new()
        {
            Group = kind.Group,
            Version = kind.Version,
            Plural = kind.Plural,
            Namespace = selection?.Namespace ?? "",
            LabelSelector = selection?.LabelSelector ?? "",
            FieldSelector = selection?.FieldSelector ?? "",
        };
    }

    /// <summary>Gets the resource as RBAC names it: <c>endpointslices.discovery.k8s.io</c>.</summary>
    internal string Resource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}
