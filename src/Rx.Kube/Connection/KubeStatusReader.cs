using System.Text;
using System.Text.Json;

namespace Rx.Kube;

/// <summary>
/// Reads a <c>v1 Status</c>: the body of an HTTP error, or the object of an ERROR event. Never throws, whatever the network sent. The texts
/// are those of the server; <see cref="OutsideText"/> makes them safe.
/// </summary>
internal static class KubeStatusReader
{
    internal const int MaxMessage = 4096;
    internal const int MaxReason = 128;
    internal const int MaxCauses = 32;
    internal const int MaxPlainText = 256;
    internal const int MaxDepth = 32;
    internal static readonly TimeSpan MaxRetryAfter = TimeSpan.FromDays(1);

    /// <summary>Reads one Status.</summary>
    /// <param name="utf8Json">The object.</param>
    /// <param name="fallbackCode">The code if the object has none or is not a Status.</param>
    /// <returns>The Status, and <c>details.retryAfterSeconds</c> from zero to one day; null if it is not set.</returns>
    public static (KubeStatus Status, TimeSpan? RetryAfter) Read(ReadOnlySpan<byte> utf8Json, int fallbackCode)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8Json, new JsonReaderOptions { MaxDepth = MaxDepth });
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject && ReadObject(ref reader, fallbackCode) is { } read)
            {
                return read;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Broken JSON or UTF-8: the text cannot be trusted, the code of the transport can.
        }

        return (new KubeStatus(fallbackCode, ReasonOf(fallbackCode), PlainText(utf8Json), []), null);
    }

    /// <summary>Bounds a wait the server asks for to one day; <see cref="ResumeOptions.MaxRetryAfter"/> is how much is waited.</summary>
    internal static TimeSpan BoundRetryAfter(TimeSpan asked) =>
        asked < TimeSpan.Zero ? TimeSpan.Zero : asked > MaxRetryAfter ? MaxRetryAfter : asked;

    private static (KubeStatus, TimeSpan?)? ReadObject(ref Utf8JsonReader reader, int fallbackCode)
    {
        string kind = "", status = "", reason = "", message = "";
        var code = 0;
        TimeSpan? retryAfter = null;
        var causes = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("kind"u8))
            {
                kind = Text(ref reader);
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                status = Text(ref reader);
            }
            else if (reader.ValueTextEquals("reason"u8))
            {
                reason = Text(ref reader);
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                message = Text(ref reader);
            }
            else if (reader.ValueTextEquals("code"u8))
            {
                code = (int)Math.Clamp(Number(ref reader), 0, int.MaxValue);
            }
            else if (reader.ValueTextEquals("details"u8))
            {
                ReadDetails(ref reader, causes, ref retryAfter);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (kind != "Status" || status == "Success" || reader.TokenType != JsonTokenType.EndObject)
        {
            return null;
        }

        code = code is >= 400 and <= 599 ? code : fallbackCode;
        return (new KubeStatus(code, reason.Length > 0 ? reason : ReasonOf(code), message, [.. causes]), retryAfter);
    }

    private static void ReadDetails(ref Utf8JsonReader reader, List<string> causes, ref TimeSpan? retryAfter)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("retryAfterSeconds"u8))
            {
                var seconds = Math.Clamp(Number(ref reader), 0, (long)MaxRetryAfter.TotalSeconds);
                retryAfter = seconds > 0 ? TimeSpan.FromSeconds(seconds) : null; // 0 is how the API spells "not set"
            }
            else if (reader.ValueTextEquals("causes"u8))
            {
                ReadCauses(ref reader, causes);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private static void ReadCauses(ref Utf8JsonReader reader, List<string> causes)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isReason = reader.ValueTextEquals("reason"u8);
                var text = Text(ref reader);
                if (isReason && text.Length > 0 && causes.Count < MaxCauses)
                {
                    causes.Add(text);
                }
            }
        }
    }

    // Not cut here: OutsideText redacts before it cuts.
    private static string Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString()!;
        }

        reader.Skip();
        return "";
    }

    private static long Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out var number) ? number : 0;
        }

        reader.Skip();
        return 0;
    }

    // "404 page not found" or a proxy's one-line text is useful in a message; HTML and broken JSON are not.
    private static string PlainText(ReadOnlySpan<byte> body)
    {
        body = body.Trim(" \t\r\n"u8);
        return body.Length is > 0 and <= MaxPlainText && body[0] is not ((byte)'<' or (byte)'{' or (byte)'[')
            ? Encoding.UTF8.GetString(body)
            : "";
    }

    // Source: apimachinery meta/v1 types.go, StatusReason.
    internal static string ReasonOf(int code) => code switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        409 => "Conflict",
        410 => "Gone",
        413 => "RequestEntityTooLarge",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => "",
    };
}
