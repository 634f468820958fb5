namespace Rx.Kube;

/// <summary>The API server answered with an error: an HTTP status, or an ERROR event in a watch.</summary>
/// <param name="message">What happened, and how to fix it. Never contains a credential.</param>
/// <param name="status">The Status object, or one made from the HTTP status if the body contains none.</param>
/// <param name="retryAfter">How long the server asks the client to wait; null if it does not ask.</param>
public class KubeStatusException(string message, KubeStatus status, TimeSpan? retryAfter = null) : KubeException(message)
{
    /// <summary>Gets the server's description of the error.</summary>
    public KubeStatus Status { get; } = status;

    /// <summary>
    /// Gets how long the server asks the client to wait: <c>Retry-After</c> or <c>details.retryAfterSeconds</c>, at most one day;
    /// null if it does not ask.
    /// </summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Creates the same exception with other texts.</summary>
    internal virtual KubeStatusException With(string message, KubeStatus status) => new(message, status, RetryAfter);

    /// <summary>
    /// Gets whether the requested version is gone (410, or reason Expired or Gone), so that a new list is needed. This covers both forms:
    /// the HTTP status and the ERROR event.
    /// </summary>
    public bool IsGone => Status.Code == 410 || Status.Reason is "Expired" or "Gone";

    /// <summary>
    /// Gets whether the server has not reached the requested version yet: it lags behind another server, or was restored to an older
    /// state. This covers the HTTP status and the ERROR event. Source: client-go reflector.go, isTooLargeResourceVersionError: the cause is
    /// sent since Kubernetes 1.18.6; older servers say it in the message of a timeout.
    /// </summary>
    internal bool IsTooLarge =>
        Status.Causes.Contains("ResourceVersionTooLarge")
        || ((Status.Code is 500 or 504 || Status.Reason == "Timeout")
            && Status.Message.Contains("Too large resource version", StringComparison.OrdinalIgnoreCase));
}

/// <summary>A <c>v1 Status</c>: how the API server describes an error. Source: apimachinery meta/v1 types.go.</summary>
/// <param name="Code">The HTTP code.</param>
/// <param name="Reason">The machine-readable reason, such as <c>Forbidden</c> or <c>Expired</c>; empty when unknown.</param>
/// <param name="Message">The server's text.</param>
/// <param name="Causes">The reasons of <c>details.causes</c>, such as <c>ResourceVersionTooLarge</c>.</param>
/// <remarks>
/// In what a <see cref="KubeConnection"/> throws, all texts are safe to print: the connection's credentials are redacted, control and
/// format characters are escaped, and the length is limited (128 characters for a reason, 4,096 for the message).
/// </remarks>
public sealed record KubeStatus(int Code, string Reason, string Message, EquatableArray<string> Causes)
{
    /// <summary>Returns the Status in one line, escaped.</summary>
    /// <returns>The line.</returns>
    public override string ToString() => Printable.Of(
        $"{nameof(KubeStatus)} {{ Code = {Code}, Reason = {Reason}, Message = {Message}, Causes = [{string.Join(", ", Causes)}] }}",
        int.MaxValue);
}
