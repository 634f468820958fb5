using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rx.Kube.Simulator.Http;

/// <summary>Reads the bodies of requests.</summary>
internal static class Bodies
{
    // As real servers do: the largest request of etcd, with some margin.
    private const int MaxBytes = 3 * 1024 * 1024;

    internal static async Task<byte[]> Read(HttpRequest request, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > MaxBytes) throw Errors.TooLarge($"Request entity too large: limit is {MaxBytes}");
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    /// <summary>The media type without its parameters; JSON if the client names none.</summary>
    internal static string MediaType(HttpRequest request)
    {
        var type = request.ContentType ?? "";
        var end = type.IndexOf(';', StringComparison.Ordinal);
        type = (end < 0 ? type : type[..end]).Trim();
        return type.Length == 0 ? AnswerForm.MediaType : type;
    }

    /// <summary>Reads an object of the kind of the path.</summary>
    internal static JsonObject Object(HttpRequest request, byte[] body, Storage.ResourceType type)
    {
        if (MediaType(request) != AnswerForm.MediaType)
        {
            throw Errors.UnsupportedMedia(
                $"the body of the request was in an unknown format - accepted media types include: {AnswerForm.MediaType}");
        }
        JsonNode? node;
        try
        {
            node = Json.Parse(body);
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
