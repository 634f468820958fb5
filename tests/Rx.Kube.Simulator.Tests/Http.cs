using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Tests;

/// <summary>Short ways to talk to a simulator over HTTP.</summary>
internal static class Http
{
    internal const string Slices = "apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

    internal static HttpClient Client(this ApiServerSimulator server, string? token = null)
    {
        var client = new HttpClient { BaseAddress = server.Url, Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        return client;
    }

    internal static async Task<(int Status, JsonNode Body)> GetJsonAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }

    internal static async Task<WatchReader> WatchAsync(this HttpClient client, string query, string path = Slices)
    {
        var response = await client.GetAsync(new Uri($"{path}?watch=true&{query}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    internal static JsonObject Slice(string name, params (string Key, string Value)[] labels) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject(labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))),
        },
        ["addressType"] = "IPv4",
        ["endpoints"] = new JsonArray(new JsonObject { ["addresses"] = new JsonArray("10.0.0.1") }),
    };

    internal static string Name(this JsonNode o) => (string)o["metadata"]!["name"]!;

    internal static string Version(this JsonNode o) => (string)o["metadata"]!["resourceVersion"]!;
}

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
