using System.Net;
using System.Text;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>The answers of the API server in these tests. Each slice has one pod, and both have the same one-letter name.</summary>
internal static class Answers
{
    /// <summary>The lines of a watch, by key.</summary>
    public static readonly Dictionary<char, string> Lines = new()
    {
        ['b'] = SliceJson.Added(Pod("b", 18)),
        ['c'] = SliceJson.Added(Pod("c", 19)),
        ['d'] = SliceJson.Added(Pod("d", 20)),
        ['x'] = SliceJson.Deleted(Pod("b", 24)),
        ['B'] = SliceJson.Bookmark("25"),
        ['N'] = SliceJson.Bookmark("45"),
        ['Z'] = SliceJson.Bookmark("25", endsInitialEvents: true),
        ['m'] = SliceJson.Added(Pod("m", 31)),
        ['g'] = SliceJson.Error(410, "Expired", "too old resource version: 17 (30)"),
        ['e'] = SliceJson.Error(500, "InternalError", "etcd is down"),
        ['?'] = "no event at all\n",
    };

    public static EndpointSlice Pod(string name, long version) =>
        Slice.Of(name, service: "cache", version, port: 80).With(name, $"10.0.0.{name[0] - 'a' + 1}");

    /// <summary>A whole list.</summary>
    public static ScriptedResponse List(string version, string pods, int after = 0) => Page(version, "", pods, after);

    /// <summary>A page of a list; the last one has no next page.</summary>
    public static ScriptedResponse Page(string version, string next, string pods, int after = 0) =>
        ScriptedResponse.Of(SliceJson.Page(version, next, [.. pods.Select(p => Pod($"{p}", 10))]), after: after);

    /// <summary>A watch; its keys are <see cref="Lines"/>.</summary>
    public static ScriptedResponse Watch(string diagram) => new(diagram, Lines);

    /// <summary>A status that is an error, with the headers of a server.</summary>
    public static ScriptedResponse Status(int code, string reason, string message = "", string? retryAfter = null) => new(
        "(^s|)", new Dictionary<char, string> { ['s'] = SliceJson.Status(code, reason, message) })
    {
        Status = (HttpStatusCode)code,
        Headers = retryAfter is null ? new() : new Dictionary<string, string> { ["Retry-After"] = retryAfter },
    };

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
