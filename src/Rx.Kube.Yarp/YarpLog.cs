using Microsoft.Extensions.Logging;

namespace Rx.Kube;

/// <summary>The messages of the package. Every text from the network is escaped by the caller.</summary>
internal static partial class YarpLog
{
    /// <summary>The category of all messages.</summary>
    public const string Category = "Rx.Kube.Yarp";

    [LoggerMessage(
        1, LogLevel.Error,
        "Topology {Topology}: the proxy starts without the destinations of {Service}, and will have them after the first list. {Cause}")]
    public static partial void StartedUnsynced(ILogger log, string topology, ServiceName service, string cause);

    [LoggerMessage(2, LogLevel.Warning, "Topology {Topology}: {Address} leaves out {Count} of the members. The first: {Cause}")]
    public static partial void LeftOut(ILogger log, string topology, string address, int count, string cause);

    [LoggerMessage(3, LogLevel.Error, "Topology {Topology}: the destinations of {Service} are no longer followed")]
    public static partial void Ended(ILogger log, string topology, ServiceName service, Exception error);

    [LoggerMessage(4, LogLevel.Error, "Topology {Topology}: the proxy has thrown when it was told of new destinations of {Service}")]
    public static partial void ReloadFailed(ILogger log, string topology, ServiceName service, Exception error);

    [LoggerMessage(
        5, LogLevel.Warning,
        "The addresses of {Count} destinations could not be resolved. The last ones are kept, and it is tried again in {Retry}")]
    public static partial void ForeignFailed(ILogger log, int count, TimeSpan retry, Exception error);

    [LoggerMessage(
        6, LogLevel.Error,
        "The destinations are resolved by {Resolver}, which was registered later: no Service is followed. " +
        "To fix: call AddKubeDestinations after it; it passes other destinations on to it.")]
    public static partial void Replaced(ILogger log, string? resolver);

    [LoggerMessage(7, LogLevel.Debug, "{Error} at destination {Destination}: the request is repeated, attempt {Attempt}")]
    public static partial void Retrying(ILogger log, string error, string? destination, int attempt);
}
