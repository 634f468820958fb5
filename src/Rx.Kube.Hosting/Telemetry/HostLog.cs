using Microsoft.Extensions.Logging;

namespace Rx.Kube;

/// <summary>The messages of the host. Every text from the network is escaped by the caller.</summary>
internal static partial class HostLog
{
    /// <summary>The category of all messages.</summary>
    public const string Category = "Rx.Kube.Hosting";

    [LoggerMessage(
        1, LogLevel.Information,
        "Topology {Topology}: {Service} is {State}, with {Members} members at version {Version} ({Presence})")]
    public static partial void Live(
        ILogger log, string topology, ServiceName service, string state, int members, string version, ServicePresence presence);

    [LoggerMessage(
        EventId = 2, Message = "Topology {Topology}: {Service} is {Freshness} since {Since:O}; next attempt after {RetryAfter}. {Cause}")]
    public static partial void Interrupted(
        ILogger log, LogLevel level, string topology, ServiceName service, Freshness freshness, DateTimeOffset since, TimeSpan retryAfter,
        string cause);

    [LoggerMessage(3, LogLevel.Error, "Topology {Topology}: the host starts without {Service}. {Cause}")]
    public static partial void StartedUnsynced(ILogger log, string topology, ServiceName service, string cause);

    [LoggerMessage(4, LogLevel.Error, "Topology {Topology}: the watch of {Service} has ended. {Cause}")]
    public static partial void Failed(ILogger log, string topology, ServiceName service, string cause, Exception error);

    [LoggerMessage(5, LogLevel.Error, "Topology {Topology}: a subscriber of {Service} has thrown, which ended its own subscription")]
    public static partial void SubscriberFailed(ILogger log, string topology, ServiceName service, Exception error);

    [LoggerMessage(6, LogLevel.Information, "Topology {Topology}: the watch of {Service} is closed")]
    public static partial void Stopped(ILogger log, string topology, ServiceName service);

    [LoggerMessage(EventId = 7, Message = "The connection to the API server: {Notice}")]
    public static partial void Notice(ILogger log, LogLevel level, string notice);
}
