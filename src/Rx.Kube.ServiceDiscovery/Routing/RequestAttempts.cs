namespace Rx.Kube;

/// <summary>
/// The attempts of one request, also where several run at a time: a retry sends the same object again, and a hedge sends copies, which
/// share the values of its options. Thread-safe.
/// </summary>
internal sealed class RequestAttempts
{
    private static readonly HttpRequestOptionsKey<RequestAttempts> _key = new("Rx.Kube.Attempts");

    private readonly List<string> _tried = [];
    private int _count = -1;

    /// <summary>Begins to count the attempts of a request; one that is sent again by the application begins at 0 again.</summary>
    public static void Begin(HttpRequestMessage request) => request.Options.Set(_key, new());

    /// <summary>Gets the attempts of a request.</summary>
    public static RequestAttempts Of(HttpRequestMessage request)
    {
        if (!request.Options.TryGetValue(_key, out var attempts))
        {
            request.Options.Set(_key, attempts = new());
        }

        return attempts;
    }

    /// <summary>Gets the number of the next attempt, from 0.</summary>
    public int Next() => Interlocked.Increment(ref _count) & int.MaxValue;

    /// <summary>
    /// Gets the endpoint for the next attempt without a key, one that the request has not tried, until all have been.
    /// </summary>
    public TopologyEndpoint NextIn(TrafficOrder order, TrafficTurns turns)
    {
        lock (_tried)
        {
            var failed = _tried.Count;
            var next = NextUntried(order, turns, failed);
            if (next is null)
            {
                _tried.Clear();
                next = NextUntried(order, turns, failed)!;
            }

            _tried.Add(next.Address);
            return next;
        }
    }

    private TopologyEndpoint? NextUntried(TrafficOrder order, TrafficTurns turns, int failed) =>
        turns.Next(order.Near, _tried, IsUntried, failed) ?? turns.Next(order.Far, _tried, IsUntried, failed);

    private static bool IsUntried(TopologyEndpoint endpoint, List<string> tried) => !tried.Contains(endpoint.Address);
}

/// <summary>The outermost handler: it begins to count before a hedge copies the request.</summary>
internal sealed class AttemptsHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestAttempts.Begin(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestAttempts.Begin(request);
        return base.Send(request, cancellationToken);
    }
}
