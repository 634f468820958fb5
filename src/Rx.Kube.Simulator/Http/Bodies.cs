using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rx.Kube.Simulator.Http;

/// <summary>Reads the bodies of requests.</summary>
internal static class Bodies
{
    internal static async Task<byte[]> Read(HttpRequest request, SimulatorOptions options, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await ReadAsync(request.Body, buffer, cancel).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > options.MaxBodyBytes) throw TooLarge(options);
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    private static async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancel)
    {
        try
        {
            return await body.ReadAsync(buffer, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (BadHttpRequestException or OperationCanceledException))
        {
            // Not every wrong size of a chunk is a BadHttpRequestException.
            throw Errors.BadRequest("the body of the request is not framed as HTTP/1.1 says");
        }
    }

    internal static ApiStatusException TooLarge(SimulatorOptions options) =>
        Errors.TooLarge($"Request entity too large: limit is {options.MaxBodyBytes}");

    /// <summary>
    /// The media type without its parameters; empty if the client names none. A real server takes that as JSON. Here it is refused, because
    /// a page in a browser can send it to a server of another origin without asking.
    /// </summary>
    internal static string MediaType(HttpRequest request)
    {
        var type = request.ContentType ?? "";
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).Trim();
    }

    /// <exception cref="ApiStatusException">The body is not declared as JSON: 415.</exception>
    internal static void RequireJson(HttpRequest request)
    {
        if (MediaType(request) == JsonForm.Type) return;
        throw Errors.UnsupportedMedia(
            $"the body of the request was in an unknown format - accepted media types include: {JsonForm.Type}");
    }

    /// <summary>Reads an object of the kind of the path.</summary>
    internal static JsonObject Object(HttpRequest request, byte[] body, Storage.ResourceType type, SimulatorOptions options)
    {
        RequireJson(request);
        JsonNode? node;
        try
        {
            node = Json.Parse(body, options);
        }
        catch (JsonException e)
        {
            throw Unrecognized(type, e.Message);
        }
        var o = node switch
        {
            null => [],
            JsonObject some => some,
            _ => throw Unrecognized(type, "not an object"),
        };
        TypedDecoding.Check(o, type);
        return o;
    }

    private static ApiStatusException Unrecognized(Storage.ResourceType type, string why) => Errors.BadRequest(
        $"the object provided is unrecognized (must be of type {type.Kind}): couldn't get version/kind; json parse error: {why}");
}
