namespace Rx.Kube.Testing;

/// <summary>
/// A request to a <see cref="ScriptedHttp"/>. Its text is short enough for comparisons: <c>GET /api/v1/pods?limit=500 at 800 ms</c>.
/// </summary>
public sealed class ScriptedRequest
{
    internal ScriptedRequest(long frame, HttpRequestMessage request)
    {
        (Frame, Method, Uri) = (frame, request.Method, request.RequestUri!);
        Headers = request.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Gets the time of the request in milliseconds of the virtual clock.</summary>
    public long Frame { get; }

    /// <summary>
    /// Gets the time, in milliseconds of the virtual clock, at which the response was complete, the connection broke, or the client
    /// cancelled. Null while the request is open.
    /// </summary>
    public long? End { get; internal set; }

    /// <summary>Gets the response; null if the script had none.</summary>
    public ScriptedResponse? Response { get; internal set; }

    /// <summary>Gets whether the script had a response.</summary>
    public bool IsAnswered => Response is not null;

    /// <summary>Gets the method.</summary>
    public HttpMethod Method { get; }

    /// <summary>Gets the address.</summary>
    public Uri Uri { get; }

    /// <summary>Gets the path, as it was sent.</summary>
    public string Path => Uri.AbsolutePath;

    /// <summary>Gets the headers; names are not case-sensitive.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Gets a parameter of the query.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The unescaped value; empty for a parameter without a value; null if there is no such parameter.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public string? Query(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Uri.Query.TrimStart('?').Split('&').Select(p => p.Split('=', 2)).Where(p => Unescape(p[0]) == name)
            .Select(p => p.Length == 2 ? Unescape(p[1]) : "").FirstOrDefault();
    }

    /// <summary>Returns the request and its time, without headers, which hold credentials.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Method} {Uri.PathAndQuery} at {Frame} ms";

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
