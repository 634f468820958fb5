using System.Text;
using System.Text.Json;

namespace Rx.Kube.Tests.Connection.Echoes;

/// <summary>The places where a server, or a proxy in front of it, can echo a text. Add a row for a new place.</summary>
internal static class Echo
{
    private const string Esc = "\u001b[31m";
    private const string Found = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";

    /// <summary>What answers a request where nothing is echoed.</summary>
    public const string EmptyList = Found + """{"kind":"List","metadata":{"resourceVersion":"7"},"items":[]}""";

    /// <summary>The answers to a list.</summary>
    public static Dictionary<string, Func<string, string>> Lists { get; } = new()
    {
        ["reason phrase"] = e => $"HTTP/1.1 500 {Esc}{e}\r\n\r\n",
        ["reason phrase of a 401"] = e => $"HTTP/1.1 401 {e}\r\n\r\n",
        ["status line"] = e => $"{Esc}{e}\r\n\r\n",
        ["status code"] = e => $"HTTP/1.1 {e}\r\n\r\n",
        ["version of HTTP"] = e => $"HTTP/{e} 200 OK\r\n\r\n",
        ["header line"] = e => $"HTTP/1.1 200 OK\r\n{Esc}{e}\r\n\r\n",
        ["header name"] = e => $"HTTP/1.1 500 No\r\n{e} x: y\r\n\r\n",
        ["header value"] = e => $"HTTP/1.1 500 No\r\nX-Echo: {Esc}{e}\r\nWarning: 299 - \"{e}\"\r\nWWW-Authenticate: Bearer {e}\r\n\r\n",
        ["host of a redirect"] = e => $"HTTP/1.1 302 Found\r\nLocation: https://{e}.example/\r\n\r\n",
        ["host of a redirect, lower case"] = e => $"HTTP/1.1 302 Found\r\nLocation: https://x{e.ToLowerInvariant()}/\r\n\r\n",
        ["redirect"] = e => $"HTTP/1.1 307 {e}\r\nLocation: https://u:{e}@h.example/{e}?{e}#{e}\r\n\r\n",
        ["content type"] = e => $"HTTP/1.1 200 OK\r\nContent-Type: {e}\r\n\r\n{e}",
        ["content length"] = e => $"HTTP/1.1 200 OK\r\nContent-Length: {e}\r\n\r\n",
        ["transfer encoding"] = e => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: {e}\r\n\r\n",
        ["content encoding"] = e => $"HTTP/1.1 200 OK\r\nContent-Encoding: {e}\r\n\r\n{e}",
        ["retry after"] = e => $"HTTP/1.1 429 No\r\nRetry-After: {e}\r\n\r\n",
        ["long headers"] = e => $"HTTP/1.1 200 OK\r\nX: {Repeat(e, 70_000)}\r\n\r\n",
        ["chunk size"] = e => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{e}\r\n",
        ["chunk size after a chunk"] = e => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n{Esc}{e}\r\n",
        ["chunk end"] = e => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{{e}",
        ["trailer"] = e => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n0\r\n{e}\r\n\r\n",
        ["plain text"] = e => $"HTTP/1.1 400 Bad Request\r\n\r\nyou sent {Esc}{e}",
        ["plain text of a 404"] = e => $"HTTP/1.1 404 Not Found\r\n\r\n{e}",
        ["message"] = e => Status(500, e),
        ["message of a 401"] = e => Status(401, e),
        ["message of a 403"] = e => Status(403, $"User \"{e}\" cannot list resource"),
        ["message of a 409"] = e => Status(409, e),
        ["message of a 410"] = e => Status(410, e),
        ["message of a 429"] = e => Status(429, e),
        ["message, cut"] = e => Status(500, new string('m', 990) + e),
        ["message, cut later"] = e => Status(500, new string('m', 4086) + e),
        ["reason"] = e => Status(500, "m", e),
        ["reason, cut"] = e => Status(500, "m", new string('r', 118) + e),
        ["cause"] = e => Status(500, "m", "r", e),
        ["cause, cut"] = e => Status(500, "m", "r", new string('c', 118) + e),
        ["literal"] = e => $$"""{{Found}}{"items":t{{e}}}""",
        ["number"] = e => $$"""{{Found}}{"items":1{{e}}}""",
        ["no JSON"] = e => Found + Esc + e,
        ["name of a property"] = e => $$"""{{Found}}{"items":[{"{{Json(e)}}":tru] }""",
        ["version of the list"] = e => $$"""{{Found}}{"metadata":{"resourceVersion":"{{Json(e)}}"},"items":[]}""",
        ["version of the list, escaped"] = e => $$"""{{Found}}{"metadata":{"resourceVersion":"{{Json(Esc + e)}}"},"items":[]}""",
        ["continue token"] = e => $$"""{{Found}}{"metadata":{"resourceVersion":"7","continue":"{{Json(e)}}"},"items":[]}""",
        ["object that does not decode"] = e => List(Object(e, $"\"{Json(Esc + e)}\"")),
        ["object whose decoder quotes it"] = e => List(Object("a", "{}"), Object(e, "{}", $"\"{Json(Esc + e)}\"")),
    };

    /// <summary>The bodies of a watch.</summary>
    public static Dictionary<string, Func<string, string>> Watches { get; } = new()
    {
        ["message of an ERROR"] = e => Event("ERROR", StatusJson(500, e)),
        ["message of an ERROR, cut"] = e => Event("ERROR", StatusJson(500, new string('m', 990) + e)),
        ["message of an ERROR 403"] = e => Event("ERROR", StatusJson(403, $"User \"{e}\" cannot")),
        ["reason of an ERROR"] = e => Event("ERROR", StatusJson(410, "m", e)),
        ["reason of an ERROR, cut"] = e => Event("ERROR", StatusJson(500, "m", new string('r', 118) + e)),
        ["an ERROR that is no Status"] = e => Event("ERROR", $"\"{Json(e)}\""),
        ["line"] = e => Esc + e + "\n",
        ["literal in a line"] = e => $$"""{"type":t{{e}}}""" + "\n",
        ["literal over several lines"] = e => $"{{\"type\":\n\"ADDED\",\n t{e}\n",
        ["type of an event"] = e => Event(e, Object(e, "{}")),
        ["version of an event"] = e => Event("ADDED", Object("a", "{}", version: e)),
        ["version of a bookmark"] = e => Event("BOOKMARK", Object("a", "{}", version: Esc + e)),
        ["object of an event"] = e => Event("ADDED", Object(e, $"\"{Json(Esc + e)}\"")),
        ["number in an object"] = e => Event("MODIFIED", Object(e, $"1{e}")),
        ["object whose decoder quotes it"] = e => Event("MODIFIED", Object(e, "{}", $"\"{Json(Esc + e)}\"")),
        ["half an event"] = e => $"{{\"type\":\"ADDED\",\"{e}",
    };

    /// <summary>Makes the head and the body of a watch.</summary>
    public static string Watch(string body) => Found + body;

    /// <summary>Makes a broken chunk of a watch.</summary>
    public static string BrokenChunk(string e) => $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{e}\r\n";

    private static string Status(int code, string message, string reason = "r", string cause = "c") =>
        $"HTTP/1.1 {code} No\r\nContent-Type: application/json\r\n\r\n{StatusJson(code, message, reason, cause)}";

    private static string StatusJson(int code, string message, string reason = "r", string cause = "c") =>
        $$$"""
        {"kind":"Status","code":{{{code}}},"message":"{{{Json(message)}}}\u001b[1m","reason":"{{{Json(reason)}}}",
        """ + $$$""" "details":{"causes":[{"reason":"{{{Json(cause)}}}"}]}}""";

    private static string List(params string[] items) =>
        $$$"""{{{Found}}}{"metadata":{"resourceVersion":"7"},"items":[{{{string.Join(',', items)}}}]}""";

    private static string Event(string type, string @object) => $$"""{"type":"{{Json(type)}}","object":{{@object}} }""" + "\n";

    private static string Object(string name, string spec, string quote = "null", string version = "8") =>
        $$$"""
        {"metadata":{"name":"{{{Json(name)}}}","namespace":"{{{Json(name)}}}","resourceVersion":"{{{Json(version)}}}"},
        """ + $$$""" "spec":{{{spec}}},"quote":{{{quote}}} }""";

    private static string Json(string text) => JsonEncodedText.Encode(text).ToString();

    private static string Repeat(string text, int length) => new StringBuilder().Insert(0, text, (length / text.Length) + 1).ToString();
}
