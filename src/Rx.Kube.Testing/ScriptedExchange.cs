using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Kube.Testing;

/// <summary>Plays the answer to one request.</summary>
internal sealed class ScriptedExchange
{
    private readonly VirtualTimeScheduler<long, long> _scheduler;
    private readonly ScriptedRequest _asked;
    private readonly HttpRequestMessage _request;
    private readonly ScriptedBody _body;
    private readonly CompositeDisposable _planned = [];
    private readonly CancellationTokenRegistration _cancellation;

    // Deliberately without RunContinuationsAsynchronously: continuations run on the clock's thread.
    private readonly TaskCompletionSource<HttpResponseMessage> _response = new();

    public ScriptedExchange(
        VirtualTimeScheduler<long, long> scheduler, ScriptedRequest asked, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        (_scheduler, _asked, _request, _body) = (scheduler, asked, request, new(Finish));
        _cancellation = cancellationToken.UnsafeRegister(
            _ =>
            {
                Finish();
                InlineCompletion.Run(() => _response.TrySetCanceled(cancellationToken));
            },
            null);
    }

    public Task<HttpResponseMessage> Response => _response.Task;

    public void Play(ScriptedResponse script)
    {
        var tokens = script.Tokens;
        if (tokens is not [{ Kind: MarbleKind.Start or MarbleKind.Error }, ..])
        {
            Plan(0, () => Open(script));
        }

        foreach (var token in tokens)
        {
            Plan(token.Frame, token.Kind switch
            {
                MarbleKind.Start => () => Open(script),
                MarbleKind.Next => () => _body.Push(script.Bytes(token)),
                MarbleKind.Completed => () => End(null),
                _ => () => End(script.Error(token, Response.IsCompleted)),
            });
        }
    }

    private void Plan(long frame, Action action) =>
        _planned.Add(_scheduler.ScheduleRelative(VirtualTime.TicksOf(frame), () => InlineCompletion.Run(action)));

    private void Open(ScriptedResponse script)
    {
        // As with real connections: from here on, disposing of the response ends the request, and not its token.
        _cancellation.Unregister();
        var response = new HttpResponseMessage(script.Status) { RequestMessage = _request, Content = new StreamContent(_body) };
        foreach (var (name, value) in script.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (response.Content.Headers.ContentType is null)
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        _response.TrySetResult(response);
        if (script.Body is { } body && !_planned.IsDisposed)
        {
            _planned.Add(body.Subscribe(
                bytes => InlineCompletion.Run(() => _body.Push(bytes)),
                error => InlineCompletion.Run(() => End(error)),
                () => InlineCompletion.Run(() => End(null))));
        }
    }

    private void End(Exception? error)
    {
        Finish();
        if (!Response.IsCompleted)
        {
            _cancellation.Unregister();
            _response.TrySetException(error!);
            return;
        }

        _body.End(error);
    }

    private void Finish()
    {
        _planned.Dispose();
        _asked.End ??= _scheduler.Frame();
    }
}
