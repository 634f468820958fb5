namespace Rx.Kube;

/// <summary>
/// What a decoder remembers of each slice (<see cref="ProtobufKnownSlice"/>). Weak: it is used for as long as the endpoints of the slice
/// are in use elsewhere. A miss only costs time. Thread-safe.
/// </summary>
internal sealed class ProtobufKnownSlices
{
    private const int Fewest = 256;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, ProtobufKnownSlice> _slices = [];
    private int _mostBeforePruning = Fewest;

    /// <summary>Gets the number of slices, those whose endpoints are no longer in use included.</summary>
    internal int Count => _slices.Count;

    /// <summary>Takes what is known of a slice, for one event; null if nothing is, or another thread has it.</summary>
    /// <param name="identity">The keyed hash of the bytes that identify the slice.</param>
    public ProtobufKnownSlice? Take(ulong identity)
    {
        lock (_lock)
        {
            return _slices.Remove(identity, out var known) && known.Hold() ? known : null;
        }
    }

    /// <summary>Remembers a slice, unless its endpoints are not in use.</summary>
    public void Keep(ulong identity, ProtobufKnownSlice slice)
    {
        lock (_lock)
        {
            if (_slices.Count >= _mostBeforePruning)
            {
                foreach (var (key, known) in _slices)
                {
                    if (!known.IsInUse)
                    {
                        _slices.Remove(key);
                    }
                }

                _mostBeforePruning = Math.Max(Fewest, 2 * _slices.Count);
            }

            if (slice.IsInUse)
            {
                _slices[identity] = slice;
            }
        }
    }
}
