using System.Reactive.Concurrency;

namespace Rx.Kube.Testing;

/// <summary>
/// A server without sockets, for an <see cref="HttpClient"/> whose requests shall happen in virtual time. Each request is answered by the
/// first of <see cref="Responses"/> that is not used and is for it. It records what it was asked and when.
/// </summary>
/// <remarks>
/// <para>The client must not have a timeout of its own (<see cref="Timeout.InfiniteTimeSpan"/>): that would be real time.</para>
/// <para>Whoever awaits an answer goes on at once, on the thread that runs the clock, as long as every await in between has
/// <c>ConfigureAwait(false)</c>; so a run has one thread, and repeats exactly. <c>Observable.Create(async …)</c> keeps to that;
/// <c>Observable.FromAsync</c> only does if it is given a scheduler, such as the immediate one: without, Rx hands the result over on the
/// thread pool. A body that is read slowly waits without bounds.</para>
/// <para>A request beyond the script is recorded, and never answered.</para>
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

    /// <summary>What was asked so far, in order.</summary>
    public IReadOnlyList<ScriptedRequest> Requests => _requests;

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
        if (Next(asked) is { } response)
        {
            asked.IsAnswered = true;
            exchange.Play(response);
        }

        return exchange.Response;
    }

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
