using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Rx.Kube.Topology;

/// <summary>Applies a change to the ordered endpoints of a snapshot.</summary>
internal static class SortedEndpoints
{
    /// <summary>The endpoints without those that are gone and with the new ones.</summary>
    /// <param name="endpoints">Ordered by <see cref="EndpointOrder.ByMember"/>.</param>
    /// <param name="gone">All of them are in <paramref name="endpoints"/>. Sorted by this call.</param>
    /// <param name="added">None of them is. Sorted by this call.</param>
    public static ImmutableArray<ServiceEndpoint> Apply(
        ImmutableArray<ServiceEndpoint> endpoints, List<ServiceEndpoint> gone, List<ServiceEndpoint> added)
    {
        if (gone.Count == 0 && added.Count == 0)
        {
            return endpoints;
        }

        gone.Sort(EndpointOrder.ByMember);
        added.Sort(EndpointOrder.ByMember);
        var next = new ServiceEndpoint[endpoints.Length - gone.Count + added.Count];
        var (from, to, g, a) = (0, 0, 0, 0);
        while (g < gone.Count || a < added.Count)
        {
            // At equal places the old one goes before the new one comes.
            var removes = a == added.Count || (g < gone.Count && EndpointOrder.ByMember.Compare(gone[g], added[a]) <= 0);
            var change = removes ? gone[g] : added[a];
            var place = Find(endpoints.AsSpan()[from..], change);
            endpoints.AsSpan(from, place).CopyTo(next.AsSpan(to));
            (from, to) = (from + place, to + place);
            if (removes)
            {
                from++;
                g++;
            }
            else
            {
                next[to++] = change;
                a++;
            }
        }

        endpoints.AsSpan()[from..].CopyTo(next.AsSpan(to));
        return ImmutableCollectionsMarshal.AsImmutableArray(next);
    }

    private static int Find(ReadOnlySpan<ServiceEndpoint> endpoints, ServiceEndpoint endpoint)
    {
        var place = endpoints.BinarySearch(endpoint, EndpointOrder.ByMember);
        return place < 0 ? ~place : place;
    }
}
