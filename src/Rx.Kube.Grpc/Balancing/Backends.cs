using System.Net;
using Grpc.Core;

namespace Rx.Kube;

/// <summary>The connections of a snapshot: by member, and in the order of turns.</summary>
internal sealed class Backends
{
    private static readonly (Backend, bool)[] _none = [];

    private readonly Dictionary<string, (Backend Backend, bool IsDraining)[]> _byMember;
    private readonly Backend[] _all;

    public Backends(RouteTable table, Dictionary<DnsEndPoint, Backend> backends)
    {
        Ring = table.Ring;
        _all = [.. backends.Values];
        Near = [.. table.Near.Select(route => backends[route.EndPoint])];
        Far = [.. table.Far.Select(route => backends[route.EndPoint])];
        _byMember = table.All
            .GroupBy(route => route.Member, StringComparer.Ordinal)
            .ToDictionary(
                routes => routes.Key,
                routes => routes.Select(route => (backends[route.EndPoint], route.IsDraining)).ToArray(),
                StringComparer.Ordinal);
    }

    public RingView? Ring { get; }

    public Backend[] Near { get; }

    public Backend[] Far { get; }

    /// <summary>Gets what the channel shows as its state.</summary>
    public ConnectivityState State =>
        Array.Exists(_all, backend => backend.State == ConnectivityState.Ready) ? ConnectivityState.Ready
        : Array.Exists(_all, backend => backend.State == ConnectivityState.Connecting) ? ConnectivityState.Connecting
        : Array.TrueForAll(_all, backend => backend.Failure is not null) ? ConnectivityState.TransientFailure
        : ConnectivityState.Idle;

    /// <summary>Gets the connections of a member, and whether each of its endpoints is leaving; none if it can get no calls.</summary>
    public (Backend Backend, bool IsDraining)[] Of(string member) => _byMember.GetValueOrDefault(member, _none);
}
