using System.Net;
using System.Net.Sockets;
using Rx.Kube.Tests.Checker.ModelServer;
using static Rx.Kube.Tests.Connection.Support.Http2Frames;

namespace Rx.Kube.Tests.Checker;

/// <summary>
/// What a request sees of a broken connection is what the model says: a socket breaks it, and the handler of .NET has it at the other end.
/// </summary>
public sealed class BrokenConnectionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_reset_over_http_1(bool inBody) => Same(BrokenConnection.Reset, inBody, HttpVersion.Version11, async (stream, socket) =>
    {
        await Head(stream, inBody);
        return () =>
        {
            socket.LingerState = new(true, 0);
            socket.Close();
            return Task.CompletedTask;
        };
    });

    // Before the headers, the handler sends the request again by itself: also after GOAWAY, and for a stream that was refused.
    [Fact]
    public Task A_half_closed_connection_over_http_1() =>
        Same(BrokenConnection.Ended, inBody: true, HttpVersion.Version11, async (stream, socket) =>
        {
            await Head(stream, inBody: true);
            return () =>
            {
                socket.Shutdown(SocketShutdown.Send);
                return Task.CompletedTask;
            };
        });

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    [InlineData(true, 7)]
    [InlineData(true, 8)]
    [InlineData(true, 11)]
    [InlineData(false, 2)]
    [InlineData(false, 11)]
    public Task A_reset_of_a_stream_over_http_2(bool inBody, int code) =>
        Same(BrokenConnection.StreamReset(code), inBody, HttpVersion.Version20, async (stream, _) =>
        {
            await Frames(stream, inBody);
            return () => WriteAsync(stream, ResetStream, 0, 1, Number(code));
        });

    [Fact]
    public Task A_server_that_goes_away_over_http_2() =>
        Same(BrokenConnection.GoAway, inBody: true, HttpVersion.Version20, async (stream, _) =>
        {
            await Frames(stream, inBody: true);
            return () => WriteAsync(stream, GoAway, 0, 0, [.. Number(0), .. Number(0)]);
        });

    [Fact]
    public Task A_half_closed_connection_over_http_2() =>
        Same(BrokenConnection.Ended, inBody: true, HttpVersion.Version20, async (stream, socket) =>
        {
            await Frames(stream, inBody: true);
            return () =>
            {
                socket.Shutdown(SocketShutdown.Send);
                return Task.CompletedTask;
            };
        });

    private static async Task Same(
        Exception model, bool inBody, Version version, Func<NetworkStream, Socket, Task<Func<Task>>> serve)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = new HttpClient(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/")
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var response = http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var socket = await listener.AcceptSocketAsync();
        using var stream = new NetworkStream(socket);
        var breakIt = await serve(stream, socket);
        Exception error;
        if (inBody)
        {
            using var answer = await response;
            using var body = await answer.Content.ReadAsStreamAsync();
            var byteOfBody = new byte[1];
            await body.ReadExactlyAsync(byteOfBody);
            await breakIt();
            error = await Assert.ThrowsAnyAsync<Exception>(async () => await body.ReadExactlyAsync(byteOfBody));
        }
        else
        {
            await breakIt();
            error = await Assert.ThrowsAnyAsync<Exception>(() => response);
            model = BrokenConnection.BeforeHeaders(model);
        }

        Assert.Equal(Describe(model), Describe(error));
    }

    // Types, kinds and codes; texts are the runtime's own.
    private static string Describe(Exception? error) => error switch
    {
        null or SocketException => "",
        HttpRequestException e => $"{nameof(HttpRequestException)} {e.HttpRequestError}: {Describe(e.InnerException)}",
        HttpProtocolException e => $"{nameof(HttpProtocolException)} {e.ErrorCode}",
        HttpIOException e => $"{nameof(HttpIOException)} {e.HttpRequestError}",
        _ => $"{error.GetType().Name}: {Describe(error.InnerException)}",
    };

    private static async Task Head(NetworkStream stream, bool inBody)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }

        if (inBody)
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"u8.ToArray());
        }
    }

    private static async Task Frames(NetworkStream stream, bool inBody)
    {
        await ReadRequestAsync(stream);
        if (inBody)
        {
            await WriteAsync(stream, Headers, EndHeaders, 1, [Status200]);
            await WriteAsync(stream, Data, 0, 1, "x"u8.ToArray());
        }
    }
}
