namespace Rx.Kube;

/// <summary>
/// The number of requests in flight on the whole ring, in one word with a change counter, so that a decision on an outdated state can be
/// refused. The count is the lower half, signed; a borrow from the counter does no harm.
/// </summary>
internal sealed class LoadTotal
{
    private const long Change = 1L << 32;

    private long _word;

    public long State => Volatile.Read(ref _word);

    public static int CountOf(long state) => (int)state;

    /// <summary>Adds one, unless something has changed since that state.</summary>
    public bool TryAddOne(long state) => Interlocked.CompareExchange(ref _word, state + Change + 1, state) == state;

    /// <summary>Adds a difference; 0 only makes another state.</summary>
    public void Add(long difference) => Interlocked.Add(ref _word, Change + difference);
}
