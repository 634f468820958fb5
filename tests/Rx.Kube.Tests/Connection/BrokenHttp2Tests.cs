using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Reactive.Linq;
using System.Text;
using Rx.Kube.Tests.Connection.Support;
using static Rx.Kube.Tests.Connection.Support.Http2Frames;

namespace Rx.Kube.Tests.Connection;

/// <summary>A server that agrees to HTTP/2 and then breaks its rules: the message says that it was reached, and what it sent.</summary>
public sealed class BrokenHttp2Tests : IDisposable
{
    private const string Token = "Ab1Cd2Ef3Gh4Ij5Kl6Mn7";
    private const string Invalid = "gave no valid answer: ";
    private const string Broke = "broke the connection before it answered: ";

    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public BrokenHttp2Tests() => _listener.Start();

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nno")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("SSH-2.0-OpenSSH_9.0\r\n")]
    public async Task A_server_that_speaks_another_protocol(string text)
    {
        var error = await ErrorAsync(stream => stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask());

        // Which of its two loops notices first differs: one says that the frame is invalid, the other that the handshake is incomplete.
        Assert.DoesNotContain("cannot be reached", error, StringComparison.Ordinal);
        Assert.DoesNotContain("disposed", error, StringComparison.Ordinal);
        Assert.Contains("To fix: check that an API server listens there, and a proxy in front of it", error, StringComparison.Ordinal);
    }

    public static TheoryData<int, byte[], string> Frames() => new()
    {
        { Headers, [0xff, 0x80, 0x80, 0x01], Invalid + "Invalid header index" },
        { Headers, [0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], Invalid + "HPACK integer" },
        {
            Headers, [Status200, .. Field("x", "y", 70_000)],
            "sent headers that are too long: The HTTP headers length exceeded the set limit"
        },
        { Headers, [Status200, .. Field($"\u001b{Token}", "y")], Broke + "Received an invalid header name: '\\u{1b}***'" },
        { Headers, Field(":status", Token), Broke + "Received an invalid status code: '***'" },
        { Data, [0], Broke + "The HTTP/2 server sent invalid data on the connection. HTTP/2 error code 'PROTOCOL_ERROR' (0x1). To fix" },
        { WindowUpdate, [0x7f, 0xff, 0xff, 0xff], Invalid },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task A_frame_that_is_refused(int type, byte[] payload, string says)
    {
        var error = await ErrorAsync(async stream =>
        {
            await ReadRequestAsync(stream);
            await WriteAsync(stream, type, EndHeaders, 1, payload);
        });

        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be reached", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trailers_that_are_refused()
    {
        var error = await ErrorAsync(async stream =>
        {
            await ReadRequestAsync(stream);
            await WriteAsync(stream, Headers, EndHeaders, 1, [Status200]);
            await WriteAsync(stream, Data, 0, 1, "{"u8.ToArray());
            await WriteAsync(stream, Headers, EndHeaders | EndStream, 1, Field($"\u001b{Token}", "y"));
        });

        Assert.Equal("the connection broke: Received an invalid header name: '\\u{1b}***'", error);
    }

    [Fact]
    public async Task A_flood_of_frames_that_want_an_answer()
    {
        // As .NET says it: a real flood needs a client that cannot write.
        var flooded = new HttpIOException(HttpRequestError.Unknown, "The frame queue is too long.");
        using var handler = new FakeHandler(_ => throw new HttpRequestException(flooded.HttpRequestError, flooded.Message, flooded));
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var kube = KubeConnection.From(client, new Uri("https://host:6443"));

        var error = await Assert.ThrowsAsync<KubeTransportException>(() => kube.GetAsync("x", default));

        Assert.StartsWith($"host:6443 {Invalid}The frame queue is too long. To fix: check", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> ErrorAsync(Func<SslStream, Task> answer)
    {
        _folder.Write("ca.crt", _authority.Pem);
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        var path = _folder.Write(
            "config", ConfigText.Of($"server: https://127.0.0.1:{port}\ncertificate-authority: ca.crt", $"token: {Token}"));
        using var kube = KubeConnection.FromKubeconfig(path, options: TestOptions.With());
        var serving = ServeAsync(answer);

        var error = await Assert.ThrowsAsync<KubeTransportException>(
            async () => await kube.EndpointSlices("default").List().FirstAsync());

        Assert.DoesNotContain(Token, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
        _listener.Stop();
        kube.Dispose();
        await Record.ExceptionAsync(() => serving);
        return error.Message;
    }

    private async Task ServeAsync(Func<SslStream, Task> answer)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = _authority.IssueServer(),
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        });
        await answer(tls);
        await tls.CopyToAsync(Stream.Null);
    }

    // A literal that is not indexed. A longer value is announced only.
    private static byte[] Field(string name, string value, int length = 1)
    {
        var text = Encoding.Latin1.GetBytes(value);
        byte[] size = length == 1 ? [(byte)text.Length] : [0x7f, .. Rest(length - 0x7f)];
        return [0, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), .. size, .. text];
    }

    private static IEnumerable<byte> Rest(int number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            yield return (byte)(number | 0x80);
        }

        yield return (byte)number;
    }
}
