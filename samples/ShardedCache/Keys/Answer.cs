using System.Net;
using ShardedCache.Data;
using ShardedCache.Peers;

namespace ShardedCache.Keys;

/// <summary>What a request for a key is answered with.</summary>
/// <param name="Status">200, 204 or 404; 409 if rings differ, 503 if it cannot be served now.</param>
/// <param name="Value">The value, for 200.</param>
/// <param name="Reason">Why it is 409 or 503.</param>
internal sealed record Answer(int Status, byte[]? Value = null, string? Reason = null)
{
    public static Answer Stored { get; } = new(StatusCodes.Status204NoContent);

    public static Answer TooFewMembers { get; } = Later("There are too few members to store a value twice.");

    public static Answer NoRing { get; } = Later("This process has no ring, or knows that a newer one exists.");

    public static Answer CopyRefused { get; } = Later("The other replica has not stored the value.");

    /// <summary>Gets whether the request is done, so that another attempt would give the same.</summary>
    public bool IsFinal => Status is not (StatusCodes.Status409Conflict or StatusCodes.Status503ServiceUnavailable);

    public static Answer Later(string reason) => new(StatusCodes.Status503ServiceUnavailable, Reason: reason);

    public static Answer Of(Standing standing) => standing switch
    {
        Standing.Pending => Later("The range of the key is not complete here yet."),
        Standing.RingsDiffer => new(StatusCodes.Status409Conflict, Reason: "The rings differ."),
        _ => new(StatusCodes.Status409Conflict, Reason: "Other members hold the key."),
    };

    /// <summary>Gets what was read from this process.</summary>
    public static Answer Of(Standing standing, Entry? entry) => standing != Standing.Right ? Of(standing)
        : entry?.Value is { } value ? new(StatusCodes.Status200OK, value)
        : new(StatusCodes.Status404NotFound);

    /// <summary>Gets what another process has answered.</summary>
    public static Answer Of(Reply<byte[]> reply) => reply.Status switch
    {
        HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.NotFound => new((int)reply.Status, reply.Body),
        HttpStatusCode.Conflict => Of(Standing.RingsDiffer),
        HttpStatusCode.ServiceUnavailable => Later("The range of the key is not complete at its replicas yet, or cannot be stored twice."),
        _ => Later("A replica of the key cannot be reached."),
    };
}
