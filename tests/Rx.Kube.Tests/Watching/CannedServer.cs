using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Rx.Kube.Tests.Wire;

namespace Rx.Kube.Tests.Watching;

/// <summary>An API server with canned answers, in order. It records its requests, and never answers those beyond the script.</summary>
internal sealed class CannedServer : HttpMessageHandler
{
    private readonly Queue<Answer> _answers = [];

    public List<string> Requests { get; } = [];

    /// <summary>The <c>Accept</c> header of each request.</summary>
    public List<string> Accepts { get; } = [];

    /// <summary>The <c>Accept-Encoding</c> header of each request; empty for none.</summary>
    public List<string> Encodings { get; } = [];

    /// <summary>The number of unanswered requests that are not cancelled.</summary>
    public int Open { get; private set; }

    public KubeConnection Connection => ConnectionWith(new());

    public KubeConnection ConnectionWith(KubeConnectionOptions options) => KubeConnection.From(
        new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, new Uri("http://api.test/"), options: options);

    public CannedServer Answers(string body, HttpStatusCode status = HttpStatusCode.OK, int chunk = 1 << 20) =>
        Answers(Encoding.UTF8.GetBytes(body), status, chunk);

    public CannedServer Answers(
        byte[] body, HttpStatusCode status = HttpStatusCode.OK, int chunk = 1 << 20, string? contentType = null, string? encoding = null)
    {
        _answers.Enqueue(new(status, () => ChunkedStream.Of(body, chunk), contentType, encoding));
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(Uri.UnescapeDataString(request.RequestUri!.PathAndQuery));
        Accepts.Add(string.Join(',', request.Headers.GetValues("Accept")));
        Encodings.Add(request.Headers.AcceptEncoding.ToString());
        if (!_answers.TryDequeue(out var answer))
        {
            Open++;
            try
            {
                var never = new TaskCompletionSource<HttpResponseMessage>();
                using var cancellation = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
                return await never.Task;
            }
            finally
            {
                Open--;
            }
        }

        var content = new StreamContent(answer.Body());
        content.Headers.ContentType = answer.ContentType is null ? null : MediaTypeHeaderValue.Parse(answer.ContentType);
        if (answer.Encoding is not null)
        {
            content.Headers.ContentEncoding.Add(answer.Encoding);
        }

        return new HttpResponseMessage(answer.Status) { Content = content, RequestMessage = request };
    }

    private sealed record Answer(HttpStatusCode Status, Func<Stream> Body, string? ContentType, string? Encoding);
}
