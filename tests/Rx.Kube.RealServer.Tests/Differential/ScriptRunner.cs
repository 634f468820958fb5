using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>Runs the script against one side, step after step.</summary>
internal sealed partial class ScriptRunner(ComparedServer target, string ns) : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Answer> _named = [];
    private readonly Dictionary<string, (HttpResponseMessage Response, StreamReader Reader)> _open = [];

    internal async Task<IReadOnlyList<Answer>> RunAsync(IEnumerable<Step> script)
    {
        var answers = new List<Answer>();
        foreach (var step in script)
        {
            Answer answer;
            try
            {
                answer = await RunAsync(step);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{target.Url} step {answers.Count}: {step}", e);
            }

            answers.Add(answer);
            if (step.Name.Length > 0)
            {
                _named[step.Name] = answer;
            }
        }

        return answers;
    }

    public void Dispose()
    {
        foreach (var (response, reader) in _open.Values)
        {
            reader.Dispose();
            response.Dispose();
        }
    }

    private async Task<Answer> RunAsync(Step step)
    {
        using var patience = new CancellationTokenSource(_patience);
        if (step.Compacts)
        {
            await target.Compact();
            return Answer.Nothing;
        }

        if (step.Next is { } name)
        {
            var (opened, stream) = _open[name];
            return Head(opened) with { Documents = await LinesAsync(stream, step.Lines, patience.Token) };
        }

        var response = await SendAsync(step, patience.Token);
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
        if (step.Opens)
        {
            _open[step.Name] = (response, reader);
            return Head(response);
        }

        using (response)
        using (reader)
        {
            var isStream = response.StatusCode == HttpStatusCode.OK && step.Path.Contains("watch", StringComparison.Ordinal);
            var documents = isStream
                ? await LinesAsync(reader, step.Lines, patience.Token)
                : [Json(await reader.ReadToEndAsync(patience.Token))];
            return Head(response) with { Documents = documents };
        }
    }

    private Task<HttpResponseMessage> SendAsync(Step step, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(new HttpMethod(step.Method), new Uri(target.Url, Filled(step.Path)));
        if (step.Body is not null)
        {
            request.Content = new StringContent(Filled(step.Body), Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(step.ContentType);
        }

        if (step.Accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", step.Accept);
        }

        if (step.Token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", step.Token);
        }

        return target.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private static Answer Head(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.ToString() ?? "",
        response.Headers.TryGetValues("Retry-After", out var seconds) ? string.Join(", ", seconds) : "",
        response.Headers.TryGetValues("Warning", out var warnings) ? string.Join(", ", warnings) : "",
        []);

    private static async Task<IReadOnlyList<JsonNode?>> LinesAsync(StreamReader reader, int? count, CancellationToken cancel)
    {
        var lines = new List<JsonNode?>();
        while (lines.Count != count && await reader.ReadLineAsync(cancel) is { } line)
        {
            lines.Add(JsonNode.Parse(line));
        }

        return lines;
    }

    private static JsonNode? Json(string text) =>
        text.StartsWith('{') ? JsonNode.Parse(text) : JsonValue.Create(text.TrimEnd('\n'));

    private string Filled(string text) => Placeholder().Replace(
        text.Replace("{ns}", ns, StringComparison.Ordinal),
        match => _named[match.Groups["step"].Value].Metadata(match.Groups["what"].Value switch
        {
            "rv" => "resourceVersion",
            var field => field,
        }));

    [GeneratedRegex(@"\{(?<what>rv|continue|uid):(?<step>[a-z0-9-]+)\}")]
    private static partial Regex Placeholder();
}
