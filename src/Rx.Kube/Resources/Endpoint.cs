using System.Collections.Immutable;

namespace Rx.Kube.Models;

/// <summary>One endpoint of an <see cref="EndpointSlice"/>, as the API server sent it. Immutable; equality is by content.</summary>
/// <remarks>
/// It takes 64 bytes when its address and its uid are canonical, and shares the rest with other endpoints; with a string for each it would
/// take 350. <see cref="Addresses"/>, <see cref="TargetRef"/>, and a <see cref="Hostname"/> that is the name of the target, are made when
/// they are read: tens of nanoseconds, and about 100 bytes. Code that reads one often keeps it.
/// </remarks>
public sealed record Endpoint
{
    private EndpointShape _shape = EndpointShape.None;
    private EndpointPlace _place = EndpointPlace.None;
    private Guid _uid;
    private ulong _suffix;
    private uint _address;
    private AddressForm _form;
    private byte _conditions;
    private Parts _parts;

    /// <summary>Gets the addresses, which are interchangeable: consumers use the first one (discovery/v1 types.go).</summary>
    public EquatableArray<string> Addresses
    {
        get => _form == AddressForm.Text ? _shape.Addresses : ImmutableArray.Create(FirstAddress!);
        init => Pack(value);
    }

    /// <summary>Gets <c>conditions.ready</c>; null when absent, which means true.</summary>
    public bool? Ready
    {
        get => Conditions.Ready;
        init => Conditions = new(value, Serving, Terminating);
    }

    /// <summary>
    /// Gets <c>conditions.serving</c>: like ready, but regardless of whether the endpoint is terminating; null when absent, which means
    /// true.
    /// </summary>
    public bool? Serving
    {
        get => Conditions.Serving;
        init => Conditions = new(Ready, value, Terminating);
    }

    /// <summary>Gets <c>conditions.terminating</c>; null when absent, which means false.</summary>
    public bool? Terminating
    {
        get => Conditions.Terminating;
        init => Conditions = new(Ready, Serving, value);
    }

    /// <summary>
    /// Gets the host name, set for the pods of a StatefulSet (and other pods that set a hostname and the Service's name as subdomain).
    /// </summary>
    public string? Hostname
    {
        get => Has(Parts.HostnameIsName) ? TargetName : _shape.Hostname;
        init => SetHostname(value);
    }

    /// <summary>Gets the name of the node that hosts the endpoint.</summary>
    public string? NodeName
    {
        get => _place.Node;
        init => _place = new(value, _place.Zone);
    }

    /// <summary>Gets the zone of the endpoint.</summary>
    public string? Zone
    {
        get => _place.Zone;
        init => _place = new(_place.Node, value);
    }

    /// <summary>Gets the object behind the endpoint, normally a Pod.</summary>
    public TargetReference? TargetRef
    {
        get => Has(Parts.Target) ? new(_shape.Kind, _shape.Namespace, TargetName, TargetUid) : null;
        init
        {
            var hostname = Hostname;
            Pack(value);
            SetHostname(hostname);
        }
    }

    /// <summary>Gets <c>hints.forZones</c>: the zones that should consume this endpoint; empty when there is no hint.</summary>
    public EquatableArray<string> ForZones
    {
        get => _shape.ForZones;
        init => _shape = value.IsEmpty && _shape.ForZones.IsEmpty ? _shape : _shape with { ForZones = value };
    }

    /// <summary>Gets <c>hints.forNodes</c>: the nodes that should consume this endpoint; empty when there is no hint.</summary>
    public EquatableArray<string> ForNodes
    {
        get => _shape.ForNodes;
        init => _shape = value.IsEmpty && _shape.ForNodes.IsEmpty ? _shape : _shape with { ForNodes = value };
    }

    /// <summary>Gets the first address; null without one.</summary>
    internal string? FirstAddress => _form switch
    {
        AddressForm.IPv4 => PackedText.IPv4(_address),
        AddressForm.IPv6 => PackedText.IPv6(IPv6),
        _ => _shape.Addresses.IsEmpty ? null : _shape.Addresses[0],
    };

    /// <summary>Gets or sets the conditions.</summary>
    internal Conditions Conditions
    {
        get => new() { Bits = _conditions };
        init => _conditions = value.Bits;
    }

    /// <summary>Gets whether the address is the only one, and in its canonical form.</summary>
    internal bool HasCanonicalAddress => _form != AddressForm.Text;

    /// <summary>Gets the name of the target; empty without one.</summary>
    internal string TargetName => PackedText.JoinName(_shape.NamePrefix, _suffix);

    /// <summary>Gets what the name of the target begins with, before <see cref="NameSuffix"/>.</summary>
    internal string NamePrefix => _shape.NamePrefix;

    /// <summary>Gets what the name of the target ends with, as <see cref="PackedText.SplitName"/> packs it.</summary>
    internal ulong NameSuffix => _suffix;

    /// <summary>Gets the uid of the target; empty without one.</summary>
    internal string TargetUid => Has(Parts.PackedUid) ? _uid.ToString() : _shape.Uid;

    /// <summary>Gets whether the target is a pod with a name.</summary>
    internal bool IsPod => Has(Parts.Pod);

    private UInt128 IPv6 => new(_shape.Network, ((ulong)_shape.Subnet << 32) | _address);

    /// <summary>Compares by content.</summary>
    /// <param name="other">The other endpoint.</param>
    /// <returns>Whether all properties are equal.</returns>
    public bool Equals(Endpoint? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && _conditions == other._conditions && _address == other._address && _suffix == other._suffix &&
         _form == other._form && _parts == other._parts && _uid == other._uid &&
         (ReferenceEquals(_place, other._place) || _place.Equals(other._place)) &&
         (ReferenceEquals(_shape, other._shape) || _shape.Equals(other._shape)));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_conditions, _form, _parts, _address, _suffix, _uid, _place, _shape);

    /// <summary>Makes an endpoint as API servers send it, of numbers; null if it has parts of its own.</summary>
    /// <param name="draft">What was read.</param>
    /// <param name="pool">What is shared.</param>
    internal static Endpoint? TryOf(in EndpointDraft draft, EndpointPool pool)
    {
        var (target, hostname) = (draft.Target, draft.Hostname);
        if (draft.IPv4 is not { } address || target?.Uid.Text is { Length: > 0 } || (hostname is not null && hostname != target?.Name))
        {
            return null;
        }

        var (kind, @namespace, name, uid) = target ?? new("", "", PackedName.Empty, PackedUid.Empty);
        var parts = (target is null ? 0 : Parts.Target) | (uid.Text is null ? Parts.PackedUid : 0)
            | (hostname is null ? 0 : Parts.HostnameIsName) | (kind == "Pod" && name != PackedName.Empty ? Parts.Pod : 0);
        return new Endpoint
        {
            _form = AddressForm.IPv4,
            _address = address,
            _conditions = draft.Conditions.Bits,
            _suffix = name.Suffix,
            _uid = uid.Value,
            _parts = parts,
            _shape = pool.Usual(kind, @namespace, name.Prefix, draft.ForZones, draft.ForNodes),
            _place = pool.Place(draft.Node, draft.Zone),
        };
    }

    /// <summary>
    /// Puts the endpoint at a place, and shares this and what endpoints of a Service have in common with the endpoints of a pool.
    /// </summary>
    /// <param name="pool">What is shared.</param>
    /// <param name="node">The node.</param>
    /// <param name="zone">The zone.</param>
    /// <returns>This endpoint. It must be new: only the caller has it.</returns>
    internal Endpoint At(EndpointPool pool, string? node, string? zone)
    {
        _shape = pool.Share(_shape);
        _place = pool.Place(node, zone);
        return this;
    }

    /// <summary>Gets this endpoint with other conditions; the same object if it has them.</summary>
    internal Endpoint With(Conditions conditions) => conditions.Bits == _conditions ? this : this with { Conditions = conditions };

    /// <summary>Gets whether two endpoints differ in a packed uid or address, which tells without a look at any text.</summary>
    internal bool DiffersIn(Endpoint other) =>
        (Has(Parts.PackedUid) && other.Has(Parts.PackedUid) && _uid != other._uid) ||
        (_form == AddressForm.IPv4 && other._form == AddressForm.IPv4 && _address != other._address);

    /// <summary>Gets whether two endpoints have the same address, when both are packed; null when they are not.</summary>
    internal bool? HasAddressOf(Endpoint other) => _form == AddressForm.Text || other._form == AddressForm.Text
        ? null
        : _form == other._form && _address == other._address &&
          _shape.Network == other._shape.Network && _shape.Subnet == other._shape.Subnet;

    /// <summary>Gets the hash of the first address, with a key per process.</summary>
    internal int AddressHash => _form switch
    {
        AddressForm.IPv4 => HashCode.Combine(_address),
        AddressForm.IPv6 => HashCode.Combine(_shape.Network, _shape.Subnet, _address),
        _ => HashOf(FirstAddress),
    };

    /// <summary>Gets the hash of an address: the same one whether the endpoint that has it is packed or not.</summary>
    internal static int HashOf(string? address) =>
        PackedText.TryPackIPv4(address, out var ipv4) ? HashCode.Combine(ipv4)
        : PackedText.TryPackIPv6(address, out var ipv6) ? HashCode.Combine((ulong)(ipv6 >> 64), (uint)(ipv6 >> 32), (uint)ipv6)
        : HashCode.Combine(address);

    private bool Has(Parts part) => (_parts & part) != 0;

    private void Set(Parts part, bool has) => _parts = has ? _parts | part : _parts & ~part;

    private void Pack(EquatableArray<string> addresses)
    {
        (_form, _address) = (AddressForm.Text, 0);
        var ip = default(UInt128);
        if (addresses.Length == 1)
        {
            _form = PackedText.TryPackIPv4(addresses[0], out _address) ? AddressForm.IPv4
                : PackedText.TryPackIPv6(addresses[0], out ip) ? AddressForm.IPv6
                : AddressForm.Text;
        }

        if (_form == AddressForm.IPv6)
        {
            _address = (uint)ip;
        }
        else if (_form == AddressForm.Text)
        {
            _address = 0;
        }

        var rest = _form == AddressForm.Text ? addresses : default;
        var (network, subnet) = ((ulong)(ip >> 64), (uint)(ip >> 32));
        if (!rest.IsEmpty || !_shape.Addresses.IsEmpty || network != _shape.Network || subnet != _shape.Subnet)
        {
            _shape = _shape with { Addresses = rest, Network = network, Subnet = subnet };
        }
    }

    private void Pack(TargetReference? target)
    {
        Set(Parts.Target, target is not null);
        Set(Parts.Pod, target is { Kind: "Pod", Name.Length: > 0 });
        var prefix = target?.Name ?? (target is null ? "" : null!);
        var length = PackedText.SplitName(prefix, out _suffix);
        prefix = _suffix == 0 ? prefix : prefix[..length];
        Set(Parts.PackedUid, PackedText.TryPackUid(target?.Uid, out _uid));
        _shape = _shape with
        {
            Kind = target is null ? "" : target.Kind,
            Namespace = target is null ? "" : target.Namespace,
            NamePrefix = prefix,
            Uid = target is null || Has(Parts.PackedUid) ? "" : target.Uid,
        };
    }

    private void SetHostname(string? hostname)
    {
        // The name of a target may be null, if an application made it so; then it is no hostname.
        var isName = Has(Parts.Target) && hostname is not null && hostname == TargetName;
        Set(Parts.HostnameIsName, isName);
        if (_shape.Hostname != (isName ? null : hostname))
        {
            _shape = _shape with { Hostname = isName ? null : hostname };
        }
    }

    /// <summary>How the addresses are kept.</summary>
    private enum AddressForm : byte
    {
        /// <summary>As texts, in the shape.</summary>
        Text,

        /// <summary>One IPv4 address.</summary>
        IPv4,

        /// <summary>One IPv6 address, of which the shape has the first 96 bits.</summary>
        IPv6,
    }

    /// <summary>What an endpoint has.</summary>
    [Flags]
    private enum Parts : byte
    {
        /// <summary>A target.</summary>
        Target = 1,

        /// <summary>A target with a packed uid.</summary>
        PackedUid = 2,

        /// <summary>A hostname that is the name of the target.</summary>
        HostnameIsName = 4,

        /// <summary>A target that is a pod with a name.</summary>
        Pod = 8,
    }
}

/// <summary>The object behind an endpoint: <c>targetRef</c>.</summary>
/// <param name="Kind">The kind, normally <c>Pod</c>.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name.</param>
/// <param name="Uid">The uid of this incarnation.</param>
public sealed record TargetReference(string Kind, string Namespace, string Name, string Uid);
