using System.Collections.Immutable;
using Rx.Kube.Resources;
using Rx.Kube.Watching;

namespace Rx.Kube.Topology;

/// <summary>
/// One Service, complete, at one version: all endpoints of all its slices. Immutable and safe on any thread.
/// </summary>
/// <remarks>
/// Equality is by content: the Service, its endpoints, and which of syncing, live or stale it is; not the version,
/// the times, or the cause. So <c>DistinctUntilChanged()</c> passes real changes and changes of freshness, and nothing else.
/// </remarks>
public sealed class ServiceTopology : IEquatable<ServiceTopology>
{
    private readonly SortedEndpoints _endpoints;
    private readonly MembersOnce _members;

    internal ServiceTopology(
        string @namespace, string service, string version, Freshness freshness, SortedEndpoints endpoints,
        ImmutableArray<SkippedObject> skipped, long list, MembersOnce members)
    {
        (Namespace, Service, Version, Freshness, _endpoints, Skipped, List, _members) =
            (@namespace, service, version, freshness, endpoints, skipped, list, members);
    }

    /// <summary>The namespace of the Service.</summary>
    public string Namespace { get; }

    /// <summary>The name of the Service.</summary>
    public string Service { get; }

    /// <summary>The resourceVersion of the server's state that this is; empty while syncing. Opaque.</summary>
    public string Version { get; }

    /// <summary>Whether this is the server's state of now.</summary>
    public Freshness Freshness { get; }

    /// <summary>All endpoints, ready or not, ordered by member, address family and address; each address and port once.</summary>
    public ImmutableArray<ServiceEndpoint> Endpoints => _endpoints.All;

    /// <summary>Objects that could not be decoded: for them this is the state before, or nothing.</summary>
    public ImmutableArray<SkippedObject> Skipped { get; }

    /// <summary>How many complete lists had come: a change across two lists was inferred, not seen.</summary>
    internal long List { get; }

    /// <summary>Who is there, whatever their health, address or place.</summary>
    public MemberSet Members => _members.Of(_endpoints);

    /// <summary>The ready endpoints.</summary>
    public ImmutableArray<ServiceEndpoint> Ready => field.IsDefault ? field = [.. Endpoints.Where(e => e.Ready)] : field;

    /// <summary>Where traffic may go: the ready endpoints, or, if there is none at all, those serving and terminating (KEP-1669).</summary>
    public ImmutableArray<ServiceEndpoint> Routable => field.IsDefault
        ? field = Ready.IsEmpty ? [.. Endpoints.Where(e => e.Serving && e.Terminating)] : Ready
        : field;

    /// <summary>The distinct ports of all endpoints, ordered by name, number and protocol. A name may stand with several numbers.</summary>
    public ImmutableArray<EndpointPort> Ports => field.IsDefault ? field = PortsOf(Endpoints) : field;

    /// <summary>What changed since an earlier snapshot of the same Service, by member. At once when no endpoint did.</summary>
    /// <param name="previous">The earlier snapshot; null for none: then every member is added.</param>
    /// <returns>
    /// The difference; <see cref="TopologyDiff.Empty"/> when no endpoint changed. Its changes are inferred if a new list came in
    /// between, other than the first: then the changes were found by comparing, and happened some time since.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="previous"/> is of another Service.</exception>
    public TopologyDiff DiffFrom(ServiceTopology? previous)
    {
        if (previous is null)
        {
            return TopologyDiffer.Diff([], Endpoints, inferred: false);
        }

        // A snapshot from before the first slice does not know its Service yet.
        if (previous.Service.Length > 0 && Service.Length > 0 && (previous.Service != Service || previous.Namespace != Namespace))
        {
            throw new ArgumentException("The snapshots are of two Services: a difference is between two snapshots of one.", nameof(previous));
        }

        if (ReferenceEquals(_endpoints, previous._endpoints))
        {
            return TopologyDiff.Empty;
        }

        var (before, now) = previous._endpoints.DifferingFrom(_endpoints);
        return TopologyDiffer.Diff(before, now, inferred: previous.List != List && previous.List > 0);
    }

    /// <summary>Whether the endpoints are the same, whatever version and freshness say.</summary>
    /// <param name="other">Another snapshot.</param>
    /// <returns>True if they are.</returns>
    public bool SameEndpoints(ServiceTopology other) => _endpoints.SameAs(other._endpoints);

    /// <inheritdoc/>
    public bool Equals(ServiceTopology? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Service == other.Service && Namespace == other.Namespace &&
         Freshness.GetType() == other.Freshness.GetType() && SameEndpoints(other));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ServiceTopology);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Namespace, Service, _endpoints.Count);

    private static ImmutableArray<EndpointPort> PortsOf(ImmutableArray<ServiceEndpoint> endpoints)
    {
        var ports = new HashSet<EndpointPort>();
        var last = ImmutableArray<EndpointPort>.Empty;
        foreach (var endpoint in endpoints)
        {
            // The endpoints of a slice share one array.
            if (endpoint.Ports != last)
            {
                last = endpoint.Ports;
                ports.UnionWith(last);
            }
        }

        return [.. ports.Order(EndpointOrder.ByPort)];
    }
}
