using Microsoft.Extensions.Options;
using ShardedCache.Data;

namespace ShardedCache.Peers;

/// <summary>
/// On SIGTERM: is not ready any more, and hands over, while the process still serves. The host calls this before it stops any service, the
/// web server included.
/// </summary>
internal sealed class Drain(Shard shard, IOptions<CacheOptions> options, TimeProvider time, ILogger<Drain> log) : IHostedLifecycleService
{
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(20);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        shard.IsDraining = true;
        var begin = time.GetTimestamp();
        bool IsLeft() => !shard.State().IsMember;
        await WaitAsync(IsLeft, begin, options.Value.LeaveLimit, cancellationToken);
        if (IsLeft())
        {
            await WaitAsync(() => shard.State().Leftovers == 0, begin, options.Value.DrainLimit, cancellationToken);
        }

        log.LogInformation(
            "Stops after {Seconds:0.0} s, with {Keys} values", time.GetElapsedTime(begin).TotalSeconds, shard.State().Keys);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WaitAsync(Func<bool> condition, long begin, TimeSpan limit, CancellationToken ct)
    {
        while (!condition() && time.GetElapsedTime(begin) < limit)
        {
            await Task.Delay(_step, time, ct);
        }
    }
}
