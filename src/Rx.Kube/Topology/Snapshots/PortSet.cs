using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// The ports of an endpoint, as endpoints compare them. The endpoints of a slice share one array, and what was found about two arrays is
/// remembered, so that the cost of comparing endpoints is not multiplied by the number of their ports: 20,000 ports of
/// 1,000 endpoints are compared once. <c>ContestedAddressTests</c> compare such sets with the plain lists.
/// </summary>
internal readonly struct PortSet(EquatableArray<EndpointPort> items) : IEquatable<PortSet>
{
    // Below this, comparing is as fast as remembering.
    private const int MostCompared = 16;
    private const int Slots = 256;
    private static readonly ConditionalWeakTable<EndpointPort[], Content> Contents = [];
    private static readonly Order?[] Orders = new Order?[Slots];

    /// <summary>Gets the ports.</summary>
    public EquatableArray<EndpointPort> Items => items;

    private EndpointPort[] Array => ImmutableCollectionsMarshal.AsArray(items.AsImmutableArray())!;

    /// <inheritdoc/>
    public bool Equals(PortSet other)
    {
        var (mine, others) = (Array, other.Array);
        if (ReferenceEquals(mine, others))
        {
            return true;
        }

        if (mine.Length != others.Length || mine.Length <= MostCompared)
        {
            return mine.AsSpan().SequenceEqual(others);
        }

        var (content, known) = (ContentOf(mine), ContentOf(others));
        if (content.Hash != known.Hash)
        {
            return false;
        }

        if (!ReferenceEquals(content.Representative, known.Representative))
        {
            if (!mine.AsSpan().SequenceEqual(others))
            {
                return false;
            }

            known.Representative = content.Representative;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PortSet other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => items.Length <= MostCompared ? items.GetHashCode() : ContentOf(Array).Hash;

    /// <summary>Compares port by port; the shorter set comes first if its ports are the first of the longer one.</summary>
    public static int Compare(EquatableArray<EndpointPort> x, EquatableArray<EndpointPort> y)
    {
        if (Math.Min(x.Length, y.Length) <= MostCompared)
        {
            return EndpointOrder.Compare(x, y, EndpointOrder.ByPort);
        }

        var (one, other) = (new PortSet(x), new PortSet(y));
        if (one.Equals(other))
        {
            return 0;
        }

        ref var slot = ref Orders[HashCode.Combine(ContentOf(one.Array).Hash, ContentOf(other.Array).Hash) & (Slots - 1)];
        if (slot is not { } order || !order.IsOf(one.Array, other.Array))
        {
            slot = order = new Order(one.Array, other.Array, EndpointOrder.Compare(x, y, EndpointOrder.ByPort));
        }

        return order.Value;
    }

    private static Content ContentOf(EndpointPort[] ports) => Contents.GetValue(ports, static p => new Content(p));

    /// <summary>What is known of an array: arrays with the same representative have equal ports.</summary>
    private sealed class Content
    {
        public Content(EndpointPort[] ports)
        {
            Hash = new EquatableArray<EndpointPort>(ImmutableCollectionsMarshal.AsImmutableArray(ports)).GetHashCode();
            Representative = this;
        }

        public int Hash { get; }

        // Written on any thread: each value that it had tells the truth.
        public object Representative { get; set; }
    }

    private sealed class Order(EndpointPort[] x, EndpointPort[] y, int value)
    {
        private readonly WeakReference<EndpointPort[]> _x = new(x);
        private readonly WeakReference<EndpointPort[]> _y = new(y);

        public int Value => value;

        public bool IsOf(EndpointPort[] x, EndpointPort[] y) =>
            _x.TryGetTarget(out var first) && ReferenceEquals(first, x) && _y.TryGetTarget(out var second) && ReferenceEquals(second, y);
    }
}
