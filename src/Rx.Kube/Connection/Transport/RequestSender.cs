using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube;

/// <summary>
/// Sends one GET, or asks a <see cref="SelfReview"/>, which is the only POST: adds credentials, limits the wait for the headers, refreshes
/// credentials once after a 401, and makes typed errors. It does not switch threads by itself, so a test with a virtual clock and a
/// scripted handler runs on one thread.
/// </summary>
internal sealed class RequestSender(
    Uri server,
    string source,
    Uri? proxy,
    CredentialSource credentials,
    Func<HttpRequestMessage, Credential, CancellationToken, Task<HttpResponseMessage>> send,
    KubeConnectionOptions options,
    CancellationToken lifetime)
{
    private readonly string _base = server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/";

    /// <summary>Sets up each request, before it is authorized.</summary>
    public Action<HttpRequestMessage>? Prepare { get; init; }

    /// <summary>
    /// Sends the request, and sends it once more with new credentials after a 401. What it throws is made safe to print by
    /// <see cref="KubeConnection.WhileOpenAsync"/>.
    /// </summary>
    /// <param name="pathAndQuery">What to get.</param>
    /// <param name="accepted">The formats that the caller can read.</param>
    /// <param name="isWatch">Whether the headers may take as long as the request lives.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<HttpResponseMessage> GetAsync(
        string pathAndQuery, AcceptedFormats accepted, bool isWatch, CancellationToken cancellationToken) =>
        SendAsync(new Call(new Uri(_base + pathAndQuery), accepted, isWatch), cancellationToken);

    /// <summary>Asks a review, as <see cref="GetAsync"/> gets.</summary>
    /// <param name="review">The question.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<HttpResponseMessage> PostAsync(SelfReview review, CancellationToken cancellationToken) =>
        SendAsync(new Call(new Uri(_base + review.Path), AcceptedFormats.Json, IsWatch: false) { Review = review }, cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(Call call, CancellationToken cancellationToken)
    {
        var credential = await CredentialAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await SendAsync(call, credential, cancellationToken).ConfigureAwait(false);
        }
        catch (UnauthorizedException refused)
        {
            credentials.Refused(credential);
            var fresh = await CredentialAsync(cancellationToken).ConfigureAwait(false);
            if (ReferenceEquals(fresh, credential))
            {
                throw refused.Answer; // there is no other credential to try
            }

            credential = fresh;
        }

        try
        {
            return await SendAsync(call, credential, cancellationToken).ConfigureAwait(false);
        }
        catch (UnauthorizedException refused)
        {
            // The next request uses new credentials, not the ones just refused.
            credentials.Refused(credential);
            throw refused.Answer;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Call call, Credential credential, CancellationToken cancellationToken)
    {
        var (uri, accepted, isWatch) = call;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime);
        using var timer = new SerialDisposable { Disposable = Limit() };
        using var request = call.Review is { } review
            ? new HttpRequestMessage(HttpMethod.Post, uri) { Content = review.ToContent() }
            : new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.TryAddWithoutValidation("Accept", accepted.MediaTypes);
        if (accepted.AcceptsGzip)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        }

        Prepare?.Invoke(request);
        try
        {
            await AuthorizeAsync(request, credential, limit.Token).ConfigureAwait(false);
            if (isWatch)
            {
                // A server, or a proxy in front of it, may send the headers together with the first event.
                timer.Disposable = null;
            }

            HttpResponseMessage response;
            try
            {
                response = await send(request, credential, limit.Token).ConfigureAwait(false);
            }
            finally
            {
                // The headers that an application's own client, or a handler of it, has added.
                options.Outside.Note(request.Headers);
            }

            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                if (isWatch)
                {
                    timer.Disposable = Limit();
                }

                var error = await StatusErrors
                    .ReadAsync(response, request, accepted, credentials, options, limit.Token)
                    .ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                lifetime.ThrowIfCancellationRequested();
                throw response.StatusCode == HttpStatusCode.Unauthorized ? new UnauthorizedException(error) : error;
            }
        }
        catch (Exception e) when (e is not (KubeException or UnauthorizedException) && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The caller cancelled the request.", e, cancellationToken);
        }
        catch (Exception e) when (e is not (KubeException or UnauthorizedException))
        {
            ObjectDisposedException.ThrowIf(lifetime.IsCancellationRequested, typeof(KubeConnection));
            if (e is ObjectDisposedException)
            {
                // It never comes back, so no retry helps.
                throw new ObjectDisposedException(
                    $"The HttpClient for {server.Authority} is disposed ({source}). "
                    + "To fix: keep the client for as long as its streams, or dispose their subscriptions first.", e);
            }

            throw limit.IsCancellationRequested
                ? TransportErrors.TimedOut(server, options.ResponseTimeout)
                : TransportErrors.Describe(server, source, proxy, e);
        }

        IDisposable Limit() => options.Scheduler.Schedule(options.ResponseTimeout, () => TryCancel(limit));
    }

    private async ValueTask<Credential> CredentialAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await credentials.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(KubeConnection));
        }
    }

    private async ValueTask AuthorizeAsync(HttpRequestMessage request, Credential credential, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = credential.Authorization;
        try
        {
            if (credential.Authorize is not null)
            {
                await credential.Authorize(request, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not (KubeException or OperationCanceledException))
        {
            throw new KubeConfigurationException(
                $"The application's authorize callback failed with {e.GetType().Name}. To fix: see the inner exception.", e);
        }
        finally
        {
            options.Outside.Note(request.Headers);
        }
    }

    internal static void TryCancel(CancellationTokenSource limit)
    {
        try
        {
            limit.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The answer came at the same moment.
        }
    }

    private sealed record Call(Uri Uri, AcceptedFormats Accepted, bool IsWatch)
    {
        public SelfReview? Review { get; init; }
    }

    // Distinguishes a 401 of the transport from a code in the body.
    private sealed class UnauthorizedException(KubeStatusException answer) : Exception
    {
        public KubeStatusException Answer { get; } = answer;
    }
}
