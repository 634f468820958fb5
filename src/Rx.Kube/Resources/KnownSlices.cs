namespace Rx.Kube;

/// <summary>
/// Finds what the decoder remembers of a slice, by the beginning of its text up to the version. Weak: it lives as long as the last value of
/// the slice is in use elsewhere. Thread-safe.
/// </summary>
internal sealed class KnownSlices
{
    private const int Fewest = 256;

    // The name and the namespace, each at most 253 characters, the uid, and some more.
    private const int LongestBeginning = 2048;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, WeakReference<KnownSlice>> _slices = [];
    private int _mostBeforePruning = Fewest;

    /// <summary>Gets the number of entries, those whose slice is gone included.</summary>
    internal int Count => _slices.Count;

    /// <summary>Finds what is known of the slice of a text, and takes it; null if nothing is, or another thread has it.</summary>
    /// <param name="json">The text.</param>
    /// <param name="metadata">The position of its metadata.</param>
    public KnownSlice? Take(ReadOnlySpan<byte> json, int metadata)
    {
        var key = "\"resourceVersion\":\""u8;
        var text = json[metadata..Math.Min(json.Length, metadata + LongestBeginning)];
        var length = text.IndexOf(key) + key.Length;
        if (metadata == 0 || length < key.Length)
        {
            return null;
        }

        var hash = KeyedHash.Of(text[..length]);
        lock (_lock)
        {
            return _slices.TryGetValue(hash, out var weak) && weak.TryGetTarget(out var known) &&
                known.First.Length == length && known.TryTake() ? known : null;
        }
    }

    /// <summary>Remembers a slice instead of what was known of it.</summary>
    public void Keep(KnownSlice slice)
    {
        lock (_lock)
        {
            if (_slices.TryGetValue(slice.First.Hash, out var weak))
            {
                weak.SetTarget(slice);
                return;
            }

            if (_slices.Count >= _mostBeforePruning)
            {
                foreach (var (hash, entry) in _slices)
                {
                    if (!entry.TryGetTarget(out _))
                    {
                        _slices.Remove(hash);
                    }
                }

                _mostBeforePruning = Math.Max(Fewest, 2 * _slices.Count);
            }

            _slices.Add(slice.First.Hash, new WeakReference<KnownSlice>(slice));
        }
    }
}
