using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Disposables;
using System.Runtime.CompilerServices;
using System.Text;
using Rx.Kube.Testing;
using static Rx.Kube.Tests.EndToEnd.Answers;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>A bug of other clients, number 19 (kubernetes#98653, csharp#1123): leaks and deadlocks on dispose.</summary>
[Collection(Alone.Name)]
public sealed class FieldBugDisposalTests
{
    private const int Cycles = 10_000;
    private const int SocketCycles = 300;

    // A list, a watch that breaks, a refusal that is reported at once, more failures, 410, a relist, a watch.
    private static readonly ScriptedResponse[] _eventful =
    [
        Page("17", "t1", "ab", after: 2), List("17", "ab", after: 3), Watch("--^-c--B--#"),
        Status(403, "Forbidden"), Watch("--#refused"), Status(429, "TooManyRequests"), Watch("-m-g"), List("40", "am", after: 1),
        Watch("-^"),
    ];

    private static readonly ResumeOptions _fast = new()
    {
        Backoff = new() { Initial = TimeSpan.FromMilliseconds(5), Factor = 1 },
        Random = RandomSource.Seeded(19),
    };

    [Fact]
    public void Bug19_Ten_thousand_subscriptions_disposed_at_any_time_leave_no_request_and_no_timer()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        var (random, clock) = (new Random(19), new VirtualClock());
        var (requests, inside) = (0, 0);
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            var streams = cycle % 4 < 2;
            var http = new ScriptedHttp(clock) { Responses = streams ? [Watch("-b-Z--c--#"), .. _eventful[3..]] : _eventful };
            using var client = new HttpClient(http) { Timeout = Timeout.InfiniteTimeSpan };
            using var connection = KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = clock });
            using var subscription = new SingleAssignmentDisposable();

            // Every other subscription is disposed inside one of its OnNext calls, if there are as many.
            var (left, heard) = (cycle % 2 == 0 ? random.Next(1, 8) : 0, 0);
            subscription.Disposable = connection.EndpointSlices(service: "cache")
                .Resume(_fast with { StreamingLists = streams }, clock)
                .Subscribe(_ =>
                {
                    Assert.False(subscription.IsDisposed, "an event came after the disposal");
                    heard++;
                    if (--left == 0)
                    {
                        inside++;
                        subscription.Dispose();
                    }
                });
            clock.AdvanceBy(TimeSpan.FromMilliseconds(random.Next(60)));
            subscription.Dispose();

            Assert.True(clock.IsIdle, $"cycle {cycle} left a timer");
            Assert.All(http.Requests, r => Assert.NotNull(r.End));
            requests += http.Requests.Count;
        }

        Assert.InRange(inside, Cycles / 5, Cycles / 2);
        Assert.InRange(requests, Cycles, Cycles * 10);
    }

    [Fact]
    public async Task Bug19_Subscriptions_to_a_real_socket_that_are_disposed_leave_no_connection_no_timer_and_no_object()
    {
        using var server = new Server();
        var timers = Timer.ActiveCount;
        List<WeakReference> subscribers = [];
        using (var connection = KubeConnection.From(new HttpClient { Timeout = Timeout.InfiniteTimeSpan }, server.Address))
        {
            for (var cycle = 0; cycle < SocketCycles; cycle++)
            {
                subscribers.Add(await CycleAsync(connection, isInside: cycle % 2 == 0));
            }

            await server.WaitUntilAsync(open => open <= 1, "connections are open");
            await WaitUntilAsync(() => Dead(subscribers), "subscribers are alive");
        }

        await server.WaitUntilAsync(open => open == 0, "connections are open");
        await WaitUntilAsync(() => Timer.ActiveCount <= timers, "timers are active");
        Assert.Equal(SocketCycles, server.Watches);
    }

    /// <summary>Subscribes, waits for the event of the watch, and disposes inside it or after it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> CycleAsync(KubeConnection connection, bool isInside)
    {
        var subscriber = new Subscriber(isInside);
        subscriber.Subscription.Disposable = connection.EndpointSlices("default", "cache").Resume().Subscribe(subscriber);
        await subscriber.Added.Task.WaitAsync(TimeSpan.FromSeconds(20));
        subscriber.Subscription.Dispose();
        return new(subscriber);
    }

    private static bool Dead(List<WeakReference> subscribers)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // The last one may be on the stack of a task.
        return subscribers.Count(s => s.IsAlive) <= 1;
    }

    private static async Task WaitUntilAsync(Func<bool> condition, string what)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 200, $"still, {what}");
            await Task.Delay(50);
        }
    }

    private sealed class Subscriber(bool isInside) : IObserver<WatchEvent<Models.EndpointSlice>>
    {
        public SingleAssignmentDisposable Subscription { get; } = new();

        public TaskCompletionSource Added { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void OnNext(WatchEvent<Models.EndpointSlice> value)
        {
            if (value is WatchEvent<Models.EndpointSlice>.Added)
            {
                if (isInside)
                {
                    Subscription.Dispose();
                }

                Added.TrySetResult();
            }
        }

        public void OnError(Exception error) => Added.TrySetException(error);

        public void OnCompleted() => Added.TrySetException(new InvalidOperationException("completed"));
    }

    /// <summary>An API server over HTTP/1.1: a list of one slice, and watches that send one event and stay open.</summary>
    private sealed class Server : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private int _open;
        private int _watches;

        public Server()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public Uri Address => new($"http://{_listener.LocalEndpoint}");

        public int Watches => _watches;

        public void Dispose() => _listener.Dispose();

        public Task WaitUntilAsync(Func<int, bool> condition, string what) =>
            FieldBugDisposalTests.WaitUntilAsync(() => condition(Volatile.Read(ref _open)), $"{_open} {what}");

        private async Task AcceptAsync()
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _open);
                _ = ServeAsync(client);
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            try
            {
                using (client)
                {
                    using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                    while (await reader.ReadLineAsync() is { } request)
                    {
                        while (await reader.ReadLineAsync() is { Length: > 0 })
                        {
                        }

                        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Answer(request)));
                    }
                }
            }
            catch (IOException)
            {
                // The client has reset the connection.
            }
            finally
            {
                Interlocked.Decrement(ref _open);
            }
        }

        private string Answer(string request)
        {
            const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
            if (!request.Contains("watch=true", StringComparison.Ordinal))
            {
                var list = SliceJson.List("17", Pod("a", 10));
                return string.Create(CultureInfo.InvariantCulture, $"{Head}Content-Length: {list.Length}\r\n\r\n{list}");
            }

            Interlocked.Increment(ref _watches);
            return $"{Head}Transfer-Encoding: chunked\r\n\r\n{Lines['b'].Length:x}\r\n{Lines['b']}\r\n";
        }
    }
}
