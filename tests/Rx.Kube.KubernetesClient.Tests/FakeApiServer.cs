using System.Net;
using System.Text;

namespace Rx.Kube.KubernetesClient.Tests;

/// <summary>Stands at the end of a client's handlers, answers from a script, and remembers what it was asked.</summary>
internal sealed class FakeApiServer(params FakeApiServer.Answer[] answers) : DelegatingHandler
{
    private int _next;

    public List<Request> Requests { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(new(
            request.RequestUri!.AbsoluteUri, request.Headers.Authorization?.ToString(), request.Headers.UserAgent.ToString(),
            request.Headers.Host, $"{request.Version} {request.VersionPolicy}"));
        var answer = answers[Math.Min(_next++, answers.Length - 1)];
        return Task.FromResult(new HttpResponseMessage(answer.Status)
        {
            Content = new StringContent(answer.Body, Encoding.UTF8, "application/json"),
            RequestMessage = request,
        });
    }

    public sealed record Answer(string Body, HttpStatusCode Status = HttpStatusCode.OK);

    public sealed record Request(string Uri, string? Authorization, string UserAgent, string? Host, string Version);
}
