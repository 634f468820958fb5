using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Finds the endpoints that a slice was last decoded to. It has a fixed number of slots; each weakly holds the endpoints of the last slice
/// stored there, so they live only as long as they are in use elsewhere. A miss, or another slice's endpoints, only costs time.
/// Thread-safe.
/// </summary>
internal sealed class DecodedSlices
{
    private const int Slots = 8192;
    private readonly WeakReference<SliceEndpoints>?[] _slots = new WeakReference<SliceEndpoints>?[Slots];

    /// <summary>Gets the last endpoints of a slice; null if they are no longer in use.</summary>
    public SliceEndpoints? Find(ObjectMeta slice) =>
        _slots[SlotOf(slice)] is { } slot && slot.TryGetTarget(out var endpoints) ? endpoints : null;

    /// <summary>Remembers the endpoints of a slice.</summary>
    public void Keep(ObjectMeta slice, SliceEndpoints endpoints)
    {
        ref var slot = ref _slots[SlotOf(slice)];
        if (slot is { } used)
        {
            used.SetTarget(endpoints);
        }
        else
        {
            slot = new WeakReference<SliceEndpoints>(endpoints);
        }
    }

    // The runtime's string hashes are keyed per process.
    private static int SlotOf(ObjectMeta slice) => HashCode.Combine(slice.Namespace, slice.Name) & (Slots - 1);
}
