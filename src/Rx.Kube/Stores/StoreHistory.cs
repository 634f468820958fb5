using System.Collections.Immutable;

namespace Rx.Kube;

/// <summary>
/// Records which objects each step of a store touched. The steps are linked forwards only: a snapshot holds the steps after it, never those
/// before it. A new history begins where comparing everything costs no more, so that an old snapshot does not hold all later steps.
/// One thread appends; any thread may read.
/// </summary>
internal sealed class StoreHistory
{
    private const int Shortest = 64;
    private readonly object _beginning;
    private readonly ImmutableArray<ResourceKey> _touched;
    private readonly int _position;
    private StoreHistory? _next;

    /// <summary>Begins a history.</summary>
    public StoreHistory() => (_beginning, _touched) = (new object(), []);

    private StoreHistory(object beginning, ImmutableArray<ResourceKey> touched, int position) =>
        (_beginning, _touched, _position) = (beginning, touched, position);

    /// <summary>Appends the next step.</summary>
    /// <param name="touched">The objects that it touched.</param>
    /// <param name="size">The number of objects.</param>
    public StoreHistory Append(ImmutableArray<ResourceKey> touched, int size)
    {
        if (_position + touched.Length > Math.Max(size / 2, Shortest))
        {
            return new StoreHistory();
        }

        var next = new StoreHistory(_beginning, touched, _position + touched.Length);
        Volatile.Write(ref _next, next);
        return next;
    }

    /// <summary>Gets the objects touched between two steps, in either order; null when they are no longer known.</summary>
    public static SortedSet<ResourceKey>? Between(StoreHistory one, StoreHistory other)
    {
        if (!ReferenceEquals(one._beginning, other._beginning))
        {
            return null;
        }

        var touched = new SortedSet<ResourceKey>();
        var (step, last) = one._position <= other._position ? (one, other) : (other, one);
        while (!ReferenceEquals(step, last))
        {
            step = Volatile.Read(ref step._next)!;
            touched.UnionWith(step._touched);
        }

        return touched;
    }
}
