using System.Net;
using System.Text;
using Rx.Kube.Tests.Wire;

namespace Rx.Kube.Tests.Watching;

/// <summary>An API server of canned answers, in order; it records what it was asked. What is beyond the script is never answered.</summary>
internal sealed class CannedServer : HttpMessageHandler
{
    private readonly Queue<(HttpStatusCode Status, Func<Stream> Body)> _answers = [];

    public List<string> Requests { get; } = [];

    /// <summary>Requests that were asked for and neither answered to the end nor let go.</summary>
    public int Open { get; private set; }

    public KubeConnection Connection => KubeConnection.From(
        new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, new Uri("http://api.test/"));

    public CannedServer Answers(string body, HttpStatusCode status = HttpStatusCode.OK, int chunk = 1 << 20) =>
        Answers(Encoding.UTF8.GetBytes(body), status, chunk);

    public CannedServer Answers(byte[] body, HttpStatusCode status = HttpStatusCode.OK, int chunk = 1 << 20)
    {
        _answers.Enqueue((status, () => ChunkedStream.Of(body, chunk)));
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(Uri.UnescapeDataString(request.RequestUri!.PathAndQuery));
        if (!_answers.TryDequeue(out var answer))
        {
            Open++;
            try
            {
                var never = new TaskCompletionSource<HttpResponseMessage>();
                using var letGo = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
                return await never.Task;
            }
            finally
            {
                Open--;
            }
        }

        return new HttpResponseMessage(answer.Status) { Content = new StreamContent(answer.Body()), RequestMessage = request };
    }
}
