using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>The errors that a recording has, as the exceptions that they were.</summary>
internal static class RecordedErrors
{
    /// <summary>Creates the error of a Status. What is broken in it is empty.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static KubeStatusException OfStatus(ReadOnlySpan<byte> json)
    {
        var facts = new JsonFacts(json, "code", "reason", "message");
        return Status(facts.Number("code") ?? 500, Text(facts, "reason"), Text(facts, "message"));
    }

    /// <summary>Creates the error of a stream that failed without a Status.</summary>
    public static KubeTransportException Of(string message) =>
        new(message.Length > 0 ? SafeText.Of(message, RecordingFormat.MaxText) : "the recorded stream failed");

    /// <summary>Creates the error by which a watch ends, and by which requests fail, in a gap; null for a clean end.</summary>
    public static Exception? Of(RecordedLine.Gap gap)
    {
        var message = SafeText.Of(gap.Message, RecordingFormat.MaxText);
        return gap.Cause switch
        {
            InterruptionKind.Closed => null,
            InterruptionKind.Expired => Status(410, "Expired", message),
            InterruptionKind.Throttled => Status(429, "TooManyRequests", message),
            InterruptionKind.ServerError => Status(500, "InternalError", message),
            InterruptionKind.Unauthorized => Status(401, "Unauthorized", message),
            InterruptionKind.Forbidden => Status(403, "Forbidden", message),
            InterruptionKind.NotFound => Status(404, "NotFound", message),
            InterruptionKind.Untrusted => new KubeTransportException(message, isUntrusted: true),
            InterruptionKind.Configuration => new KubeConfigurationException(message),
            InterruptionKind.Protocol or InterruptionKind.Undecodable => new KubeProtocolException(message),
            _ => new KubeTransportException(message),
        };
    }

    /// <summary>Gets whether the server, or the client itself, refused requests, rather than that the connection broke.</summary>
    public static bool IsRefusal(InterruptionKind cause) => cause is InterruptionKind.Throttled or InterruptionKind.ServerError
        or InterruptionKind.Unauthorized or InterruptionKind.Forbidden or InterruptionKind.NotFound or InterruptionKind.Untrusted
        or InterruptionKind.Configuration;

    /// <summary>Creates the error of a request from a version that the recording no longer, or not yet, has.</summary>
    public static KubeStatusException Gone(string message) => Status(410, "Expired", message);

    public static KubeStatusException Status(int code, string reason, string message) =>
        new($"{code} {SafeText.Of(reason, 128)}: {SafeText.Of(message, 1000)}", new KubeStatus(code, reason, message, []));

    private static string Text(JsonFacts facts, string path) => SafeText.Of(facts.Text(path) ?? "", RecordingFormat.MaxText);
}
