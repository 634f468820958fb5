using System.Runtime.InteropServices;

namespace Rx.Kube;

/// <summary>
/// The encoded sizes of the objects that a subscription holds: those of its last list, as its watch has changed them. Over a limit it
/// throws, before the object is handed on. Thread-safe, because a watch that was ended may still decode its last event. Counting an event
/// of a known object allocates nothing.
/// </summary>
internal sealed class RetainedObjects(WireLimits limits)
{
    private readonly Lock _lock = new();
    private Dictionary<ResourceKey, int> _sizes = [];
    private long _bytes;

    /// <summary>Gets how many bytes are held.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Counts an object that appeared or changed.</summary>
    /// <param name="key">The object.</param>
    /// <param name="size">Its encoded size, in bytes.</param>
    /// <exception cref="KubeProtocolException">Too much would be held.</exception>
    public void Put(ResourceKey key, int size)
    {
        lock (_lock)
        {
            Set(key, size, keepsLarger: false);
        }
    }

    /// <summary>Counts an object that could not be decoded. Its last good state stays: the larger of both sizes counts.</summary>
    /// <param name="key">The object.</param>
    /// <param name="size">Its encoded size, in bytes.</param>
    /// <exception cref="KubeProtocolException">Too much would be held.</exception>
    public void Skip(ResourceKey key, int size)
    {
        lock (_lock)
        {
            Set(key, size, keepsLarger: true);
        }
    }

    /// <summary>Counts the end of an object.</summary>
    public void Remove(ResourceKey key)
    {
        lock (_lock)
        {
            if (_sizes.Remove(key, out var size))
            {
                _bytes -= size;
            }
        }
    }

    /// <summary>Replaces everything by the objects of a list.</summary>
    /// <exception cref="KubeProtocolException">
    /// Too much would be held, together with the last good states of objects that could not be decoded.
    /// </exception>
    public void Replace(ListedObjects list)
    {
        lock (_lock)
        {
            var (before, bytesBefore) = (_sizes, _bytes);
            (_sizes, _bytes) = (list.Sizes, list.Sizes.Values.Sum(s => (long)s));
            try
            {
                foreach (var key in list.Skipped)
                {
                    if (before.TryGetValue(key, out var lastGood))
                    {
                        Set(key, lastGood, keepsLarger: true);
                    }
                }
            }
            catch (KubeProtocolException)
            {
                (_sizes, _bytes) = (before, bytesBefore); // the last state is kept, and counts on
                throw;
            }
        }
    }

    private void Set(ResourceKey key, int size, bool keepsLarger)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_sizes, key, out var isKnown);
        size = keepsLarger ? Math.Max(size, held) : size;
        var bytes = _bytes + size - held;
        if (bytes > limits.MaxRetainedBytes || _sizes.Count > limits.MaxItems)
        {
            if (!isKnown)
            {
                _sizes.Remove(key);
            }

            throw bytes > limits.MaxRetainedBytes ? limits.TooManyBytesHeld() : limits.TooManyItemsHeld();
        }

        (held, _bytes) = (size, bytes);
    }
}

/// <summary>
/// The encoded sizes of the objects of one list, over all its pages, or of the initial events of one streaming list. Objects that occur
/// twice count twice, because a list holds both until its end. Used by one thread at a time.
/// </summary>
internal sealed class ListedObjects(WireLimits limits)
{
    private int _count;
    private long _bytes;

    /// <summary>Gets the size of each object.</summary>
    public Dictionary<ResourceKey, int> Sizes { get; } = [];

    /// <summary>Gets the objects that could not be decoded.</summary>
    public HashSet<ResourceKey> Skipped { get; } = [];

    /// <summary>Counts an object, before it is decoded.</summary>
    /// <param name="size">Its encoded size, in bytes.</param>
    /// <exception cref="KubeProtocolException">The list is too large.</exception>
    public void Count(int size)
    {
        if (_count++ >= limits.MaxItems)
        {
            throw limits.TooManyItems();
        }

        if ((_bytes += size) > limits.MaxRetainedBytes)
        {
            throw limits.TooManyBytes();
        }
    }

    /// <summary>Notes which object was counted.</summary>
    public void Note(ResourceKey key, int size, bool isSkipped)
    {
        Sizes[key] = size;
        _ = isSkipped ? Skipped.Add(key) : Skipped.Remove(key);
    }

    /// <summary>Notes that an object has ended while the list was sent.</summary>
    public void Remove(ResourceKey key)
    {
        Sizes.Remove(key);
        Skipped.Remove(key);
    }
}

/// <summary>Counts the events of one watch: those before the end of the initial events as a list, and the others in what is held.</summary>
/// <param name="held">What the subscription holds.</param>
/// <param name="initial">The initial events; null for a watch without them.</param>
internal sealed class WatchedObjects(RetainedObjects held, ListedObjects? initial)
{
    private ListedObjects? _initial = initial;

    /// <summary>Counts an object that appeared or changed.</summary>
    public void Put(ResourceKey key, int size)
    {
        if (_initial is { } list)
        {
            list.Count(size);
            list.Note(key, size, isSkipped: false);
        }
        else
        {
            held.Put(key, size);
        }
    }

    /// <summary>Counts an object that could not be decoded.</summary>
    public void Skip(ResourceKey key, int size)
    {
        if (_initial is { } list)
        {
            list.Count(size);
            list.Note(key, size, isSkipped: true);
        }
        else
        {
            held.Skip(key, size);
        }
    }

    /// <summary>Counts the end of an object.</summary>
    public void Remove(ResourceKey key)
    {
        if (_initial is { } list)
        {
            list.Count(size: 0);
            list.Remove(key);
        }
        else
        {
            held.Remove(key);
        }
    }

    /// <summary>Takes over the initial events, which replace what was held.</summary>
    public void EndInitialEvents()
    {
        if (_initial is { } list)
        {
            _initial = null;
            held.Replace(list);
        }
    }
}
