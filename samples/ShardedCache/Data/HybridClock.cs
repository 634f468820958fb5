namespace ShardedCache.Data;

/// <summary>
/// Milliseconds since 1970 in the upper 48 bits, and a counter: later than every version that this process has given or seen, even if the
/// clocks of two machines differ. Thread-safe.
/// </summary>
internal sealed class HybridClock(TimeProvider time)
{
    private const int CounterBits = 16;
    private long _last;

    /// <summary>Gets a time that is later than every earlier one.</summary>
    public long Next()
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }

    /// <summary>Takes note of a time of another process.</summary>
    public void See(long clock)
    {
        for (var last = Volatile.Read(ref _last); clock > last; last = Volatile.Read(ref _last))
        {
            Interlocked.CompareExchange(ref _last, clock, last);
        }
    }

    /// <summary>Gets how long ago a time was.</summary>
    public TimeSpan Age(long clock) => time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(clock >> CounterBits);
}
