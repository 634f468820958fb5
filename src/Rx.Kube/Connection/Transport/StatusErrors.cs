using System.Net;
using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>Turns an answer that is not 2xx into a <see cref="KubeStatusException"/> with the server's text and how to fix it.</summary>
internal static class StatusErrors
{
    /// <summary>The characters of the message of a Status in the text of an exception.</summary>
    internal const int MaxWords = 1000;

    /// <summary>Reads the body up to its size cap and makes the error.</summary>
    /// <param name="response">The answer; the caller disposes it.</param>
    /// <param name="request">The request.</param>
    /// <param name="accepted">The formats in which the body can be read.</param>
    /// <param name="credentials">The identity that sent it.</param>
    /// <param name="options">
    /// What makes the answer's text safe, how much of the body is read, and the clock that a Retry-After date is compared with if the
    /// answer has no Date.
    /// </param>
    /// <param name="cancellationToken">Ends the reading; the bytes read until then are used.</param>
    public static async Task<KubeStatusException> ReadAsync(
        HttpResponseMessage response, HttpRequestMessage request, AcceptedFormats accepted, CredentialSource credentials,
        KubeConnectionOptions options, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(response, options.Limits.MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        var code = (int)response.StatusCode;
        var (status, asked) = accepted.ReadStatus(response.Content.Headers.ContentType?.MediaType, body.Span, code);
        status = options.Outside.Of(status); // a server, or a proxy in front of it, may echo the request
        return new KubeStatusException(
            Message(response, request, status, credentials), status, RetryAfter(response, options.Scheduler) ?? asked);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(
        HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[maxBytes];
        var length = 0;
        try
        {
            var stream = await ResponseBody.OpenAsync(response, received: null, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                while (length < maxBytes
                    && await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false) is var read and > 0)
                {
                    length += read;
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidDataException
            or OperationCanceledException or ObjectDisposedException)
        {
            // The status line has arrived and is enough.
        }

        return buffer.AsMemory(0, length);
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, IScheduler scheduler) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => KubeStatusReader.BoundRetryAfter(delta),

        // The server computed the date on its own clock, which may differ from the client's by minutes.
        { Date: { } date } => KubeStatusReader.BoundRetryAfter(date - (response.Headers.Date ?? scheduler.Now)),
        _ => null,
    };

    private static string Message(
        HttpResponseMessage response, HttpRequestMessage request, KubeStatus status, CredentialSource credentials)
    {
        var (server, path) = (request.RequestUri!.Authority, Printable.Of(request.RequestUri.AbsolutePath));
        var words = status.Message.Length > 0 ? $": {Printable.Of(status.Message, MaxWords)}" : "";
        var code = (int)response.StatusCode;
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized =>
                $"{server} does not accept {credentials.Description} (401 for {request.Method} {path}){words}. "
                + "To fix: log in again or renew these credentials, and check that they belong to this cluster.",
            HttpStatusCode.Forbidden =>
                $"{server} does not allow {request.Method} {path} (403) to {credentials.Description}{words}. "
                + "To fix: grant the missing permission to this identity with a Role and a RoleBinding.",
            HttpStatusCode.NotFound =>
                $"{server} does not know {path} (404){words}. "
                + "To fix: check that the group, version and plural of the resource are right, and the address with its base path.",
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest and not HttpStatusCode.NotModified =>
                $"{server} answered {request.Method} {path} with a redirect ({code}) to {Printable.Of(Target(response))}, "
                + "which is not followed: "
                + "credentials stay with the configured server. "
                + "To fix: configure the final address of the API server, or log in to the proxy in front of it.",
            HttpStatusCode.TooManyRequests => $"{server} asks to slow down (429 for {request.Method} {path}){words}.",
            _ => $"{server} answered {request.Method} {path} with {code} {Printable.Of(status.Reason)}".TrimEnd() + $"{words}.",
        };
    }

    // Only the host: the query of a login redirect may contain secrets that do not belong in a log.
    private static string Target(HttpResponseMessage response) =>
        response.Headers.Location is { IsAbsoluteUri: true } location ? location.Authority : "another path";
}
