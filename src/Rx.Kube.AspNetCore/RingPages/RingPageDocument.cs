using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Rx.Kube;

/// <summary>
/// The one file of the page, as it is embedded. Its policy allows exactly the style and the script in it, by their hashes, and requests to
/// its own origin. Source: w3.org/TR/CSP3.
/// </summary>
internal static class RingPageDocument
{
    private static readonly byte[] _html = Read();

    /// <summary>Gets the Content-Security-Policy of the page.</summary>
    public static string Policy { get; } = PolicyOf(Encoding.UTF8.GetString(_html));

    /// <summary>Answers with the page.</summary>
    public static async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = _html.Length;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(_html, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static byte[] Read()
    {
        using var stream = typeof(RingPageDocument).Assembly.GetManifestResourceStream("Rx.Kube.RingPages.page.html")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private static string PolicyOf(string html) =>
        $"default-src 'none'; script-src {HashOf(html, "script")}; style-src {HashOf(html, "style")}; connect-src 'self'; img-src data:; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string HashOf(string html, string tag)
    {
        var start = html.IndexOf($"<{tag}>", StringComparison.Ordinal) + tag.Length + 2;
        var end = html.IndexOf($"</{tag}>", start, StringComparison.Ordinal);
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(html[start..end])))}'";
    }
}
