using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Rx.Kube.Benchmarks.WholePath;

/// <summary>
/// Answers as an API server does, from memory: the list, in pages if the client asks for them, and the watch, which is
/// <see cref="Watch"/>. It has no connection below it, so what is measured is what a client does with bytes.
/// </summary>
/// <param name="items">The items of the list.</param>
/// <param name="version">The version of the list.</param>
internal sealed class CannedServer(byte[][] items, string version) : DelegatingHandler
{
    /// <summary>Gets the address of the server.</summary>
    public static Uri Address { get; } = new("http://canned.test/");

    /// <summary>Gets the body of the watch. There is one, so that there can be one watch.</summary>
    public CannedWatch Watch { get; } = new();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = request.RequestUri!.Query.TrimStart('?').Split('&').Select(part => part.Split('=')).ToLookup(
            part => part[0], part => part[^1]);
        Stream body = query["watch"].Any(v => v is "true" or "1") ? Watch : new MemoryStream(List(
            int.Parse(query["limit"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture),
            int.Parse(query["continue"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture)));
        var content = new StreamContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
    }

    private byte[] List(int limit, int from)
    {
        var count = limit == 0 ? items.Length - from : Math.Min(limit, items.Length - from);
        var rest = items.Length - from - count;
        var more = rest == 0 ? "" : $$""","continue":"{{from + count}}","remainingItemCount":{{rest}}""";
        var body = new MemoryStream();
        body.Write(Encoding.UTF8.GetBytes($$$"""
            {"kind":"EndpointSliceList","apiVersion":"discovery.k8s.io/v1","metadata":{"resourceVersion":"{{{version}}}"{{{more}}}},"items":[
            """));
        for (var i = 0; i < count; i++)
        {
            body.Write(i == 0 ? ""u8 : ","u8);
            body.Write(items[from + i]);
        }

        body.Write("]}\n"u8);
        return body.ToArray();
    }
}
