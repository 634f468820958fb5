using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// An endpoint of a Service, after all slices have been merged: a member at an address, with the ports for which it has the same
/// conditions. Immutable; equality is by content, without <see cref="Slice"/>.
/// </summary>
public sealed record TopologyEndpoint
{
    private readonly Provenance _slice;

    /// <summary>
    /// Gets the stable identity: the pod's name (for a StatefulSet, it equals the hostname and is the same after every restart), else the
    /// hostname, else the address; or what the function <c>memberOf</c> of <c>ToTopology</c> gave.
    /// </summary>
    public required string Member { get; init; }

    /// <summary>Gets the addresses, IPs in canonical form; the first is the one to use. Never empty.</summary>
    public required EquatableArray<string> Addresses { get; init; }

    /// <summary>Gets the address to use.</summary>
    public string Address => Addresses[0];

    /// <summary>Gets the address family: <c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</summary>
    public required string AddressType { get; init; }

    private readonly PortSet _ports;

    /// <summary>
    /// Gets the ports, ordered by name, number and protocol; only ports with a number. Can be empty for a headless Service.
    /// </summary>
    public EquatableArray<EndpointPort> Ports
    {
        get => _ports.Items;
        init => _ports = new(value);
    }

    /// <summary>
    /// Gets whether the endpoint should receive traffic: serving and not terminating, unless the Service publishes not-ready addresses.
    /// True if the slice omits the condition.
    /// </summary>
    public bool Ready { get; init; } = true;

    /// <summary>Gets whether the endpoint can serve requests, terminating or not. True if the slice omits the condition.</summary>
    public bool Serving { get; init; } = true;

    /// <summary>
    /// Gets whether the endpoint is terminating. False if the slice omits the condition. Ready and terminating can both be true.
    /// </summary>
    public bool Terminating { get; init; }

    /// <summary>
    /// Gets whether <c>HoldDepartures</c> keeps the endpoint although its member has left, because the member may come back. A held
    /// endpoint has its last known content, but is not ready, not serving, and terminating. Its address may already belong to another
    /// member.
    /// </summary>
    public bool IsHeld { get; init; }

    /// <summary>Gets the zone; null when unknown.</summary>
    public string? Zone { get; init; }

    /// <summary>Gets the node; null when unknown.</summary>
    public string? Node { get; init; }

    /// <summary>Gets the hostname; null when it has none.</summary>
    public string? Hostname { get; init; }

    /// <summary>Gets the name of the pod behind the endpoint; null when there is no pod behind the endpoint.</summary>
    public string? Pod { get; init; }

    /// <summary>
    /// Gets the uid of the object behind the endpoint: a new incarnation of the same member has another uid. Null when unknown.
    /// </summary>
    public string? Uid { get; init; }

    /// <summary>
    /// Gets the zones whose clients should use the endpoint (<c>hints.forZones</c>); empty when it has no such hint.
    /// <see cref="ServiceTopology.For"/> determines whether hints apply.
    /// </summary>
    public EquatableArray<string> ForZones { get; init; } = [];

    /// <summary>Gets the nodes whose clients should use the endpoint (<c>hints.forNodes</c>); empty when it has no such hint.</summary>
    public EquatableArray<string> ForNodes { get; init; } = [];

    /// <summary>
    /// Gets the name of the EndpointSlice, or of the Endpoints object, that holds the endpoint. Endpoints move between slices, so the name
    /// is provenance and not content: equality does not include it.
    /// </summary>
    public required string Slice
    {
        get => _slice.Name;
        init => _slice = new(value);
    }

    /// <summary>Gets the number of a port. If a name has one number for two protocols, that number.</summary>
    /// <param name="name">
    /// The name of the port in the Service; empty for the port of a Service that has only one, without a name. A number such as
    /// <c>8080</c> is a port of the endpoint with this number, whatever its name.
    /// </param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The endpoint has no such port. The message lists the ones that it has.</exception>
    public int PortOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return EndpointPorts.Find(this, name, isRequired: true).Port!.Value;
    }

    /// <summary>
    /// Creates the address of the endpoint for a client: <c>http://10.0.0.1:8080/</c>, and <c>http://[fd00::1]:8080/</c> for IPv6.
    /// </summary>
    /// <param name="scheme">The scheme: <c>http</c>, <c>https</c>, …</param>
    /// <param name="port">
    /// The name or the number of the port, which must exist. If it is null: the port with the name of the scheme, else the only one.
    /// </param>
    /// <returns>The address.</returns>
    /// <exception cref="ArgumentException"><paramref name="scheme"/> is null, empty, or not the name of a scheme.</exception>
    /// <exception cref="InvalidOperationException">
    /// The endpoint has no such port, or several without the name of the scheme. The message lists them.
    /// </exception>
    public Uri ToUri(string scheme, string? port = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        return Uri.CheckSchemeName(scheme)
            ? EndpointPorts.UriOf(this, scheme, EndpointPorts.Find(this, port ?? scheme, isRequired: port is not null).Port!.Value)
            : throw new ArgumentException("This is not the name of a scheme. To fix: pass http, https or another one.", nameof(scheme));
    }

    /// <summary>Gets the hash of the address, with a key per process.</summary>
    internal int AddressHash => Address.GetHashCode();

    /// <summary>Gets whether another endpoint has the same address.</summary>
    internal bool HasAddressOf(TopologyEndpoint other) => Address == other.Address;

    internal bool IsIn(EndpointView view) => view switch
    {
        EndpointView.All => true,
        EndpointView.Ready => Ready,
        _ => !Ready && Serving && Terminating,
    };

    /// <summary>A name that the compiler-generated equality of the record ignores: any two values are equal.</summary>
    private readonly struct Provenance(string name) : IEquatable<Provenance>
    {
        public string Name { get; } = name;

        public bool Equals(Provenance other) => true;

        public override bool Equals(object? obj) => obj is Provenance;

        public override int GetHashCode() => 0;
    }
}
