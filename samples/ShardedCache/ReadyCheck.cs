using Microsoft.Extensions.Diagnostics.HealthChecks;
using ShardedCache.Data;

namespace ShardedCache;

/// <summary>Ready when the first hand-over is done, until the process stops. Later hand-overs do not make it unready.</summary>
internal sealed class ReadyCheck(Shard shard) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = shard.State();
        return Task.FromResult(state.IsReady
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(shard.IsDraining ? "It stops." : $"{state.Pending} of {state.Ranges} ranges are not here yet."));
    }
}
