using System.Reactive.Concurrency;
using System.Runtime.ExceptionServices;

namespace Rx.Kube.Testing;

/// <summary>
/// An in-memory server for an <see cref="HttpClient"/> in virtual time. The first unused response in <see cref="Responses"/> that matches a
/// request answers it; if there is none, <see cref="Answer"/> does. The server records each request and its time.
/// </summary>
/// <remarks>
/// <para>The client must not have its own timeout, which would run in real time: set <see cref="Timeout.InfiniteTimeSpan"/>.</para>
/// <para>Code that awaits a response continues at once, on the thread that runs the clock, as long as every await in between has
/// <c>ConfigureAwait(false)</c>; so a run uses one thread and is reproducible. <c>Observable.Create(async …)</c> preserves this;
/// <c>Observable.FromAsync</c> does so only with a scheduler, such as the immediate scheduler: without one, Rx delivers the result on the
/// thread pool. Buffering for a slow reader of a body is unbounded.</para>
/// <para>A request beyond the end of the script is recorded and never answered. The message of a failed expectation on the same clock, and
/// <see cref="ToString"/>, list such requests and unused responses.</para>
/// <para>The clock rethrows an exception that <see cref="Answer"/> or <see cref="ScriptedResponse.For"/> throws, and the request is
/// never answered: a mistake in a test must not look like a network failure.</para>
/// </remarks>
/// <example><code>
/// var clock = new VirtualClock();
/// var http = new ScriptedHttp(clock)
/// {
///     Responses = [ScriptedResponse.Of(SliceJson.List("17", slice)), new("5ms ^ 800ms a-|", lines), new("--#refused", lines)],
/// };
/// using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
/// using var kube = KubeConnection.From(client, new Uri("http://kube"));
/// </code></example>
public sealed class ScriptedHttp : HttpMessageHandler
{
    private readonly VirtualTimeScheduler<long, long> _scheduler;
    private readonly List<ScriptedRequest> _requests = [];
    private readonly List<ScriptedResponse> _left = [];

    /// <summary>Creates a server without a script.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ScriptedHttp(VirtualTimeScheduler<long, long> scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler;
        ScriptNotes.Add(scheduler, Note);
    }

    /// <summary>Gets the responses, in order; each occurrence in the list is used once.</summary>
    /// <exception cref="ArgumentNullException">The list or one of its responses is null.</exception>
    public IReadOnlyList<ScriptedResponse> Responses
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var response in value)
            {
                ArgumentNullException.ThrowIfNull(response, nameof(value));
            }

            field = value;
            _left.AddRange(value);
        }
    } = [];

    /// <summary>
    /// Gets the function that answers requests for which <see cref="Responses"/> has no response, such as a model of a server. It returns
    /// null for a request that is never answered, and is called at the time of the request, on the thread that runs the clock.
    /// </summary>
    public Func<ScriptedRequest, ScriptedResponse?>? Answer { get; init; }

    /// <summary>Gets the requests so far, in order.</summary>
    public IReadOnlyList<ScriptedRequest> Requests => _requests;

    /// <summary>Checks that exactly these requests were made, in this order.</summary>
    /// <param name="requests">The requests, as <see cref="ScriptedRequest.ToString"/> formats them.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="MarbleAssertionException">The requests differ.</exception>
    public void ToHaveBeenAsked(params string[] requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ScriptNotes.CheckAsked([.. _requests.Select(r => r.ToString())], requests, Note());
    }

    /// <summary>Returns a line for each request so far, with its response and its end; then the unused responses.</summary>
    /// <returns>The text, without headers and bodies.</returns>
    public override string ToString() => string.Join(
        Environment.NewLine,
        [
            .. _requests.Select(r =>
                $"{r}: {r.Response?.ToString() ?? "no answer"}, {(r.End is { } end ? $"over at {end} ms" : "open")}"),
            .. _left.Select(r => $"not asked for: {r}"),
        ]);

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var asked = new ScriptedRequest(_scheduler.Frame(), request);
        _requests.Add(asked);
        if (cancellationToken.IsCancellationRequested)
        {
            asked.End = _scheduler.Frame();
            return Task.FromCanceled<HttpResponseMessage>(cancellationToken);
        }

        var exchange = new ScriptedExchange(_scheduler, asked, request, cancellationToken);
        try
        {
            asked.Response = Next(asked) ?? Answer?.Invoke(asked);
        }
        catch (Exception e)
        {
            _scheduler.ScheduleRelative(0, () => ExceptionDispatchInfo.Throw(e));
        }

        if (asked.Response is { } response)
        {
            exchange.Play(response);
        }

        return exchange.Response;
    }

    private string Note() => ScriptNotes.Note(
        nameof(ScriptedHttp), _requests.Where(r => !r.IsAnswered).Select(r => r.ToString()), _left.Select(r => r.ToString()));

    private ScriptedResponse? Next(ScriptedRequest request)
    {
        var index = _left.FindIndex(r => r.For(request));
        if (index < 0)
        {
            return null;
        }

        var response = _left[index];
        _left.RemoveAt(index);
        return response;
    }
}
