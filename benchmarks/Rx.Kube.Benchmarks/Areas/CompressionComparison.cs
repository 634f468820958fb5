using System.IO.Compression;
using System.Net;
using System.Reactive.Linq;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Areas;

/// <summary>
/// A large list that the server compresses with gzip, beside the same list without: what crosses the wire, and the processor time of the
/// client. And a list that inflates to a thousand times its length, which is refused at the limit of a page.
/// </summary>
internal static class CompressionComparison
{
    private const string Area = "wire";
    private const int MostInflated = 8 << 20;

    public static IEnumerable<ComparedRow> Rows(CompareOptions options)
    {
        var slices = options.Pick(dry: 10, quick: 150, full: 1500);
        var list = CannedList.Of(new SliceWorkload(slices, 100, repeats: 0));
        using var compressed = new Server(
            from => Compressed(gzip => gzip.Write(list.Page(Server.PageSize, from))), isCompressed: true, slices);
        using var plain = new Server(from => list.Page(Server.PageSize, from), isCompressed: false, slices);
        var what = $"list of {slices * 100:N0} endpoints, gzip";
        var measured = Turns.Measure(
            [new Repeated("gzip", 1, () => compressed.List(slices)), new Repeated("plain", 1, () => plain.List(slices))],
            options.Pick(dry: 1, quick: 3, full: 9), options.WarmUp);
        const string Plain = "not compressed";
        yield return new ComparedRow(
            Area, $"{what}: on the wire", compressed.Bytes / 1e6, plain.Bytes / 1e6, "MB", (double)plain.Bytes / compressed.Bytes, "none",
            true)
        { PeerName = Plain };
        yield return ComparedRow.Times(
            Area, $"{what}: processor time", measured[0].Time.Times(0.001), measured[1].Time.Times(0.001), Plain, "ms", 0);
        yield return ComparedRow.Times(
            Area, $"{what}: allocated", measured[0].Bytes.Times(1e-6), measured[1].Bytes.Times(1e-6), Plain, "MB", 0);

        var length = options.Pick(dry: 1 << 24, quick: 1 << 30, full: 1 << 30);
        using var bomb = new Server(_ => Bomb(length), isCompressed: true, slices: 1);
        var refused = Turns.Measure(
            [new Repeated("bomb", 1, () => bomb.Refuse(MostInflated))], options.Pick(dry: 1, quick: 3, full: 9), TimeSpan.Zero)[0];
        what = $"list of {length >> 20:N0} MiB in {bomb.Bytes / 1e6:0.#} MB of gzip, refused at {MostInflated >> 20} MiB";
        yield return ComparedRow.AtMost(Area, $"{what}: processor time", refused.Time.Times(0.001), "ms", null);
        yield return ComparedRow.AtMost(Area, $"{what}: allocated", refused.Bytes.Times(1e-6), "MB", 64);
    }

    // As fast as possible, as the API server does it.
    private static byte[] Compressed(Action<GZipStream> write)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            write(gzip);
        }

        return bytes.ToArray();
    }

    private static byte[] Bomb(int length) => Compressed(gzip =>
    {
        gzip.Write("{\"items\":["u8);
        var spaces = new byte[1 << 20];
        Array.Fill(spaces, (byte)' ');
        for (var written = 0L; written < length; written += spaces.Length)
        {
            gzip.Write(spaces);
        }
    });

    /// <summary>The pages of one list, and a connection that reads them.</summary>
    private sealed class Server : DelegatingHandler
    {
        public const int PageSize = 500;
        private readonly byte[][] _pages;
        private readonly bool _isCompressed;
        private readonly HttpClient _client;
        private readonly KubeConnection _connection;

        public Server(Func<int, byte[]> page, bool isCompressed, int slices)
        {
            _pages = [.. Enumerable.Range(0, (slices + PageSize - 1) / PageSize).Select(i => page(i * PageSize))];
            _isCompressed = isCompressed;
            _client = new HttpClient(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
            _connection = KubeConnection.From(_client, CannedServer.Address);
        }

        public long Bytes => _pages.Sum(page => (long)page.Length);

        public void List(int slices)
        {
            if (_connection.EndpointSlices(SliceWorkload.Namespace).List().Wait().Items.Length != slices)
            {
                throw new InvalidOperationException("The list is not complete.");
            }
        }

        public void Refuse(int mostInflated)
        {
            var slices = _connection.EndpointSlices(
                SliceWorkload.Namespace, limits: WireLimits.Default with { MaxPageBytes = mostInflated });
            var refusal = slices.List().Materialize().Wait().Exception;
            if (refusal is not KubeProtocolException)
            {
                throw new InvalidOperationException("The list was not refused.", refusal);
            }
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var from = request.RequestUri!.Query.Split('&').FirstOrDefault(part => part.Contains("continue="))?.Split('=')[1] ?? "0";
            var content = new ByteArrayContent(_pages[int.Parse(from, null) / PageSize]);
            content.Headers.ContentType = new("application/json");
            if (_isCompressed)
            {
                content.Headers.ContentEncoding.Add("gzip");
            }

            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
        }

        protected override void Dispose(bool disposing)
        {
            _connection.Dispose();
            _client.Dispose();
            base.Dispose(disposing);
        }
    }
}
