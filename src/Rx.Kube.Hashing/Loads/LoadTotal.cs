namespace Rx.Kube;

/// <summary>
/// How much all members of the ring hold, in one word with a number that every change makes another: what was decided on a state that is no more can be
/// refused. The count is the lower half, signed; a borrow from the number above it does no harm.
/// </summary>
internal sealed class LoadTotal
{
    private const long Change = 1L << 32;

    private long _word;

    public long State => Volatile.Read(ref _word);

    public static int CountOf(long state) => (int)state;

    /// <summary>One more, unless anything has changed since that state.</summary>
    public bool TryAddOne(long state) => Interlocked.CompareExchange(ref _word, state + Change + 1, state) == state;

    /// <summary>So many more or less; with 0 only another state.</summary>
    public void Add(long difference) => Interlocked.Add(ref _word, Change + difference);
}
