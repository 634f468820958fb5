using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator;

/// <summary>An answer of the API server that is not a success: what travels as a <c>Status</c> object over HTTP.</summary>
public sealed class ApiStatusException : Exception
{
    internal ApiStatusException(int code, string? reason, string message, JsonObject? details = null)
        : base(message) => (Code, Reason, Details) = (code, reason, details);

    /// <summary>The HTTP status code, such as 404.</summary>
    public int Code { get; }

    /// <summary>The machine-readable reason, such as <c>NotFound</c>; <c>null</c> where the real server gives none.</summary>
    public string? Reason { get; }

    internal JsonObject? Details { get; }

    /// <summary>For an expired page: the token that goes on at whatever version is current.</summary>
    internal string? Continue { get; init; }

    /// <summary>Seconds the client is asked to wait; <c>null</c> if it is not asked to.</summary>
    internal int? RetryAfterSeconds => (int?)Details?["retryAfterSeconds"];

    /// <summary>The body as the server sends it: a new <c>Status</c> object on each call.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = Continue is null ? [] : new JsonObject { ["continue"] = Continue },
            ["status"] = "Failure",
            ["message"] = Message,
        };
        if (Reason is not null) status["reason"] = Reason;
        if (Details is not null) status["details"] = Details.DeepClone();
        status["code"] = Code;
        return status;
    }
}
