using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Tests;

/// <summary>An open watch, line by line.</summary>
internal sealed class WatchReader(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    internal int Status => (int)response.StatusCode;

    /// <summary>The next event; null when the server has ended the watch.</summary>
    internal async Task<JsonNode?> NextAsync() => await reader.ReadLineAsync() is { } line ? JsonNode.Parse(line) : null;

    /// <summary>The next event as "TYPE name", or "TYPE version" for a bookmark.</summary>
    internal async Task<string> TextAsync() => await NextAsync() switch
    {
        null => "end",
        var e when (string)e["type"]! == "BOOKMARK" => $"BOOKMARK {e["object"]!.Version()}",
        var e when (string)e["type"]! == "ERROR" => $"ERROR {e["object"]!["code"]}",
        var e => $"{e["type"]} {e["object"]!.Name()}",
    };

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
