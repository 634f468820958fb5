using Microsoft.AspNetCore.Mvc;
using Rx.Kube;
using ShardedCache.Data;

namespace ShardedCache.Peers;

/// <summary>What pods ask each other. An answer of 409 means that the rings differ.</summary>
internal static class PeerEndpoints
{
    public static void MapPeers(this IEndpointRouteBuilder app)
    {
        var peers = app.MapGroup("/peer").AddEndpointFilter(RequireRing).WithMetadata(new RequestSizeLimitAttribute(64 << 20));
        peers.MapPost("/copy", (Entry entry, HttpContext context, Shard shard) =>
        {
            var (standing, newer) = shard.StoreCopy(entry, context.RingOfSender());
            return standing == Standing.Right ? Results.Ok(newer ?? 0) : Differ();
        });
        peers.MapPost("/announce", (HttpContext context, Shard shard) =>
            shard.Announced(context.RingOfSender()) is { } complete ? Results.Ok(complete.Ranges) : Differ());
        peers.MapPost("/fetch", (KeyRange[] ranges, HttpContext context, Shard shard) =>
            shard.Copies(RangeSet.Of(ranges), context.RingOfSender()) is { } entries ? Results.Ok(entries) : Differ());
        peers.MapPost("/entries", (Entry[] entries, HttpContext context, Shard shard) =>
            shard.StoreMoved(entries, context.RingOfSender()) == Standing.Right ? Results.Ok(true) : Differ());
    }

    /// <summary>Puts the ring of this process on every answer.</summary>
    public static void UseRingHeader(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[RingTag.Header] = $"{context.RequestServices.GetRequiredService<Shard>().Tag}";
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>Gets the ring of another pod that has sent this request; null for a client.</summary>
    public static RingTag? RingOfPeer(this HttpContext context) =>
        RingTag.TryParse(context.Request.Headers[RingTag.Header], out var tag) ? tag : null;

    private static RingTag RingOfSender(this HttpContext context) => context.RingOfPeer() ?? default;

    private static IResult Differ() => Results.StatusCode(StatusCodes.Status409Conflict);

    private static async ValueTask<object?> RequireRing(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RingOfPeer() is null
            ? Results.BadRequest($"This is for other pods: the header {RingTag.Header} is missing.")
            : await next(context);
}
