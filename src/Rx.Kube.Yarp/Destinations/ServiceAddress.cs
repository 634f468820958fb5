namespace Rx.Kube;

/// <summary>
/// The address of a configured destination that names a Service: <c>http://_http.cache/path</c>, <c>https+http://cache.prod</c>,
/// <c>http://cache:8080</c>. The named port; else the numbered one; else the one named like the scheme; else the only one.
/// </summary>
internal sealed class ServiceAddress
{
    private readonly string _text;
    private readonly string[] _schemes;
    private readonly string? _port;
    private readonly string _path;

    private ServiceAddress(string text, Uri uri, string[] schemes, string? portName, string host, IKubeTopology topology)
    {
        (_text, _schemes, _path, Topology) = (text, schemes, uri.PathAndQuery, topology);
        _port = portName ?? (uri.IsDefaultPort ? null : $"{uri.Port}");
        Host = uri.IsDefaultPort ? host : $"{host}:{uri.Port}";
    }

    public IKubeTopology Topology { get; }

    /// <summary>Gets the Host header: the one that a client of the Service's DNS name would send.</summary>
    public string Host { get; }

    /// <summary>Reads an address; null if it is not that of a Service with a topology.</summary>
    public static ServiceAddress? Of(string? address, KubeTopologies topologies)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme.Split('+') is not { } schemes ||
            !schemes.All(scheme => scheme is "http" or "https"))
        {
            return null;
        }

        var dot = uri.Host.StartsWith('_') ? uri.Host.IndexOf('.', StringComparison.Ordinal) : -1;
        var (port, host) = dot > 1 ? (uri.Host[1..dot], uri.Host[(dot + 1)..]) : (null, uri.Host);
        return topologies.Find(host) is { } topology ? new(address, uri, schemes, port, host, topology) : null;
    }

    /// <summary>Gets the address of an endpoint.</summary>
    /// <exception cref="InvalidOperationException">The endpoint has no such port. The message lists the ones that it has.</exception>
    public string Of(TopologyEndpoint endpoint)
    {
        var uri = EndpointPorts.UriOf(endpoint, _schemes, _port);
        return _path == "/" ? uri.AbsoluteUri : new Uri(uri, _path).AbsoluteUri;
    }

    public override string ToString() => _text;
}
