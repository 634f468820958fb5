namespace Rx.Kube;

/// <summary>Which Service.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
public sealed record ServiceName(string Namespace, string Name)
{
    /// <summary>The usual short form. From the network: escape before printing.</summary>
    /// <returns><c>namespace/name</c>.</returns>
    public override string ToString() => $"{Namespace}/{Name}";
}
