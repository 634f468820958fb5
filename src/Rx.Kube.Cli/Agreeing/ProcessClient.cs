using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Rx.Kube.Cli.Watching;

namespace Rx.Kube.Cli.Agreeing;

/// <summary>Asks processes what they believe: one GET each, bounded in bytes.</summary>
/// <param name="handler">Sends requests. Redirects are not followed, so that a header goes only where the user sent it.</param>
/// <param name="headers">The headers of the user, such as a login.</param>
internal sealed class ProcessClient(HttpMessageHandler handler, IReadOnlyList<KeyValuePair<string, string>> headers) : IDisposable
{
    /// <summary>A thousand endpoints of a topology, the most that a process tells, are 200 KB.</summary>
    internal const int MaxBytes = 16 << 20;

    /// <summary>Each Service is watched at the API server, one after the other.</summary>
    internal const int MostTopologies = 1000;

    private readonly OutsideText _secrets = new();

    private readonly HttpClient _http = new(handler)
    {
        Timeout = Timeout.InfiniteTimeSpan, // the caller's clock limits it
        MaxResponseContentBufferSize = MaxBytes,
    };

    /// <summary>Asks one process.</summary>
    /// <param name="process">The URL.</param>
    /// <param name="ct">Ends the request.</param>
    /// <returns>What it believes, or why it does not tell.</returns>
    public async Task<ProcessAnswer> AskAsync(Uri process, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, process);
            request.Headers.UserAgent.ParseAdd($"rxkube/{WatchSources.Version}");
            request.Headers.Accept.ParseAdd("application/json");
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            _secrets.Note(request.Headers);
            using var response = await _http.SendAsync(request, ct).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return new(process, [], Refusal(response));
            }

            var beliefs = Belief.Read(await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false), Redact);
            return beliefs.Count <= MostTopologies
                ? new(process, beliefs)
                : new(process, [], $"it tells of more than {MostTopologies} topologies. To fix: ask for one, as in /rxkube/NAME");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException) // the latter is not wrapped if the peer resets at once
        {
            return new(process, [], Redact(e.Message.TrimEnd('.')));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for an unknown charset
        {
            return new(
                process, [], "its answer is none of MapKubeTopology. To fix: give the path that the application maps, such as /rxkube");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string Refusal(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            $"it wants a login ({(int)response.StatusCode}). To fix: add --header 'Authorization: Bearer TOKEN'",
        HttpStatusCode.NotFound => "nothing is there (404). To fix: give the path that the application maps, such as /rxkube",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
            $"it answers {(int)response.StatusCode}, another place. To fix: give the URL of that place",
        _ => $"it answers {(int)response.StatusCode}",
    };

    // A process that sends a header of the request back does not get it onto the screen.
    private string Redact(string text)
    {
        text = _secrets.Redacted(text);
        foreach (var part in headers.SelectMany(header => header.Value.Split(' ')).Where(part => part.Length >= 8))
        {
            text = text.Replace(part, "***", StringComparison.Ordinal);
        }

        return text;
    }
}

/// <summary>Represents the answer of a process.</summary>
/// <param name="Process">The URL.</param>
/// <param name="Beliefs">What it believes about each Service.</param>
/// <param name="Error">Why it does not tell, not escaped; null if it does.</param>
internal sealed record ProcessAnswer(Uri Process, IReadOnlyList<Belief> Beliefs, string? Error = null);
