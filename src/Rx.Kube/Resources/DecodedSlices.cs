using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// Finds what a slice was decoded to the last time. A fixed number of slots, each holding weakly the last slice that fell into it.
/// A miss, or the wrong slice, only costs time. Safe on any thread.
/// </summary>
internal sealed class DecodedSlices
{
    private const int Slots = 8192;
    private readonly WeakReference<DecodedEndpoints>?[] _slots = new WeakReference<DecodedEndpoints>?[Slots];

    /// <summary>The last endpoints of a slice; null if nobody holds them any more.</summary>
    public DecodedEndpoints? Find(ObjectMeta slice) =>
        _slots[SlotOf(slice)] is { } slot && slot.TryGetTarget(out var endpoints) ? endpoints : null;

    /// <summary>Remembers the endpoints of a slice for as long as somebody holds them.</summary>
    public void Keep(ObjectMeta slice, DecodedEndpoints endpoints)
    {
        ref var slot = ref _slots[SlotOf(slice)];
        if (slot is { } used)
        {
            used.SetTarget(endpoints);
        }
        else
        {
            slot = new WeakReference<DecodedEndpoints>(endpoints);
        }
    }

    // The runtime's string hashes are keyed per process.
    private static int SlotOf(ObjectMeta slice) => HashCode.Combine(slice.Namespace, slice.Name) & (Slots - 1);
}
