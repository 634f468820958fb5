namespace Rx.Kube;

/// <summary>
/// Shares what was read from equal bytes, such as the owner and the ports of the slices of one Service, and does not read it again. It
/// has a fixed number of slots, each with the last value stored there, and keeps no long ones: memory is bounded, and no choice of bytes
/// makes a lookup slow. A value is known by a keyed hash of its bytes alone. Thread-safe.
/// </summary>
/// <param name="slots">The number of slots, a power of two.</param>
internal sealed class ProtobufShared<T>(int slots)
    where T : class
{
    private const int LongestShared = 1024;
    private readonly Entry?[] _slots = new Entry?[slots];

    /// <summary>Gets the value that was read from such bytes; null if it is not known.</summary>
    public T? Find(ulong print) => _slots[print & (ulong)(_slots.Length - 1)] is { } entry && entry.Print == print ? entry.Value : null;

    /// <summary>Shares a value.</summary>
    /// <param name="print">The keyed hash of its bytes.</param>
    /// <param name="length">The number of its bytes.</param>
    /// <param name="value">The value.</param>
    public T Keep(ulong print, int length, T value)
    {
        if (length <= LongestShared)
        {
            _slots[print & (ulong)(_slots.Length - 1)] = new Entry(print, value);
        }

        return value;
    }

    private sealed record Entry(ulong Print, T Value);
}
