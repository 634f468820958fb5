using System.Text.Json;

namespace Rx.Kube.Testing;

/// <summary>Reads texts that may be broken.</summary>
internal static class JsonText
{
    /// <summary>Gets whether the current token is this text, which is ASCII without a backslash.</summary>
    public static bool Is(in Utf8JsonReader reader, ReadOnlySpan<byte> text) =>
        reader.ValueIsEscaped ? Of(reader) is { } value && System.Text.Encoding.UTF8.GetBytes(value).AsSpan().SequenceEqual(text)
            : reader.ValueSpan.SequenceEqual(text);

    /// <summary>Gets the current token, a name or a string; null if it is not UTF-8, or has an unpaired surrogate.</summary>
    public static string? Of(in Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
