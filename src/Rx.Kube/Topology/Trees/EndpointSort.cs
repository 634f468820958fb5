using System.Buffers;
using System.Runtime.InteropServices;

namespace Rx.Kube;

/// <summary>
/// Sorts endpoints by <see cref="EndpointOrder.ByMember"/>. Names of one Service begin alike, so the eight characters after the common
/// beginning are compared as one number, and only endpoints that agree in them are compared whole. When names became numbers, the first
/// list of 150,000 endpoints was folded in less than half of the time. <c>PackedEndpointTests</c> compare with the plain comparer.
/// </summary>
internal static class EndpointSort
{
    // For fewer, the comparer is as fast, and nothing is allocated.
    private const int Few = 64;
    private const int Characters = sizeof(ulong);

    /// <summary>Sorts endpoints.</summary>
    public static void Sort(List<TopologyEndpoint> endpoints)
    {
        if (endpoints.Count < Few)
        {
            if (endpoints.Count > 1)
            {
                endpoints.Sort(EndpointOrder.ByMember);
            }

            return;
        }

        Sort(CollectionsMarshal.AsSpan(endpoints));
    }

    /// <summary>Gets the positions of endpoints in their order. Those at one place stay in the order that they have.</summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="positions">Receives a position for each.</param>
    public static void PositionsInOrder(ReadOnlyMemory<TopologyEndpoint> endpoints, Span<int> positions)
    {
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = i;
        }

        var rented = ArrayPool<ulong>.Shared.Rent(positions.Length);
        var keys = rented.AsSpan(0, positions.Length);
        KeysOf(endpoints.Span, keys);
        keys.Sort(positions);
        var byPlace = new ByPlace(endpoints);
        for (int from = 0, end; from < keys.Length; from = end)
        {
            end = EndOfEqual(keys, from);
            if (end - from > 1)
            {
                positions[from..end].Sort(byPlace);
            }
        }

        ArrayPool<ulong>.Shared.Return(rented);
    }

    private static void Sort(Span<TopologyEndpoint> endpoints)
    {
        if (IsSorted(endpoints))
        {
            return;
        }

        var keys = new ulong[endpoints.Length];
        KeysOf(endpoints, keys);
        MemoryExtensions.Sort(keys, endpoints);
        for (int from = 0, end; from < keys.Length; from = end)
        {
            end = EndOfEqual(keys, from);
            if (end - from > 1)
            {
                endpoints[from..end].Sort(EndpointOrder.ByMember);
            }
        }
    }

    private static void KeysOf(ReadOnlySpan<TopologyEndpoint> endpoints, Span<ulong> keys)
    {
        var common = CommonLength(endpoints);
        for (var i = 0; i < keys.Length; i++)
        {
            var (prefix, suffix) = endpoints[i].SplitMember();
            keys[i] = KeyOf(prefix, suffix, common);
        }
    }

    private static int EndOfEqual(ReadOnlySpan<ulong> keys, int from)
    {
        var end = from + 1;
        while (end < keys.Length && keys[end] == keys[from])
        {
            end++;
        }

        return end;
    }

    private static bool IsSorted(ReadOnlySpan<TopologyEndpoint> endpoints)
    {
        for (var i = 1; i < endpoints.Length; i++)
        {
            if (EndpointOrder.ByMember.Compare(endpoints[i - 1], endpoints[i]) > 0)
            {
                return false;
            }
        }

        return true;
    }

    // How many characters all members begin with, or fewer.
    private static int CommonLength(ReadOnlySpan<TopologyEndpoint> endpoints)
    {
        var first = endpoints[0].SplitMember().Prefix;
        var common = first.Length;
        foreach (var endpoint in endpoints)
        {
            var prefix = endpoint.SplitMember().Prefix;
            common = ReferenceEquals(prefix, first) ? common : first.AsSpan(0, common).CommonPrefixLength(prefix);
        }

        return common;
    }

    // Equal for members that begin alike, and otherwise in their order. Every character beyond ASCII is the same to it, the largest one.
    private static ulong KeyOf(string prefix, ulong suffix, int from)
    {
        if (from == prefix.Length)
        {
            return suffix;
        }

        var length = prefix.Length + PackedText.SuffixLength(suffix);
        var key = 0UL;
        for (var i = 0; i < Characters; i++)
        {
            var character = from + i < length ? Math.Min(PackedText.NameAt(prefix, suffix, from + i), (char)0x7F) : '\0';
            key = (key << 8) | character;
            if (character == 0x7F)
            {
                return (key << (8 * (Characters - 1 - i))) | Below(8 * (Characters - 1 - i));
            }
        }

        return key;
    }

    private static ulong Below(int bit) => (1UL << bit) - 1;

    /// <summary>Compares positions by what is there, then as numbers.</summary>
    private sealed class ByPlace(ReadOnlyMemory<TopologyEndpoint> endpoints) : IComparer<int>
    {
        public int Compare(int x, int y) =>
            EndpointOrder.ByMember.Compare(endpoints.Span[x], endpoints.Span[y]) is not 0 and var order ? order : x.CompareTo(y);
    }
}
