namespace Rx.Kube;

/// <summary>
/// Where the exception of one subscriber goes when other subscribers share its source: not to the source, which is innocent and serves the
/// others, but to the telemetry and to the application's handler.
/// </summary>
internal static class SubscriberFaults
{
    /// <summary>Counts an exception of a subscriber, and records it as an event of an activity. Throws nothing.</summary>
    public static void Report(Exception error) => SubscriberTelemetry.Fault(error);

    /// <summary>
    /// Reports an exception, and passes it to the application's handler, on the calling thread. What the handler throws is reported too.
    /// </summary>
    public static void Report(Exception error, Action<Exception>? onError)
    {
        Report(error);
        try
        {
            onError?.Invoke(error);
        }
        catch (Exception e)
        {
            Report(e);
        }
    }
}
