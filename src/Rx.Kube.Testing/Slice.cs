using System.Collections.Frozen;
using System.Globalization;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>
/// Builds EndpointSlices with code that is short enough to read in a test. All values are immutable: each method returns a new slice.
/// </summary>
/// <example><code>
/// var before = Slice.Of("cache-abc", service: "cache", version: 17).With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2", ready: false);
/// var after = before.At(18).Without("cache-1");
/// </code></example>
public static class Slice
{
    /// <summary>Creates a slice without endpoints, labelled with its Service.</summary>
    /// <param name="name">The name of the slice.</param>
    /// <param name="service">The Service of the slice.</param>
    /// <param name="version">The resourceVersion.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="addressType"><c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</param>
    /// <param name="port">The number of its only port; null for none. <see cref="WithPort"/> adds more.</param>
    /// <returns>The slice; its uid is derived from its name.</returns>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public static EndpointSlice Of(
        string name, string service, long version = 1, string @namespace = "default", string addressType = "IPv4", int? port = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(service);
        return new()
        {
            Metadata = new()
            {
                Name = name,
                Namespace = @namespace,
                Uid = $"uid-{name}",
                ResourceVersion = Text(version),
                Labels = new Dictionary<string, string> { [EndpointSlice.ServiceNameLabel] = service }.ToFrozenDictionary(),
            },
            AddressType = addressType,
            Ports = port is null ? [] : [new("", port)],
        };
    }

    /// <summary>Sets the version.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="version">The resourceVersion.</param>
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static EndpointSlice At(this EndpointSlice slice, long version)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return slice with { Metadata = slice.Metadata with { ResourceVersion = Text(version) } };
    }

    /// <summary>Adds the endpoint of a pod, or replaces the endpoint of the same pod.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="pod">The name of the pod.</param>
    /// <param name="address">The address.</param>
    /// <param name="ready">Whether the pod is ready; null leaves the condition out, which means ready.</param>
    /// <param name="serving">Whether the pod can serve. The default is <paramref name="ready"/>.</param>
    /// <param name="terminating">Whether the pod is terminating; null leaves the condition out, which means that it is not.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="node">The node.</param>
    /// <param name="hostname">The host name, which pods of a StatefulSet have.</param>
    /// <param name="uid">The uid of this incarnation of the pod. The default is derived from its name.</param>
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static EndpointSlice With(
        this EndpointSlice slice, string pod, string address, bool? ready = true, bool? serving = null, bool? terminating = false,
        string? zone = null, string? node = null, string? hostname = null, string? uid = null)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(pod);
        ArgumentNullException.ThrowIfNull(address);
        return slice.With(new Endpoint
        {
            Addresses = [address],
            Ready = ready,
            Serving = serving ?? ready,
            Terminating = terminating,
            Zone = zone,
            NodeName = node,
            Hostname = hostname,
            TargetRef = new("Pod", slice.Metadata.Namespace, pod, uid ?? $"uid-{pod}"),
        });
    }

    /// <summary>Adds endpoints. Each one replaces an existing endpoint of the same pod.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="endpoints">The endpoints; a property that is not set is absent.</param>
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static EndpointSlice With(this EndpointSlice slice, params Endpoint[] endpoints)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(endpoints);
        List<Endpoint> all = [.. slice.Endpoints];
        foreach (var endpoint in endpoints)
        {
            ArgumentNullException.ThrowIfNull(endpoint, nameof(endpoints));
            var place = endpoint.TargetRef is { Name: var pod } ? all.FindIndex(e => e.TargetRef?.Name == pod) : -1;
            if (place < 0)
            {
                all.Add(endpoint);
            }
            else
            {
                all[place] = endpoint;
            }
        }

        return slice with { Endpoints = [.. all] };
    }

    /// <summary>Removes the endpoint of a pod.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="pod">The name of the pod.</param>
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The slice has no endpoint of that pod.</exception>
    public static EndpointSlice Without(this EndpointSlice slice, string pod)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(pod);
        return slice.Endpoints.Any(e => e.TargetRef?.Name == pod)
            ? slice with { Endpoints = [.. slice.Endpoints.Where(e => e.TargetRef?.Name != pod)] }
            : throw new ArgumentException($"The slice has no endpoint of the pod '{pod}'", nameof(pod));
    }

    /// <summary>Adds a port.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="port">The number; null for a port that is not restricted.</param>
    /// <param name="name">The name; empty for none.</param>
    /// <param name="protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</param>
    /// <param name="appProtocol">The application protocol, such as <c>kubernetes.io/h2c</c>; null for none.</param>
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static EndpointSlice WithPort(
        this EndpointSlice slice, int? port, string name = "", string protocol = "TCP", string? appProtocol = null)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return slice with { Ports = [.. slice.Ports, new(name, port, protocol, appProtocol)] };
    }

    /// <summary>Sets a label.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="name">The name of the label.</param>
    /// <param name="value">The value; null removes the label.</param>
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentNullException">The slice or the name is null.</exception>
    public static EndpointSlice WithLabel(this EndpointSlice slice, string name, string? value)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(name);
        var labels = slice.Metadata.Labels.Where(l => l.Key != name).ToDictionary();
        if (value is not null)
        {
            labels.Add(name, value);
        }

        return slice with { Metadata = slice.Metadata with { Labels = labels.ToFrozenDictionary() } };
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
