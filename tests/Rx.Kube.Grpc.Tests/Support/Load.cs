using System.Collections.Concurrent;
using Grpc.Core;

namespace Rx.Kube.Grpc.Tests.Support;

/// <summary>Calls without a pause, of which none may fail: with keys and without, from several callers.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PodClient _client;
    private readonly Task[] _callers;
    private int _calls;

    public Load(PodClient client, int callers = 8)
    {
        _client = client;
        _callers = [.. Enumerable.Range(0, callers).Select(i => Task.Run(() => RunAsync(i)))];
    }

    public ConcurrentQueue<string> Lost { get; } = new();

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Waits for some hundred more calls.</summary>
    public Task SomeAsync(int count = 500)
    {
        var goal = Calls + count;
        return Eventually.TrueAsync(() => Calls >= goal, "calls go on");
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(int caller)
    {
        for (var i = caller; !_stop.IsCancellationRequested; i += 7)
        {
            try
            {
                await _client.NameAsync(i % 4 == 0 ? null : $"key-{i % 200}");
            }
            catch (RpcException e)
            {
                Lost.Enqueue($"call {i}: {e.StatusCode} {e.Status.Detail}");
            }

            Interlocked.Increment(ref _calls);
        }
    }
}
