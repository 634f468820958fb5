using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Http;

/// <summary>Where a paged list goes on: at a version (-1: whatever is current) from a key on. Opaque to clients.</summary>
internal sealed record ContinueToken(long Version, string FromKey)
{
    private const string Form = "meta.k8s.io/v1";

    internal static ContinueToken Parse(string text, string prefix)
    {
        try
        {
            if (JsonNode.Parse(Base64Url.DecodeFromChars(text)) is JsonObject token
                && (string?)token["v"] == Form
                && (long?)token["rv"] is { } version and not 0
                && (string?)token["start"] is ['/', .. var key]
                && !key.Split('/').Any(part => part is "." or ".."))
            {
                return new(version, prefix + key);
            }
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            // Answered below: whatever is wrong with a token, it is not one of ours.
        }
        throw Errors.BadRequest("invalid continue token: continue key is not valid");
    }

    /// <summary>The token for what follows a key. A zero byte makes the next possible key.</summary>
    internal static string After(long version, string key, string prefix) => Base64Url.EncodeToString(Json.Bytes(new JsonObject
    {
        ["v"] = Form,
        ["rv"] = version,
        ["start"] = "/" + key[prefix.Length..] + "\0",
    }));

    /// <summary>The same place, but at whatever version is current.</summary>
    internal string Inconsistent(string prefix) => After(-1, FromKey.TrimEnd('\0'), prefix);
}
