using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Http;

/// <summary>The position where a paged list continues: a version (-1 for the current one) and a key. Opaque to clients.</summary>
internal sealed record ContinueToken(long Version, string FromKey)
{
    private const string Form = "meta.k8s.io/v1";

    internal static ContinueToken Parse(string text, string prefix)
    {
        try
        {
            if (Json.Parse(Base64Url.DecodeFromChars(text), SimulatorOptions.Default) is JsonObject token
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
            // Answered below: any defect means that this server did not make the token.
        }
        throw Errors.BadRequest("invalid continue token: continue key is not valid");
    }

    /// <summary>Makes the token for the keys after a key. A zero byte makes the next possible key.</summary>
    internal static string After(long version, string key, string prefix) => Base64Url.EncodeToString(Json.Bytes(new JsonObject
    {
        ["v"] = Form,
        ["rv"] = version,
        ["start"] = "/" + key[prefix.Length..] + "\0",
    }));

    /// <summary>The same position at the current version.</summary>
    internal string Inconsistent(string prefix) => After(-1, FromKey.TrimEnd('\0'), prefix);
}
