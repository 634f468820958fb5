namespace Rx.Kube;

/// <summary>
/// The format in which an API server is asked to answer (<c>Accept</c>). Whatever the choice, the answer's <c>Content-Type</c> says how it
/// is read, and both formats give the same objects.
/// </summary>
public enum WireFormat
{
    /// <summary>The format that costs least for the kind, as measured. Today this is JSON for all kinds.</summary>
    Default,

    /// <summary>JSON, which all kinds have, and which people can read.</summary>
    Json,

    /// <summary>
    /// Kubernetes protobuf (<c>application/vnd.kubernetes.protobuf</c>) for the kinds of <see cref="ResourceKinds"/>, with JSON as the
    /// second choice. All other kinds, such as custom resources, have JSON alone. Source: Kubernetes documentation, "Alternate
    /// representations of resources".
    /// </summary>
    Protobuf,
}
