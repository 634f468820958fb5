using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator;

/// <summary>An error of the API server. Over HTTP it is a <c>Status</c> object.</summary>
public sealed class ApiStatusException : Exception
{
    internal ApiStatusException(int code, string? reason, string message, JsonObject? details = null)
        : base(message) => (Code, Reason, Details) = (code, reason, details);

    /// <summary>Gets the HTTP status code, such as 404.</summary>
    public int Code { get; }

    /// <summary>Gets the machine-readable reason, such as <c>NotFound</c>; null if the real server gives none.</summary>
    public string? Reason { get; }

    internal JsonObject? Details { get; }

    /// <summary>For an expired page: the token that continues at the current version.</summary>
    internal string? Continue { get; init; }

    /// <summary>The number of seconds that the client is asked to wait; null for none.</summary>
    internal int? RetryAfterSeconds => (int?)Details?["retryAfterSeconds"];

    /// <summary>Creates the body of the response: a new <c>Status</c> object on each call.</summary>
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
