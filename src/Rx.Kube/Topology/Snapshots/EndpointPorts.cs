using System.Globalization;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>Finds the port of an endpoint: implements <see cref="TopologyEndpoint.PortOf"/>.</summary>
internal static class EndpointPorts
{
    /// <summary>Finds a port by name or number, else, unless the name is required, the only port.</summary>
    /// <exception cref="InvalidOperationException">There is no such port, or no way to choose one.</exception>
    public static EndpointPort Find(TopologyEndpoint endpoint, string name, bool isRequired) =>
        Single(endpoint.Ports.Where(p => p.Name == name)) ?? Numbered(endpoint, name) ?? (isRequired ? null : Single(endpoint.Ports))
        ?? throw new InvalidOperationException(
            $"Endpoint {Printable.Of(endpoint.Member, 100)} has no port named '{Printable.Of(name, 100)}'"
            + (isRequired ? "" : ", and not exactly one port") + (endpoint.Ports.IsEmpty
                ? ": it has none, as a headless Service may. To fix: add ports to the Service, or use Address."
                : $". Its ports: {string.Join(", ", endpoint.Ports.Select(Text))}. To fix: pass one of these names."));

    /// <summary>
    /// Creates the address for one of several schemes, in the order of preference: the named or numbered port, else the one that is named
    /// like a scheme, else the only one. The scheme is the one that the port is named after, else the last: no name tells that the port
    /// has the preferred one, so this is the one to fall back to.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such port, or no way to choose one.</exception>
    public static Uri UriOf(TopologyEndpoint endpoint, IReadOnlyList<string> schemes, string? port)
    {
        if (schemes is [var only])
            return endpoint.ToUri(only, port);
        var candidates = port is null ? endpoint.Ports.Where(p => p.Port is not null) : [Find(endpoint, port, isRequired: true)];
        return endpoint.ToUri(schemes.FirstOrDefault(scheme => candidates.Any(p => p.Name == scheme)) ?? schemes[^1], port);
    }

    /// <summary>Creates the address of a port.</summary>
    public static Uri UriOf(TopologyEndpoint endpoint, string scheme, int port) =>
        new UriBuilder(scheme, endpoint.Address.Contains(':') ? $"[{endpoint.Address}]" : endpoint.Address, port).Uri;

    // A name of Kubernetes has at least one letter, so a number is no name (IANA service names, RFC 6335).
    private static EndpointPort? Numbered(TopologyEndpoint endpoint, string name) =>
        ushort.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Single(endpoint.Ports.Where(p => p.Port == number))
            : null;

    // A name may have one number for two protocols, as DNS has; TCP comes first.
    private static EndpointPort? Single(IEnumerable<EndpointPort> ports)
    {
        var numbered = ports.Where(p => p.Port is not null).OrderBy(p => p.Protocol == "TCP" ? 0 : 1).ToList();
        return numbered.Select(p => p.Port).Distinct().Count() == 1 ? numbered[0] : null;
    }

    private static string Text(EndpointPort port) =>
        $"{(port.Name.Length == 0 ? "(no name)" : Printable.Of(port.Name, 63))} {port.Port}/{Printable.Of(port.Protocol, 10)}";
}
