using System.Globalization;
using System.Net;
using Microsoft.Extensions.ServiceDiscovery;

namespace Rx.Kube;

/// <summary>What the address of a request means: a topology, the schemes that may be used, and the port.</summary>
/// <param name="Topology">The topology.</param>
/// <param name="Schemes">The schemes in their order; none if the address has none.</param>
/// <param name="Port">The name or the number of the port; null if the address has none.</param>
/// <param name="Host">The host of the address, as the header <c>Host</c> has it.</param>
internal sealed record KubeAddress(IKubeTopology Topology, IReadOnlyList<string> Schemes, string? Port, string Host)
{
    private static readonly string[] _http = [Uri.UriSchemeHttp];

    /// <summary>Finds what an address means; null if it means no registered topology.</summary>
    /// <exception cref="InvalidOperationException">Service discovery does not allow the scheme.</exception>
    public static KubeAddress? Of(ServiceEndpointQuery query, KubeTopologies topologies, ServiceDiscoveryOptions options)
    {
        if (topologies.Find(query.ServiceName) is not { } topology)
        {
            return null;
        }

        var schemes = options.ApplyAllowedSchemes(query.IncludedSchemes);
        if (schemes.Count == 0 && query.IncludedSchemes.Count > 0)
        {
            throw new InvalidOperationException(
                $"The scheme of {Printable.Of(query.ToString(), 200)} is not allowed. " +
                "To fix: add it to ServiceDiscoveryOptions.AllowedSchemes.");
        }

        var number = NumberIn(query.ToString()!);
        return new(topology, schemes, query.EndpointName ?? number, number is null ? query.ServiceName : $"{query.ServiceName}:{number}");
    }

    /// <summary>Gets the address of an endpoint, by the rule for ports.</summary>
    /// <exception cref="InvalidOperationException">The endpoint has no such port, or several that could be meant.</exception>
    public Uri UriOf(TopologyEndpoint endpoint) =>
        EndpointPorts.UriOf(endpoint, Schemes.Count > 0 ? Schemes : _http, Port);

    /// <summary>Gets the endpoint in the form of service discovery: with the scheme if the address has one.</summary>
    /// <exception cref="InvalidOperationException">The endpoint has no such port, or several that could be meant.</exception>
    public EndPoint EndPointOf(TopologyEndpoint endpoint)
    {
        var uri = UriOf(endpoint);
        return Schemes.Count > 0 ? new UriEndPoint(uri)
            : IPAddress.TryParse(endpoint.Address, out var ip) ? new IPEndPoint(ip, uri.Port)
            : new DnsEndPoint(uri.Host, uri.Port);
    }

    // The query does not tell the port. The default port of the scheme is no port: Uri drops it.
    private static string? NumberIn(string address) =>
        Uri.TryCreate(address.Contains("://", StringComparison.Ordinal) ? address : $"none://{address}", UriKind.Absolute, out var uri) &&
        uri is { IsDefaultPort: false, Port: > 0 }
            ? uri.Port.ToString(CultureInfo.InvariantCulture)
            : null;
}
