using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Rx.Kube;

/// <summary>
/// For readiness: unhealthy until the first complete list, and never after it. An API server that is away must not take every pod out of
/// service: the last snapshot is still good, so the worst is degraded, which answers 200.
/// </summary>
internal sealed class TopologyHealthCheck(HostedTopology topology) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus notSynced)
    {
        var snapshot = topology.Current.Value;
        var interruption = snapshot?.Freshness.Cause;
        var data = new Dictionary<string, object>
        {
            ["service"] = $"{topology.Service}",
            ["freshness"] = $"{snapshot?.Freshness ?? new Freshness.Syncing()}",
            ["version"] = HostText.Line(snapshot?.Version),
        };
        if (interruption is not null)
        {
            data["since"] = interruption.Since.ToString("O", CultureInfo.InvariantCulture);
        }

        if (snapshot is not { Freshness.IsSynced: true })
        {
            var cause = topology.Failure is { } end ? $"The watch has ended: {HostText.Line(end.Message)}"
                : topology.WaitingFor is { } pending ? $"Still waiting for {pending}."
                : interruption is not null ? HostText.Cause(interruption)
                : "No attempt has failed so far.";
            return new(notSynced, $"No complete list of {topology.Service} has arrived. {cause}", data: data);
        }

        if (topology.Failure is { } failure)
        {
            return HealthCheckResult.Degraded($"The watch of {topology.Service} has ended: {HostText.Line(failure.Message)}", data: data);
        }

        if (interruption is null)
        {
            return HealthCheckResult.Healthy($"{topology.Service} is live at version {HostText.Line(snapshot.Version)}.", data);
        }

        // The age is monotonic; the time since which it is stale is for people.
        var age = snapshot.Freshness.Age ?? topology.Options.Scheduler.Now - interruption.Since;
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{topology.Service} is stale for {age.TotalSeconds:0} s. {HostText.Cause(interruption)}");
        return age > topology.Options.StaleLimit
            ? HealthCheckResult.Degraded(text, data: data)
            : HealthCheckResult.Healthy(text, data);
    }
}
