using System.Collections;

namespace Rx.Kube;

/// <summary>
/// The topologies of a host, in the order of their registration, and the one that the host name of an address means. For integrations such
/// as proxies and HTTP clients, to which an application names a Service as DNS does. Thread-safe.
/// </summary>
public sealed class KubeTopologies : IReadOnlyList<IKubeTopology>
{
    private readonly IKubeTopology[] _all;
    private readonly string _namespace;

    internal KubeTopologies(IEnumerable<IKubeTopology> all, string @namespace) => (_all, _namespace) = ([.. all], @namespace);

    /// <summary>Gets the number of topologies.</summary>
    public int Count => _all.Length;

    /// <summary>Gets a topology.</summary>
    /// <param name="index">The place in the order of registration, from 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such topology.</exception>
    public IKubeTopology this[int index] => _all[index];

    /// <summary>
    /// Finds the topology that a host name means: the name under which a topology is registered, else the name of a Service as the DNS of
    /// Kubernetes has it: <c>cache</c> in the namespace of the connection, <c>cache.prod</c>, <c>cache.prod.svc</c> or
    /// <c>cache.prod.svc.cluster.local</c>, with any domain of the cluster. Letter case and one dot at the end do not count.
    /// </summary>
    /// <param name="host">The host name, without a port.</param>
    /// <returns>The topology that was registered first, if several have the Service; null if none has.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="host"/> is null.</exception>
    /// <remarks>Source of the names: Kubernetes, "DNS for Services and Pods". A name of a pod below a Service is not found.</remarks>
    public IKubeTopology? Find(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var name = host.EndsWith('.') ? host[..^1] : host;
        return Array.Find(_all, topology => Same(topology.Name, name)) ?? name.Split('.', 4) switch
        {
            [var service] => Of(service, _namespace),
            [var service, var @namespace] => Of(service, @namespace),
            [var service, var @namespace, var svc, .. var domain] when Same(svc, "svc") && domain is not [""] => Of(service, @namespace),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public IEnumerator<IKubeTopology> GetEnumerator() => _all.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IKubeTopology? Of(string service, string @namespace) =>
        Array.Find(_all, topology => Same(topology.Service.Name, service) && Same(topology.Service.Namespace, @namespace));

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
