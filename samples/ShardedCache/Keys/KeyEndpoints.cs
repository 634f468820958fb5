using Microsoft.AspNetCore.Mvc;
using ShardedCache.Peers;

namespace ShardedCache.Keys;

/// <summary>What clients ask. All requests may be repeated.</summary>
internal static class KeyEndpoints
{
    private const int MaxValue = 1 << 20;

    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        app.MapGet("/keys/{key}", async (string key, HttpContext context, KeyRequests keys) =>
            ResultOf(await keys.ReadAsync(key, context.RingOfPeer(), context.RequestAborted), context));
        app.MapDelete("/keys/{key}", async (string key, HttpContext context, KeyRequests keys) =>
            ResultOf(await keys.WriteAsync(key, null, context.RingOfPeer(), context.RequestAborted), context));
        app.MapPut("/keys/{key}", async (string key, HttpContext context, KeyRequests keys) =>
        {
            using var value = new MemoryStream();
            await context.Request.Body.CopyToAsync(value, context.RequestAborted);
            return ResultOf(await keys.WriteAsync(key, value.ToArray(), context.RingOfPeer(), context.RequestAborted), context);
        }).WithMetadata(new RequestSizeLimitAttribute(MaxValue));
    }

    private static IResult ResultOf(Answer answer, HttpContext context)
    {
        if (answer.Value is { } value)
        {
            return Results.Bytes(value);
        }

        if (answer.Reason is not { } reason)
        {
            return Results.StatusCode(answer.Status);
        }

        // Another pod is told what is wrong; for a client it is always the same: try again.
        context.Response.Headers.RetryAfter = "1";
        return Results.Text(
            reason, statusCode: context.RingOfPeer() is null ? StatusCodes.Status503ServiceUnavailable : answer.Status);
    }
}
