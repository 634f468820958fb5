namespace Rx.Kube.Tests.Checker.ModelServer;

/// <summary>Why the server, or the network before it, refuses a request instead of answering it.</summary>
internal sealed class Refusals(ServerTime time, PendingFaults faults, Accounts accounts)
{
    private static readonly int[] _odd = [302, 405, 406, 415, 422, 500];

    /// <summary>How a request is refused; null if it is not.</summary>
    public Action? Of(Exchange x)
    {
        var client = x.Log.Client;
        var its = accounts.Of(client);

        // Answers that end a stream which has never worked are mostly for one that has.
        bool Applies(FaultAction action, int atFirst) => its.Established || action.B == atFirst;
        if (faults.Window(ActionKind.Refuse, client) is not null)
        {
            return () => x.Finish(new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        }

        if (!accounts.Accepts(x.Log))
        {
            return () => Statuses.Answer(x, 401, "Unauthorized");
        }

        if (faults.Window(ActionKind.Unauthorized, client) is { } refusal && Applies(refusal, 1))
        {
            return () => Statuses.Answer(x, 401, "Unauthorized");
        }

        if (faults.Window(ActionKind.Throttle, client) is { } throttle)
        {
            return () => Statuses.Throttle(x, time, throttle.B);
        }

        if (faults.Window(ActionKind.ServerError, client) is { } error)
        {
            var code = error.B switch { 0 => 500, 1 => 502, 2 => 503, 3 => 504, _ => 503 };
            return error.B == 4
                ? () => Statuses.Throttle(x, time, 0, 503)
                : () => Statuses.Answer(x, code, code == 502 ? "" : "InternalError");
        }

        if (faults.Window(ActionKind.Forbidden, client) is { } forbidden && Applies(forbidden, 2)
            && (forbidden.B != 1 || its.Requests % 2 == 0))
        {
            return () => Statuses.Answer(x, 403, "Forbidden");
        }

        if (faults.Window(ActionKind.NotFound, client) is { } missing && Applies(missing, 1))
        {
            return () => Statuses.Answer(x, 404, "NotFound");
        }

        if (faults.Window(ActionKind.RemoveResource, client) is { } removed && Applies(removed, 1))
        {
            return () => Statuses.Answer(x, 404, "NotFound");
        }

        return its.Established && faults.Take(ActionKind.OddStatus, client) is { } odd ? () => Statuses.Answer(x, _odd[odd.B], "") : null;
    }
}
