using Microsoft.Extensions.Logging;

namespace Rx.Kube;

/// <summary>Logs when a topology begins or ceases to be live, and when the cause changes: once per change, not once per attempt.</summary>
internal sealed class CauseLog(HostedTopology topology, ILogger log)
{
    private (bool IsSynced, InterruptionKind? Cause)? _last;
    private bool _wasLive;

    public void OnNext(ServiceTopology snapshot)
    {
        var interruption = snapshot.Freshness.Cause;
        var current = (snapshot.Freshness.IsSynced, interruption?.Kind);
        if (current == _last)
        {
            return;
        }

        _last = current;
        if (interruption is not null)
        {
            Interrupted(snapshot, interruption);
        }
        else if (snapshot.Freshness.IsLive)
        {
            if (log.IsEnabled(LogLevel.Information))
            {
                var (state, members, version) = (_wasLive ? "live again" : "live", snapshot.Members.Count, HostText.Line(snapshot.Version));
                HostLog.Live(log, topology.Name, topology.Service, state, members, version, snapshot.Presence);
            }

            _wasLive = true;
        }
    }

    private void Interrupted(ServiceTopology snapshot, WatchInterruption interruption)
    {
        var level = LevelOf(interruption.Kind);
        if (log.IsEnabled(level))
        {
            var (since, cause) = (interruption.Since, HostText.Cause(interruption));
            HostLog.Interrupted(
                log, level, topology.Name, topology.Service, snapshot.Freshness, since, interruption.RetryAfter, cause);
        }
    }

    // What waiting alone does not repair needs a person.
    private static LogLevel LevelOf(InterruptionKind kind) => kind switch
    {
        InterruptionKind.Untrusted or InterruptionKind.Unauthorized or InterruptionKind.Forbidden or InterruptionKind.NotFound
            or InterruptionKind.Protocol or InterruptionKind.Undecodable or InterruptionKind.Configuration => LogLevel.Error,
        InterruptionKind.Closed or InterruptionKind.Expired => LogLevel.Information,
        _ => LogLevel.Warning,
    };
}
