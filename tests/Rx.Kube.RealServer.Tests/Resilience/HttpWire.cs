using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Rx.Kube.RealServer.Tests.Resilience;

/// <summary>A request, as the HTTP handler of .NET reports it.</summary>
/// <param name="Port">The port it was sent to: a proxy's.</param>
/// <param name="Method">The method.</param>
/// <param name="Query">The path and the query.</param>
/// <param name="Token">The bearer token.</param>
/// <param name="Sent">When it was sent, as a timestamp of <see cref="Stopwatch"/>.</param>
public sealed record WireRequest(int Port, string Method, string Query, string? Token, long Sent)
{
    private long _answered;

    /// <summary>Gets when the response headers arrived, or the request failed; 0 while neither has happened.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Gets the status; null while there is no answer, and after a failure.</summary>
    public HttpStatusCode? Status { get; private set; }

    /// <summary>Gets the wait that the answer asked for.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    public bool IsWatch => Query.Contains("watch=true", StringComparison.Ordinal);

    public bool IsStreamingList => Query.Contains("sendInitialEvents=true", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Query} -> {(Status is { } status ? (int)status : "no answer")}";

    internal void Answer(HttpResponseMessage? response)
    {
        (Status, RetryAfter) = (response?.StatusCode, response?.Headers.RetryAfter?.Delta);
        Volatile.Write(ref _answered, Stopwatch.GetTimestamp());
    }
}

/// <summary>
/// Notes the requests of this process where they leave it, in the diagnostics of SocketsHttpHandler: what the client under test sends,
/// without its help.
/// </summary>
public sealed class HttpWire : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly ConcurrentQueue<WireRequest> _requests = new();
    private readonly ConcurrentDictionary<HttpRequestMessage, WireRequest> _open = new();
    private readonly HashSet<int> _ports;
    private readonly IDisposable _subscription;
    private IDisposable? _handler;

    public HttpWire(params int[] ports)
    {
        _ports = [.. ports];
        _subscription = DiagnosticListener.AllListeners.Subscribe(this);
    }

    /// <summary>Gets the requests to a port, in their order.</summary>
    public WireRequest[] To(int port) => [.. _requests.Where(r => r.Port == port)];

    public void Dispose()
    {
        _handler?.Dispose();
        _subscription.Dispose();
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == "HttpHandlerDiagnosticListener")
        {
            _handler = value.Subscribe(this, (_, _, _) => true);
        }
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (Property(value.Value, "Request") is not HttpRequestMessage { RequestUri: { } uri } request || !_ports.Contains(uri.Port))
        {
            return;
        }

        if (value.Key == "System.Net.Http.HttpRequestOut.Start")
        {
            var sent = new WireRequest(
                uri.Port, request.Method.Method, uri.PathAndQuery, request.Headers.Authorization?.Parameter, Stopwatch.GetTimestamp());
            _open[request] = sent;
            _requests.Enqueue(sent);
        }
        else if (value.Key == "System.Net.Http.HttpRequestOut.Stop" && _open.TryRemove(request, out var answered))
        {
            answered.Answer(Property(value.Value, "Response") as HttpResponseMessage);
        }
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }

    private static object? Property(object? value, string name) => value?.GetType().GetProperty(name)?.GetValue(value);
}
