using System.Text;

namespace Rx.Kube;

/// <summary>Checks secrets before they become headers, so that no later parser can quote them in an error.</summary>
internal static class Secrets
{
    /// <summary>
    /// A token without surrounding white space; null if it is empty or has characters that an HTTP header cannot contain.
    /// </summary>
    public static string? Token(ReadOnlySpan<byte> utf8)
    {
        utf8 = utf8.Trim(" \t\r\n"u8);
        return !utf8.IsEmpty && utf8.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7e) < 0 ? Encoding.ASCII.GetString(utf8) : null;
    }

    /// <summary>The same for text.</summary>
    public static string? Token(string text) => Token(Encoding.UTF8.GetBytes(text));
}
