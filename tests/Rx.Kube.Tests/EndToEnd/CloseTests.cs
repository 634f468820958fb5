using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>
/// What ends on the client ends at the server at once. Real sockets and HTTP/1.1, because in-memory handlers have no sockets to close.
/// </summary>
public sealed class CloseTests : IDisposable
{
    private static readonly ResourceKind<string> _texts = new("", "v1", "pods", json => Encoding.UTF8.GetString(json));
    private static readonly TimeSpan _atOnce = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _atMost = TimeSpan.FromSeconds(20);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TempFolder _folder = new();

    public CloseTests() => _listener.Start();

    private Uri Server => new($"http://{_listener.LocalEndpoint}");

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Theory, Clients]
    public async Task Disposing_a_watch_inside_OnNext_closes_its_request(string client)
    {
        var closed = ServeAsync(Chunk(Event(18)));
        using var connection = Connect(client);

        await AssertClosedAsync(closed, connection, stop => connection.Resources(_texts).Watch(new WatchOptions("17"))
            .TakeUntil(e => e is WatchEvent<string>.Added).Finally(stop).Subscribe());
    }

    [Theory, Clients]
    public async Task Disposing_a_watch_inside_OnNext_with_events_left_to_read_closes_its_request(string client)
    {
        // Two events in one read, and a hundred further ones that have arrived.
        var closed = ServeAsync(Chunk(Event(18) + Event(19)) + string.Concat(Enumerable.Range(20, 100).Select(i => Chunk(Event(i)))));
        using var connection = Connect(client);

        await AssertClosedAsync(closed, connection, stop => connection.Resources(_texts).Watch(new WatchOptions("17"))
            .TakeUntil(e => e is WatchEvent<string>.Added).Finally(stop).Subscribe());
    }

    [Theory, Clients]
    public async Task Disposing_a_watch_of_a_server_that_never_stops_sending_closes_its_request(string client)
    {
        var closed = ServeAsync(Chunk(Event(18)), flood: Chunk(Event(19)));
        using var connection = Connect(client);

        await AssertClosedAsync(closed, connection, stop => connection.Resources(_texts).Watch(new WatchOptions("17"))
            .OfType<WatchEvent<string>.Added>().Take(1000).Finally(stop).Subscribe());
    }

    [Theory, Clients]
    public async Task Disposing_an_idle_watch_from_another_thread_closes_its_request(string client)
    {
        var closed = ServeAsync(Chunk(Event(18)));
        using var connection = Connect(client);

        await AssertClosedAsync(closed, connection, stop =>
        {
            var added = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var subscription = connection.Resources(_texts).Watch(new WatchOptions("17")).Subscribe(e =>
            {
                if (e is WatchEvent<string>.Added)
                {
                    added.SetResult();
                }
            });
            _ = added.Task.ContinueWith(
                _ =>
                {
                    stop();
                    subscription.Dispose();
                },
                TaskScheduler.Default);
        });
    }

    [Theory, Clients]
    public async Task An_error_in_the_middle_of_a_body_closes_its_request(string client)
    {
        var closed = ServeAsync(Chunk("no event\n"));
        using var connection = Connect(client);

        await AssertClosedAsync(closed, connection, stop => connection.Resources(_texts).Watch(new WatchOptions("17"))
            .Subscribe(_ => { }, e => stop()));
    }

    [Theory, Clients]
    public async Task Disposing_the_connection_ends_an_open_watch_and_closes_its_request(string client)
    {
        var closed = ServeAsync(Chunk(Event(18)));
        using var connection = Connect(client);
        var error = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);

        await AssertClosedAsync(closed, connection, stop => connection.Resources(_texts).Watch(new WatchOptions("17")).Subscribe(
            e =>
            {
                if (e is WatchEvent<string>.Added)
                {
                    stop();
                    connection.Dispose();
                }
            },
            error.SetResult));

        Assert.IsType<ObjectDisposedException>(await error.Task.WaitAsync(_atMost));
    }

    [Theory, Clients]
    public async Task Disposing_the_connection_ends_a_list_in_the_middle_of_its_body_and_closes_its_request(string client)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var closed = ServeAsync(Chunk("""{"metadata":{"resourceVersion":"17"},"items":["""), arrived: arrived);
        using var connection = Connect(client);
        var error = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);

        await AssertClosedAsync(closed, connection, stop =>
        {
            connection.Resources(_texts).List(ListOptions.MostRecent).Subscribe(_ => { }, error.SetResult);
            _ = arrived.Task.ContinueWith(
                _ =>
                {
                    stop();
                    connection.Dispose();
                },
                TaskScheduler.Default);
        });

        Assert.IsType<ObjectDisposedException>(await error.Task.WaitAsync(_atMost));
    }

    private static async Task AssertClosedAsync(Task<long> closed, KubeConnection connection, Action<Action> run)
    {
        var stopped = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        run(() => stopped.TrySetResult(Stopwatch.GetTimestamp()));
        var start = await stopped.Task.WaitAsync(_atMost);

        var end = await closed.WaitAsync(_atMost);

        Assert.InRange(Stopwatch.GetElapsedTime(start, end), TimeSpan.MinValue, _atOnce);
        GC.KeepAlive(connection);
    }

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";

    private static string Event(int version) =>
        $$$"""{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"{{{version}}}"} } }""" + "\n";

    private KubeConnection Connect(string client) => client == "application's"
        ? KubeConnection.From(new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, Server, disposeClient: false)
        : KubeConnection.FromKubeconfig(
            _folder.Write("config", ConfigText.Of($"server: {Server}", "token: t")), options: TestOptions.With());

    /// <summary>Answers one request, and returns the time at which the client closed it.</summary>
    private async Task<long> ServeAsync(string body, string? flood = null, TaskCompletionSource? arrived = null)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var buffer = new byte[4096];
        _ = await stream.ReadAtLeastAsync(buffer, 1);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + body));
        arrived?.SetResult();
        try
        {
            while (flood is not null)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(flood));
            }

            Assert.Equal(0, await stream.ReadAsync(buffer));
        }
        catch (IOException)
        {
            // Reset, with data on its way.
        }

        return Stopwatch.GetTimestamp();
    }

    private sealed class ClientsAttribute : Xunit.Sdk.DataAttribute
    {
        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) => [["own"], ["application's"]];
    }
}
