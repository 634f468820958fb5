using System.Collections.Concurrent;

namespace Rx.Kube.Yarp.Tests.Support;

/// <summary>Constant load of idempotent requests, half of them with a key, from several clients, until it is stopped.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;
    private int _count;

    public Load(Proxy proxy, int clients = 4) =>
        _clients = [.. Enumerable.Range(0, clients).Select(i => Task.Run(() => RunAsync(proxy, i)))];

    public int Count => Volatile.Read(ref _count);

    public ConcurrentQueue<string> Lost { get; } = new();

    /// <summary>Waits until as many requests more have been answered.</summary>
    public Task MoreAsync(int requests)
    {
        var before = Count;
        return Eventually.TrueAsync(() => Count - before >= requests, $"{requests} more requests");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _stop.Dispose();
    }

    private async Task RunAsync(Proxy proxy, int client)
    {
        for (var i = client; !_stop.IsCancellationRequested; i += 7)
        {
            try
            {
                var (status, body) = await proxy.GetAsync("/", i % 2 == 0 ? $"user-{i % 1000}" : null);
                if (status != 200 || !body.StartsWith("cache-", StringComparison.Ordinal))
                {
                    Lost.Enqueue($"{i}: {status} {body}");
                }
            }
            catch (Exception e)
            {
                Lost.Enqueue($"{i}: {e.Message}");
            }

            Interlocked.Increment(ref _count);
        }
    }
}
