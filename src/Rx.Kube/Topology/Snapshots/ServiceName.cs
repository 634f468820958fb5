namespace Rx.Kube;

/// <summary>The namespace and the name of a Service.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name.</param>
public sealed record ServiceName(string Namespace, string Name)
{
    /// <summary>Gets the usual short form. Text from the network must be escaped before it is printed.</summary>
    /// <returns><c>namespace/name</c>.</returns>
    public override string ToString() => $"{Namespace}/{Name}";
}
