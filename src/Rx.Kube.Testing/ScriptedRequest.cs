namespace Rx.Kube.Testing;

/// <summary>A request that came to a <see cref="ScriptedHttp"/>. Its text is short enough to be compared: <c>GET /api/v1/pods?limit=500 at 800 ms</c>.</summary>
public sealed class ScriptedRequest
{
    internal ScriptedRequest(long frame, HttpRequestMessage request)
    {
        (Frame, Method, Uri) = (frame, request.Method, request.RequestUri!);
        Headers = request.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>When it came, in milliseconds of the virtual clock.</summary>
    public long Frame { get; }

    /// <summary>
    /// When it was over, because it was answered to the end, broke, or the client let go; in milliseconds of the virtual clock.
    /// Null while it is open.
    /// </summary>
    public long? End { get; internal set; }

    /// <summary>The answer it was given; null if the script had none.</summary>
    public ScriptedResponse? Response { get; internal set; }

    /// <summary>Whether the script had an answer.</summary>
    public bool IsAnswered => Response is not null;

    /// <summary>The method.</summary>
    public HttpMethod Method { get; }

    /// <summary>The whole address.</summary>
    public Uri Uri { get; }

    /// <summary>The path, as it was sent.</summary>
    public string Path => Uri.AbsolutePath;

    /// <summary>The headers; names in any case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>A parameter of the query.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its value, unescaped; empty for one without a value; null if it is not there.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public string? Query(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Uri.Query.TrimStart('?').Split('&').Select(p => p.Split('=', 2)).Where(p => Unescape(p[0]) == name)
            .Select(p => p.Length == 2 ? Unescape(p[1]) : "").FirstOrDefault();
    }

    /// <summary>What was asked and when, without headers: those hold credentials.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Method} {Uri.PathAndQuery} at {Frame} ms";

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
