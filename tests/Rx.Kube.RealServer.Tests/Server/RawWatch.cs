using System.Text.Json;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>A watch read line by line, without the library under test.</summary>
public sealed class RawWatch : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private RawWatch(HttpResponseMessage response, Stream body) => (_response, _lines) = (response, new StreamReader(body));

    public static async Task<RawWatch> OpenAsync(HttpClient client, string path)
    {
        var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event's type with the object's name, or with the reason of an ERROR.</summary>
    public Task<(string Type, string Subject)> NextAsync() => NextAsync((type, body) =>
        (type, (type == "ERROR" ? body.GetProperty("reason") : body.GetProperty("metadata").GetProperty("name")).GetString()!));

    /// <summary>The resourceVersion of the next event.</summary>
    public Task<string> NextVersionAsync() =>
        NextAsync((_, body) => body.GetProperty("metadata").GetProperty("resourceVersion").GetString()!);

    private async Task<T> NextAsync<T>(Func<string, JsonElement, T> read)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var line = await _lines.ReadLineAsync(limit.Token) ?? throw new EndOfStreamException("The watch ended.");
        using var json = JsonDocument.Parse(line);
        return read(json.RootElement.GetProperty("type").GetString()!, json.RootElement.GetProperty("object"));
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }
}
