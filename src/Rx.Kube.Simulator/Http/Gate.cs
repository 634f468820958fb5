using Microsoft.AspNetCore.Http;

namespace Rx.Kube.Simulator.Http;

/// <summary>The entry of every request: refuses what pages in browsers send, and injects the faults.</summary>
internal sealed class Gate(Requests requests, Connections connections, FaultPlan faults, SimulatorOptions options)
{
    private readonly Door _door = new(options.AllowedHosts);

    internal Task Enter(HttpContext context)
    {
        if (connections.Refusing)
        {
            connections.Abort(context.Connection.Id);
            return Task.CompletedTask;
        }
        if (HttpMethods.IsConnect(context.Request.Method))
        {
            // Kestrel takes no body for it.
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }
        try
        {
            _door.Check(context.Request);
        }
        catch (ApiStatusException e)
        {
            return Requests.Answer(context, e, options);
        }
        return options.Intercept is { } intercept ? intercept(context, () => Serve(context)) : Serve(context);
    }

    private async Task Serve(HttpContext context)
    {
        switch (faults.Take(context.Request))
        {
            case Fault.Aborted:
                connections.Abort(context.Connection.Id);
                return;
            case Fault.Answered answer:
                await Answer(context, answer).ConfigureAwait(false);
                return;
            case Fault.Delayed delay:
                await Task.Delay(delay.By, options.Time, context.RequestAborted).ConfigureAwait(false);
                break;
            case Fault.Truncated truncated:
                context.Response.Body = new TruncatingStream(context.Response.Body, truncated.AfterBytes);
                break;
        }
        await requests.Serve(context).ConfigureAwait(false);
    }

    private Task Answer(HttpContext context, Fault.Answered answer)
    {
        var status = new ApiStatusException(
            answer.Code,
            answer.Reason.Length == 0 ? null : answer.Reason,
            answer.Message,
            answer.RetryAfterSeconds is { } seconds ? new() { ["retryAfterSeconds"] = seconds } : null);
        if (answer.RetryAfterSeconds is { } wait) context.Response.Headers.RetryAfter = Json.Version(wait);
        return Requests.AnswerStatus(context, answer.Code, status.ToStatus(), options);
    }
}
