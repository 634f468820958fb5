using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// A member that can be a destination, and its usable endpoints: those that are ready and not terminating, else those that serve although
/// they are terminating. Equality covers what a destination is made of, and neither hints nor zones, which the policy reads from the
/// snapshot.
/// </summary>
internal readonly record struct MemberEndpoints(string Member, bool IsDraining, EquatableArray<TopologyEndpoint> Endpoints)
{
    public static ImmutableArray<MemberEndpoints> Of(ServiceTopology snapshot)
    {
        var members = ImmutableArray.CreateBuilder<MemberEndpoints>();
        foreach (var member in snapshot.Members)
        {
            var all = snapshot.EndpointsOf(member);
            var usable = all.Where(endpoint => endpoint.Ready && !endpoint.Terminating).ToArray();
            var draining = usable.Length == 0 ? all.Where(e => e.Terminating && (e.Ready || e.Serving)).ToArray() : [];
            if (usable.Length + draining.Length > 0)
            {
                members.Add(new(member, draining.Length > 0, usable.Length > 0 ? [.. usable] : [.. draining]));
            }
        }

        return members.ToImmutable();
    }

    public bool Equals(MemberEndpoints other) =>
        Member == other.Member && IsDraining == other.IsDraining && Endpoints.Length == other.Endpoints.Length &&
        Endpoints.Zip(other.Endpoints).All(pair => Same(pair.First, pair.Second));

    public override int GetHashCode() => HashCode.Combine(Member, IsDraining);

    private static bool Same(TopologyEndpoint left, TopologyEndpoint right) => ReferenceEquals(left, right) ||
        (left.Address == right.Address && left.Uid == right.Uid && left.Ports == right.Ports);
}
