using System.Text.Json.Nodes;

namespace Rx.Kube.Simulator.Tests;

/// <summary>Helpers for requests to a simulator over HTTP.</summary>
internal static class SimulatorRequests
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
        var response = await client.GetAsync(
            new Uri($"{path}?watch=true&{query}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }
}
