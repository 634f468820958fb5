using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rx.Kube.Fuzz;

/// <summary>Runs blocks of inputs on some threads. The result does not depend on their number.</summary>
/// <param name="seed">The seed.</param>
/// <param name="workers">The number of threads.</param>
internal sealed class Fuzzer(ulong seed, int workers)
{
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(60);
    private readonly ConcurrentQueue<FuzzFailureException> _failures = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Total> _totals = [];
    private long _next;

    /// <summary>Gets what failed, at most a few of them.</summary>
    public IReadOnlyCollection<FuzzFailureException> Failures => _failures;

    /// <summary>Gets the totals of each kind.</summary>
    public IReadOnlyDictionary<string, Total> Totals => _totals;

    /// <summary>Runs inputs.</summary>
    /// <param name="from">The number of the first input; the start of a block.</param>
    /// <param name="to">The number after the last one.</param>
    /// <param name="onHang">Told the number of an input that does not end.</param>
    public void Run(long from, long to, Action<long> onHang)
    {
        _next = from;
        var running = Enumerable.Range(0, workers).Select(_ => new Progress()).ToArray();
        var threads = running.Select(progress => new Thread(() => Work(to, progress)) { IsBackground = true }).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        foreach (var thread in threads)
        {
            while (!thread.Join(TimeSpan.FromSeconds(1)))
            {
                foreach (var progress in running)
                {
                    if (progress.Hangs(_hang))
                    {
                        onHang(progress.Number);
                    }
                }
            }
        }
    }

    private void Work(long to, Progress progress)
    {
        var totals = new Dictionary<string, Total>();
        for (long from; (from = Interlocked.Add(ref _next, Block.Size) - Block.Size) < to && _failures.Count < 5;)
        {
            var block = new Block(seed);
            for (var number = from; number < Math.Min(to, from + Block.Size); number++)
            {
                progress.Start(number);
                try
                {
                    var cost = block.Run(number);
                    totals[cost.Target] = totals.GetValueOrDefault(cost.Target).Add(cost);
                }
                catch (FuzzFailureException e)
                {
                    _failures.Enqueue(e);
                }
            }
        }

        progress.End();
        lock (_gate)
        {
            foreach (var (name, total) in totals)
            {
                _totals[name] = _totals.GetValueOrDefault(name).Add(total);
            }
        }
    }

    private sealed class Progress
    {
        private long _number = -1;
        private long _since = long.MaxValue; // before the first input, and after the last one

        public long Number => Volatile.Read(ref _number);

        public void Start(long number)
        {
            Volatile.Write(ref _since, Stopwatch.GetTimestamp());
            Volatile.Write(ref _number, number);
        }

        public void End() => Volatile.Write(ref _since, long.MaxValue);

        public bool Hangs(TimeSpan limit) =>
            Volatile.Read(ref _since) is var since and < long.MaxValue && Stopwatch.GetElapsedTime(since) > limit;
    }
}

/// <summary>The inputs of one kind.</summary>
internal readonly record struct Total(long Inputs, long Bytes, TimeSpan Time, long Allocated, TimeSpan Longest, long Most)
{
    public Total Add(Cost cost) => Add(new Total(1, cost.Length, cost.Time, cost.Allocated, cost.Time, cost.Allocated));

    public Total Add(Total other) => new(
        Inputs + other.Inputs, Bytes + other.Bytes, Time + other.Time, Allocated + other.Allocated,
        other.Longest > Longest ? other.Longest : Longest, Math.Max(Most, other.Most));
}
