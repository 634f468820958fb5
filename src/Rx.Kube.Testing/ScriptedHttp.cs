using System.Reactive.Concurrency;
using System.Runtime.ExceptionServices;

namespace Rx.Kube.Testing;

/// <summary>
/// A server without sockets, for an <see cref="HttpClient"/> whose requests shall happen in virtual time. Each request is answered by the
/// first of <see cref="Responses"/> that is not used and is for it, else by <see cref="Answer"/>. It records what it was asked and when.
/// </summary>
/// <remarks>
/// <para>The client must not have a timeout of its own (<see cref="Timeout.InfiniteTimeSpan"/>): that would be real time.</para>
/// <para>Whoever awaits an answer goes on at once, on the thread that runs the clock, as long as every await in between has
/// <c>ConfigureAwait(false)</c>; so a run has one thread, and repeats exactly. <c>Observable.Create(async …)</c> keeps to that;
/// <c>Observable.FromAsync</c> only does if it is given a scheduler, such as the immediate one: without, Rx hands the result over on the
/// thread pool. A body that is read slowly waits without bounds.</para>
/// <para>A request beyond the script is recorded, and never answered. What is said of it, and which answers are left over, stands in the
/// message of an expectation that fails on the same clock, and in <see cref="ToString"/>.</para>
/// <para>What <see cref="Answer"/> or <see cref="ScriptedResponse.For"/> throws is thrown by the clock, and the request stays without an
/// answer: a mistake in a test must not look like a failure of the network.</para>
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

    /// <summary>Makes a server without a script.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public ScriptedHttp(VirtualTimeScheduler<long, long> scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler;
        ScriptNotes.Add(scheduler, Note);
    }

    /// <summary>The answers, in order; each is given once for each time it is in the list.</summary>
    /// <exception cref="ArgumentNullException">The answers, or one of them, are null.</exception>
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
    /// Answers what <see cref="Responses"/> does not: a server that is a function, such as a model of one. Null for a request that is
    /// never answered. Called when the request comes, on the thread that runs the clock.
    /// </summary>
    public Func<ScriptedRequest, ScriptedResponse?>? Answer { get; init; }

    /// <summary>What was asked so far, in order.</summary>
    public IReadOnlyList<ScriptedRequest> Requests => _requests;

    /// <summary>Checks that exactly this was asked, in this order.</summary>
    /// <param name="requests">The requests as <see cref="ScriptedRequest.ToString"/> gives them.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="MarbleAssertionException">Something else was asked.</exception>
    public void ToHaveBeenAsked(params string[] requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ScriptNotes.CheckAsked([.. _requests.Select(r => r.ToString())], requests, Note());
    }

    /// <summary>All of it so far, a line for each request: what was asked, what was answered, and when it was over; then what is left of the script.</summary>
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
