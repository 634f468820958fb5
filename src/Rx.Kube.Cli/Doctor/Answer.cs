using System.Net.Http.Headers;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Represents the answer to a GET.</summary>
/// <param name="Body">The first 64 KiB of the body.</param>
/// <param name="Took">The time from the request to the headers.</param>
/// <param name="At">This machine's time at the headers.</param>
/// <param name="Http">The version of HTTP.</param>
/// <param name="MediaType">The media type; empty for none.</param>
/// <param name="Date">The server's time; null if it does not tell.</param>
/// <param name="Warnings">The texts of the Warning headers.</param>
internal sealed record Answer(
    ReadOnlyMemory<byte> Body, TimeSpan Took, DateTimeOffset At, Version Http, string MediaType, DateTimeOffset? Date,
    IReadOnlyList<string> Warnings);

/// <summary>Asks an API server, each question within a time limit.</summary>
/// <param name="connection">The connection.</param>
/// <param name="limit">The most time of a question; zero for no limit.</param>
/// <param name="scheduler">The clock.</param>
internal sealed class Questions(KubeConnection connection, TimeSpan limit, IScheduler scheduler)
{
    private const int MaxWarnings = 10;

    /// <summary>Sends a GET.</summary>
    /// <param name="path">The path and the query, without a leading slash.</param>
    /// <param name="ct">Ends the request.</param>
    /// <param name="mediaTypes">The accepted media types.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="KubeException">There is no answer, or its status is not 2xx.</exception>
    public async Task<Answer> GetAsync(string path, CancellationToken ct, string mediaTypes = "application/json")
    {
        Answer? answer = null;
        var accepted = AcceptedFormats.Json with { MediaTypes = mediaTypes };
        await WithinAsync(within => connection.WhileOpenAsync(
            async open =>
            {
                var watch = scheduler.StartStopwatch();
                using var response = await connection.GetAsync(path, accepted, isWatch: false, open).ConfigureAwait(false);
                var (took, at) = (watch.Elapsed, scheduler.Now);
                using var body = await ResponseBody.OpenAsync(response, received: null, open).ConfigureAwait(false);
                var bytes = await SelfReviewAnswer.ReadBodyAsync(body, connection.Limits.MaxAnswerBytes, open).ConfigureAwait(false);
                answer = new(
                    bytes, took, at, response.Version, response.Content.Headers.ContentType?.MediaType ?? "", response.Headers.Date,
                    Warnings(response.Headers));
            },
            within), ct).ConfigureAwait(false);
        return answer!;
    }

    /// <summary>Asks the server about this user.</summary>
    /// <typeparam name="T">The type of the answer.</typeparam>
    /// <param name="review">The question.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="ct">Ends the request.</param>
    /// <returns>The answer; null if the server refuses to answer, does not know the question, or answers what cannot be read.</returns>
    /// <exception cref="KubeException">The server cannot be reached, or does not accept the credentials.</exception>
    public async Task<T?> AskAsync<T>(SelfReview review, Func<ReadOnlyMemory<byte>, OutsideText, T?> read, CancellationToken ct)
        where T : class
    {
        try
        {
            T? answer = null;
            await WithinAsync(
                async within => answer = read(await connection.AskAsync(review, within).ConfigureAwait(false), connection.Outside),
                ct).ConfigureAwait(false);
            return answer;
        }
        catch (Exception e) when (e is KubeStatusException { Status.Code: not 401 } or KubeProtocolException)
        {
            return null; // a user of thousands of groups has an answer of more than 64 KiB
        }
    }

    /// <summary>Runs something within the limit of a question.</summary>
    /// <param name="run">What to run.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="KubeTransportException">The time is over.</exception>
    public async Task WithinAsync(Func<CancellationToken, Task> run, CancellationToken ct)
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var timer = limit == TimeSpan.Zero ? Disposable.Empty : scheduler.Schedule(limit, () => RequestSender.TryCancel(within));
        try
        {
            await run(within.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw connection.WaitingFor is { } pending
                ? new KubeTransportException(
                    $"There is no answer within {limit.TotalSeconds:0.#} s: still waiting for {pending}. "
                    + "To fix: check why there is no answer (a plugin may want a login), or use a longer --timeout.")
                : TransportErrors.TimedOut(connection.Server, limit);
        }
    }

    private List<string> Warnings(HttpResponseHeaders headers) =>
        [.. headers.Warning.Select(w => connection.Outside.Of(w.Text.Trim('"'))).Distinct(StringComparer.Ordinal).Take(MaxWarnings)];
}
