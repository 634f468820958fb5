using System.Text.Json;

namespace Rx.Kube;

/// <summary>Who the server takes a connection for. The texts are safe to print.</summary>
/// <param name="User">The name of the user; empty when the answer has none.</param>
/// <param name="Groups">The groups of the user, at most 32.</param>
internal sealed record SelfIdentity(string User, EquatableArray<string> Groups);

/// <summary>Whether a connection has a permission.</summary>
/// <param name="IsAllowed">Whether it has.</param>
/// <param name="Reason">The server's reason, safe to print; empty when there is none.</param>
internal sealed record SelfAccess(bool IsAllowed, string Reason);

/// <summary>Reads the answers to a <see cref="SelfReview"/>. The size of an answer is limited, and its texts are made safe.</summary>
internal static class SelfReviewAnswer
{
    internal const int MaxGroups = 32;

    /// <summary>Reads a body up to its limit.</summary>
    /// <param name="body">The body.</param>
    /// <param name="maxBytes">The limit.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="KubeProtocolException">The body is longer.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(
        Stream body, int maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[maxBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return length <= maxBytes
            ? buffer.AsMemory(0, length)
            : throw new KubeProtocolException(
                $"The answer has more than {maxBytes} bytes. To fix: check the server, or raise {nameof(ConnectionLimits)}."
                + $"{nameof(ConnectionLimits.MaxAnswerBytes)}.");
    }

    /// <summary>Reads the answer to <see cref="SelfReview.Identity"/>; null if it is none.</summary>
    public static SelfIdentity? ReadIdentity(ReadOnlyMemory<byte> body, OutsideText outside) => Read(body, status =>
        status.TryGetProperty("userInfo", out var user) && user.ValueKind == JsonValueKind.Object
            ? new SelfIdentity(outside.Of(Text(user, "username")), [.. Groups(user).Select(group => outside.Of(group))])
            : null);

    /// <summary>Reads the answer to <see cref="SelfReview.Access"/>; null if it is none.</summary>
    public static SelfAccess? ReadAccess(ReadOnlyMemory<byte> body, OutsideText outside) => Read(body, status =>
        status.TryGetProperty("allowed", out var allowed) && allowed.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? new SelfAccess(allowed.GetBoolean(), outside.Of(Text(status, "reason"), 1000))
            : null);

    private static T? Read<T>(ReadOnlyMemory<byte> body, Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = KubeStatusReader.MaxDepth });
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("status", out var status) &&
                status.ValueKind == JsonValueKind.Object ? read(status) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Broken JSON, or an unpaired surrogate: no answer.
            return null;
        }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string?> Groups(JsonElement user) =>
        user.TryGetProperty("groups", out var groups) && groups.ValueKind == JsonValueKind.Array
            ? groups.EnumerateArray().Where(g => g.ValueKind == JsonValueKind.String).Take(MaxGroups).Select(g => g.GetString())
            : [];
}
