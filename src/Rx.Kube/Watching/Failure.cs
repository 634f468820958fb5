namespace Rx.Kube;

/// <summary>The meaning of an error for a resumed stream.</summary>
internal sealed record Failure(InterruptionKind Kind, string Message, Exception? Error = null)
{
    /// <summary>Whether no further attempt is possible, because the connection is disposed.</summary>
    public bool IsFatal { get; init; }

    /// <summary>Whether retrying cannot fix the error, so that a stream that has never worked fails.</summary>
    public bool IsFatalAtFirst { get; init; }

    /// <summary>Whether the last version can no longer be used, so that a new list is needed.</summary>
    public bool NeedsList { get; init; }

    /// <summary>How long the server asks the client to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Failure Of(Exception error) => error switch
    {
        KubeStatusException e => OfStatus(e),
        KubeTransportException { IsUntrusted: true } e => new(InterruptionKind.Untrusted, e.Message, e) { IsFatalAtFirst = true },
        KubeConfigurationException e => new(InterruptionKind.Configuration, e.Message, e) { IsFatalAtFirst = true },
        KubeTransportException e => new(InterruptionKind.Unreachable, e.Message, e),
        ObjectDisposedException e => new(InterruptionKind.Unreachable, e.Message, e) { IsFatal = true },
        TimeoutException e => new(InterruptionKind.Silent, e.Message, e),
        IOException or HttpRequestException => new(InterruptionKind.Unreachable, error.Message, error),
        _ => new(InterruptionKind.Protocol, error.Message, error) { NeedsList = true },
    };

    private static Failure OfStatus(KubeStatusException error)
    {
        var status = error.Status;
        var kind = error.IsGone || status.Causes.Contains("ResourceVersionTooLarge") ? InterruptionKind.Expired : status.Code switch
        {
            401 => InterruptionKind.Unauthorized,
            403 => InterruptionKind.Forbidden,
            404 => InterruptionKind.NotFound,
            429 => InterruptionKind.Throttled,
            >= 500 => InterruptionKind.ServerError,
            _ => InterruptionKind.Protocol,
        };
        return new(kind, error.Message, error)
        {
            IsFatalAtFirst = status.Code is 400 or 401 or 403 or 404,
            NeedsList = kind is InterruptionKind.Expired or InterruptionKind.Protocol,
            RetryAfter = error.RetryAfter,
        };
    }
}
