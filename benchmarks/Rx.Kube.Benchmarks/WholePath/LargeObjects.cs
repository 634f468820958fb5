namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>What an action allocates on the heap of large objects, which is collected only together with everything else.</summary>
internal static class LargeObjects
{
    private const int Generation = 3;

    /// <summary>Gets the bytes. A full collection during the action would hide some of them.</summary>
    public static long AllocatedBy(Action action)
    {
        GC.Collect();
        var before = GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo[Generation].SizeAfterBytes;
        action();
        GC.Collect();
        return GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo[Generation].SizeBeforeBytes - before;
    }
}
