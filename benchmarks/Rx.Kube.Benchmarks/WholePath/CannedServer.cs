using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>
/// Answers as an API server does, from memory: the list, in pages if the client asks for them, and the watch, which is
/// <see cref="Watch"/>. It has no connection below it, so what is measured is what a client does with bytes.
/// </summary>
/// <param name="list">The bodies of the list.</param>
/// <param name="mediaType">Their format.</param>
internal sealed class CannedServer(CannedList list, string mediaType = "application/json") : DelegatingHandler
{
    /// <summary>Gets the address of the server.</summary>
    public static Uri Address { get; } = new("http://canned.test/");

    /// <summary>Gets the body of the watch. There is one, so that there can be one watch.</summary>
    public CannedWatch Watch { get; } = new();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = request.RequestUri!.Query.TrimStart('?').Split('&').Select(part => part.Split('=')).ToLookup(
            part => part[0], part => part[^1]);
        var isWatch = query["watch"].Any(v => v is "true" or "1");
        if (isWatch && query["sendInitialEvents"].Any())
        {
            Watch.Release(list.InitialEvents);
        }

        Stream body = isWatch ? Watch : new MemoryStream(list.Page(
            int.Parse(query["limit"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture),
            int.Parse(query["continue"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture)));
        var content = new StreamContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        if (isWatch && mediaType != "application/json")
        {
            content.Headers.ContentType.Parameters.Add(new("stream", "watch"));
        }

        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
    }
}
