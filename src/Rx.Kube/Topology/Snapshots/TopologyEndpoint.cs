using System.Diagnostics.CodeAnalysis;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// An endpoint of a Service, after all slices have been merged: a member at an address, with the ports for which it has the same
/// conditions. Immutable; equality is by content, without <see cref="Slice"/>.
/// </summary>
/// <remarks>
/// An endpoint of a snapshot takes 32 bytes: it refers to the <see cref="Endpoint"/> of its slice, and makes <see cref="Member"/>,
/// <see cref="Address"/>, <see cref="Uid"/> and <see cref="Pod"/> when they are read, which costs tens of nanoseconds and up to 100 bytes.
/// Code that reads one often keeps it. A copy made with <c>with</c> has all its properties itself.
/// </remarks>
public sealed record TopologyEndpoint
{
    // Of an endpoint of a slice: this, and what all of the slice share. Otherwise null, and all properties.
    private readonly Endpoint? _endpoint;
    private readonly object _shared;

    /// <summary>Creates an endpoint. The required properties must be set.</summary>
    public TopologyEndpoint() => _shared = new EndpointParts();

    /// <summary>Creates the endpoint of a slice.</summary>
    /// <param name="endpoint">The endpoint; its addresses are canonical.</param>
    /// <param name="context">What all endpoints of the slice share.</param>
    [SetsRequiredMembers]
#pragma warning disable CS8618 // The required properties read the endpoint.
    internal TopologyEndpoint(Endpoint endpoint, ClaimContext context) => (_endpoint, _shared) = (endpoint, context);
#pragma warning restore CS8618

    // Used by `with`: what follows may set any property.
    private TopologyEndpoint(TopologyEndpoint other) => _shared = other._endpoint is null
        ? new EndpointParts((EndpointParts)other._shared)
        : new EndpointParts
        {
            Member = other.Member,
            Addresses = other.Addresses,
            AddressType = other.AddressType,
            Ports = other.PortSet,
            Ready = other.Ready,
            Serving = other.Serving,
            Terminating = other.Terminating,
            Zone = other.Zone,
            Node = other.Node,
            Hostname = other.Hostname,
            Pod = other.Pod,
            Uid = other.Uid,
            ForZones = other.ForZones,
            ForNodes = other.ForNodes,
            Slice = other.Slice,
        };

    /// <summary>
    /// Gets the stable identity: the pod's name (for a StatefulSet, it equals the hostname and is the same after every restart), else the
    /// hostname, else the address; or what the function <c>memberOf</c> of <c>ToTopology</c> gave.
    /// </summary>
    public required string Member
    {
        get => _endpoint is null ? Own.Member : Context.Member ?? Pod ?? Hostname ?? Address;
        init => Own.Member = value;
    }

    /// <summary>Gets the addresses, IPs in canonical form; the first is the one to use. Never empty.</summary>
    public required EquatableArray<string> Addresses
    {
        get => _endpoint is null ? Own.Addresses : _endpoint.Addresses;
        init => Own.Addresses = value;
    }

    /// <summary>Gets the address to use.</summary>
    public string Address => _endpoint is null ? Own.Addresses[0] : _endpoint.FirstAddress!;

    /// <summary>Gets the address family: <c>IPv4</c>, <c>IPv6</c> or <c>FQDN</c>.</summary>
    public required string AddressType
    {
        get => _endpoint is null ? Own.AddressType : Context.AddressType;
        init => Own.AddressType = value;
    }

    /// <summary>
    /// Gets the ports, ordered by name, number and protocol; only ports with a number. Can be empty for a headless Service.
    /// </summary>
    public EquatableArray<EndpointPort> Ports
    {
        get => PortSet.Items;
        init => Own.Ports = new(value);
    }

    /// <summary>
    /// Gets whether the endpoint should receive traffic: serving and not terminating, unless the Service publishes not-ready addresses.
    /// True if the slice omits the condition.
    /// </summary>
    public bool Ready
    {
        get => _endpoint is null ? Own.Ready : _endpoint.Ready ?? true;
        init => Own.Ready = value;
    }

    /// <summary>Gets whether the endpoint can serve requests, terminating or not. True if the slice omits the condition.</summary>
    public bool Serving
    {
        get => _endpoint is null ? Own.Serving : _endpoint.Serving ?? true;
        init => Own.Serving = value;
    }

    /// <summary>
    /// Gets whether the endpoint is terminating. False if the slice omits the condition. Ready and terminating can both be true.
    /// </summary>
    public bool Terminating
    {
        get => _endpoint is null ? Own.Terminating : _endpoint.Terminating ?? false;
        init => Own.Terminating = value;
    }

    /// <summary>
    /// Gets whether <c>HoldDepartures</c> keeps the endpoint although its member has left, because the member may come back. A held
    /// endpoint has its last known content, but is not ready, not serving, and terminating. Its address may already belong to another
    /// member.
    /// </summary>
    public bool IsHeld
    {
        get => _endpoint is null && Own.IsHeld;
        init => Own.IsHeld = value;
    }

    /// <summary>Gets the zone; null when unknown.</summary>
    public string? Zone
    {
        get => _endpoint is null ? Own.Zone : NullIfEmpty(_endpoint.Zone);
        init => Own.Zone = value;
    }

    /// <summary>Gets the node; null when unknown.</summary>
    public string? Node
    {
        get => _endpoint is null ? Own.Node : NullIfEmpty(_endpoint.NodeName);
        init => Own.Node = value;
    }

    /// <summary>Gets the hostname; null when it has none.</summary>
    public string? Hostname
    {
        get => _endpoint is null ? Own.Hostname : NullIfEmpty(_endpoint.Hostname);
        init => Own.Hostname = value;
    }

    /// <summary>Gets the name of the pod behind the endpoint; null when there is no pod behind the endpoint.</summary>
    public string? Pod
    {
        get => _endpoint is null ? Own.Pod : _endpoint.IsPod ? _endpoint.TargetName : null;
        init => Own.Pod = value;
    }

    /// <summary>
    /// Gets the uid of the object behind the endpoint: a new incarnation of the same member has another uid. Null when unknown.
    /// </summary>
    public string? Uid
    {
        get => _endpoint is null ? Own.Uid : NullIfEmpty(_endpoint.TargetUid);
        init => Own.Uid = value;
    }

    /// <summary>
    /// Gets the zones whose clients should use the endpoint (<c>hints.forZones</c>); empty when it has no such hint.
    /// <see cref="ServiceTopology.For"/> determines whether hints apply.
    /// </summary>
    public EquatableArray<string> ForZones
    {
        get => _endpoint is null ? Own.ForZones : _endpoint.ForZones;
        init => Own.ForZones = value;
    }

    /// <summary>Gets the nodes whose clients should use the endpoint (<c>hints.forNodes</c>); empty when it has no such hint.</summary>
    public EquatableArray<string> ForNodes
    {
        get => _endpoint is null ? Own.ForNodes : _endpoint.ForNodes;
        init => Own.ForNodes = value;
    }

    /// <summary>
    /// Gets the name of the EndpointSlice, or of the Endpoints object, that holds the endpoint. Endpoints move between slices, so the name
    /// is provenance and not content: equality does not include it.
    /// </summary>
    public required string Slice
    {
        get => _endpoint is null ? Own.Slice : Context.Slice;
        init => Own.Slice = value;
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
    internal int AddressHash => _endpoint?.AddressHash ?? Endpoint.HashOf(Address);

    // Only an endpoint that has its properties itself has them; only one of a slice has a context.
    private EndpointParts Own => (EndpointParts)_shared;

    private ClaimContext Context => (ClaimContext)_shared;

    private PortSet PortSet => _endpoint is null ? Own.Ports : Context.Ports;

    // The member is the name of the pod, which is not one string.
    private bool IsNamedByPod => _endpoint is { IsPod: true } && Context.Member is null;

    /// <summary>Compares by content, without <see cref="Slice"/>.</summary>
    /// <param name="other">The other endpoint.</param>
    /// <returns>Whether all other properties are equal.</returns>
    public bool Equals(TopologyEndpoint? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || Ready != other.Ready || Serving != other.Serving || Terminating != other.Terminating ||
            IsHeld != other.IsHeld || AddressType != other.AddressType || !PortSet.Equals(other.PortSet))
        {
            return false;
        }

        if (_endpoint is not null && other._endpoint is not null)
        {
            if (_endpoint.DiffersIn(other._endpoint))
            {
                return false;
            }

            if (_endpoint.Equals(other._endpoint) && Context.Member == other.Context.Member)
            {
                return true;
            }
        }

        return Member == other.Member && Zone == other.Zone && Node == other.Node && Hostname == other.Hostname && Pod == other.Pod &&
            Uid == other.Uid && Addresses == other.Addresses && ForZones == other.ForZones && ForNodes == other.ForNodes;
    }

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Member, Address, HashCode.Combine(Ready, Serving, Terminating, IsHeld), Uid, Zone, Node, PortSet);

    /// <summary>Creates the same endpoint with another member.</summary>
    internal TopologyEndpoint Named(string member) =>
        _endpoint is null ? this with { Member = member } : new(_endpoint, Context with { Member = member });

    /// <summary>Gets whether another endpoint has the same address.</summary>
    internal bool HasAddressOf(TopologyEndpoint other) => (_endpoint is not null && other._endpoint is not null
        ? _endpoint.HasAddressOf(other._endpoint)
        : null) ?? Address == other.Address;

    /// <summary>Gets whether another endpoint has the same member.</summary>
    internal bool HasMemberOf(TopologyEndpoint other) => IsNamedByPod && other.IsNamedByPod
        ? _endpoint!.NameSuffix == other._endpoint!.NameSuffix && _endpoint.NamePrefix == other._endpoint.NamePrefix
        : Member == other.Member;

    /// <summary>Compares the members ordinally.</summary>
    internal int CompareMember(TopologyEndpoint other)
    {
        if (IsNamedByPod && other.IsNamedByPod)
        {
            var (mine, others) = (_endpoint!, other._endpoint!);
            return PackedText.CompareNames(mine.NamePrefix, mine.NameSuffix, others.NamePrefix, others.NameSuffix);
        }

        return string.CompareOrdinal(Member, other.Member);
    }

    /// <summary>Compares the member with a name, ordinally.</summary>
    internal int CompareMember(string member) => IsNamedByPod
        ? PackedText.CompareNames(_endpoint!.NamePrefix, _endpoint.NameSuffix, member, 0)
        : string.CompareOrdinal(Member, member);

    /// <summary>Compares the addresses ordinally.</summary>
    internal int CompareAddress(TopologyEndpoint other) =>
        _endpoint is not null && other._endpoint is not null && _endpoint.HasAddressOf(other._endpoint) == true
            ? 0
            : string.CompareOrdinal(Address, other.Address);

    /// <summary>Gets the member as two parts, the second one as <see cref="PackedText.SplitName"/> packs it.</summary>
    internal (string Prefix, ulong Suffix) SplitMember() => IsNamedByPod ? (_endpoint!.NamePrefix, _endpoint.NameSuffix) : (Member, 0);

    internal bool IsIn(EndpointView view) => view switch
    {
        EndpointView.All => true,
        EndpointView.Ready => Ready,
        _ => !Ready && Serving && Terminating,
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
