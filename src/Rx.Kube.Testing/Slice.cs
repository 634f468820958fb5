using System.Collections.Frozen;
using System.Globalization;
using Rx.Kube.Models;

namespace Rx.Kube.Testing;

/// <summary>EndpointSlices short enough to read inside a test. All values are immutable: each method gives another slice.</summary>
/// <example><code>
/// var before = Slice.Of("cache-abc", service: "cache", version: 17).With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2", ready: false);
/// var after = before.At(18).Without("cache-1");
/// </code></example>
public static class Slice
{
    /// <summary>A slice without endpoints, labelled with its Service.</summary>
    /// <param name="name">The name of the slice.</param>
    /// <param name="service">The Service it belongs to.</param>
    /// <param name="version">Its resourceVersion.</param>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="addressType"><c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</param>
    /// <param name="port">The number of its one port; null for none. More with <see cref="WithPort"/>.</param>
    /// <returns>The slice; its uid is made of its name.</returns>
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

    /// <summary>The same slice at another version.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="version">The resourceVersion.</param>
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static EndpointSlice At(this EndpointSlice slice, long version)
    {
        ArgumentNullException.ThrowIfNull(slice);
        return slice with { Metadata = slice.Metadata with { ResourceVersion = Text(version) } };
    }

    /// <summary>Adds an endpoint that stands for a pod, or puts it in the place of the same pod's.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="pod">The name of the pod.</param>
    /// <param name="address">Its address.</param>
    /// <param name="ready">Whether it is ready.</param>
    /// <param name="serving">Whether it can answer; as <paramref name="ready"/> unless said.</param>
    /// <param name="terminating">Whether it is going away.</param>
    /// <param name="zone">Its zone.</param>
    /// <param name="node">Its node.</param>
    /// <param name="hostname">Its hostname, as pods of a StatefulSet have.</param>
    /// <param name="uid">The uid of this incarnation of the pod; made of its name unless said.</param>
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static EndpointSlice With(
        this EndpointSlice slice, string pod, string address, bool ready = true, bool? serving = null, bool terminating = false,
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

    /// <summary>Adds any endpoint, or puts it in the place of the one of the same pod.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="endpoint">The endpoint; what it leaves out is absent.</param>
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static EndpointSlice With(this EndpointSlice slice, Endpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentNullException.ThrowIfNull(endpoint);
        var pod = endpoint.TargetRef?.Name;
        var place = pod is null ? -1 : slice.Endpoints.ToList().FindIndex(e => e.TargetRef?.Name == pod);
        return slice with { Endpoints = place < 0 ? slice.Endpoints.Add(endpoint) : slice.Endpoints.SetItem(place, endpoint) };
    }

    /// <summary>Takes the endpoint of a pod away.</summary>
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
    /// <returns>The slice.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static EndpointSlice WithPort(this EndpointSlice slice, int? port, string name = "", string protocol = "TCP")
    {
        ArgumentNullException.ThrowIfNull(slice);
        return slice with { Ports = [.. slice.Ports, new(name, port, protocol)] };
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
