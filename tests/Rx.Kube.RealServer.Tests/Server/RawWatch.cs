using System.Text.Json;
using System.Threading.Channels;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>Reads a watch without the library under test. It reads continuously, because the server drops a slow watcher.</summary>
public sealed class RawWatch : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private RawWatch(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _ = ReadAsync(new StreamReader(body));
    }

    public static async Task<RawWatch> OpenAsync(HttpClient client, string path)
    {
        var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Reads the type of the next event and the name of its object, or the reason of an ERROR.</summary>
    public Task<(string Type, string Subject)> NextAsync() => NextAsync((type, body) =>
        (type, (type == "ERROR" ? body.GetProperty("reason") : body.GetProperty("metadata").GetProperty("name")).GetString()!));

    /// <summary>Reads the resourceVersions of the next events.</summary>
    public async Task<string[]> VersionsAsync(int count)
    {
        var versions = new string[count];
        for (var i = 0; i < count; i++)
        {
            versions[i] = await NextAsync((_, body) => body.GetProperty("metadata").GetProperty("resourceVersion").GetString()!);
        }

        return versions;
    }

    public void Dispose() => _response.Dispose();

    private async Task<T> NextAsync<T>(Func<string, JsonElement, T> read)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var json = JsonDocument.Parse(await _lines.Reader.ReadAsync(limit.Token));
        return read(json.RootElement.GetProperty("type").GetString()!, json.RootElement.GetProperty("object"));
    }

    private async Task ReadAsync(StreamReader body)
    {
        try
        {
            while (await body.ReadLineAsync() is { } line)
            {
                _lines.Writer.TryWrite(line);
            }

            _lines.Writer.Complete(new EndOfStreamException("The watch ended."));
        }
        catch (Exception error)
        {
            _lines.Writer.Complete(error);
        }
    }
}
