using System.Collections.Concurrent;

namespace Rx.Kube.Tests.Checker;

/// <summary>
/// A loop on one thread of its own per core. <see cref="Parallel"/> takes ever more threads of the pool, and what other tests wait for
/// there, sockets and child processes, then comes up to a minute late.
/// </summary>
internal static class AllCores
{
    /// <exception cref="AggregateException">What <paramref name="body"/> threw; no further item is started then.</exception>
    public static void ForEach<T>(IEnumerable<T> items, Action<T> body)
    {
        using var rest = items.GetEnumerator();
        var errors = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(Run) { IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        if (!errors.IsEmpty)
        {
            throw new AggregateException(errors);
        }

        void Run()
        {
            try
            {
                while (errors.IsEmpty && TryTake(out var item))
                {
                    body(item);
                }
            }
            catch (Exception error)
            {
                errors.Enqueue(error);
            }
        }

        bool TryTake(out T item)
        {
            lock (rest)
            {
                var isThere = rest.MoveNext();
                item = isThere ? rest.Current : default!;
                return isThere;
            }
        }
    }
}
