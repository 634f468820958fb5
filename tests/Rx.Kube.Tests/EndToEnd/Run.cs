using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Testing.Tests;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>
/// One run of the whole connection in virtual time: scripted HTTP below, topology snapshots on top. Every run is played on each of
/// the <see cref="Clocks"/> and must be the same on all; everything must happen on the thread that runs the clock.
/// </summary>
internal sealed class Run
{
    private readonly List<string> _log = [];
    private readonly HashSet<int> _threads = [];

    private Run(string clock) => Clock = Clocks.New(clock);

    public VirtualTimeScheduler<long, long> Clock { get; }

    public ScriptedHttp Http { get; private set; } = null!;

    /// <summary>The handler of the requests: <see cref="Http"/>, with a record of the threads.</summary>
    public HttpMessageHandler Handler { get; private set; } = null!;

    /// <summary>
    /// What the subscriber received: frame, freshness, pods, and the cause of staleness: <c>802 stale ab Unreachable +800</c>.
    /// </summary>
    public IReadOnlyList<string> Log => _log;

    /// <summary>The errors behind interruptions, and the error of the stream if it failed.</summary>
    public List<Exception> Errors { get; } = [];

    /// <summary>The requests in the short form of a ScriptedWatch, with their ends: <c>watch from 17 at 0 to 802</c>.</summary>
    public IEnumerable<string> Requests => Http.Requests.Select(r => $"{Short(r)} at {r.Frame} to {r.End?.ToString() ?? "?"}");

    public static Run Play(string until, params ScriptedResponse[] responses) => Play(until, new Script { Responses = responses });

    /// <summary>Plays with <see cref="Script.LongWaits"/>.</summary>
    public static Run PlayWithLongWaits(string until, params ScriptedResponse[] responses) =>
        Play(until, new Script { Responses = responses, Options = Script.LongWaits });

    public static Run Play(string until, Script script)
    {
        var runs = Clocks.Names.Select(clock => new Run(clock).Go(until, script)).ToList();
        Assert.Equal(runs[0].Log, runs[1].Log);
        Assert.Equal(runs[0].Requests, runs[1].Requests);
        return runs[0];
    }

    public Run Saw(params string[] log)
    {
        Assert.Equal(log, _log);
        return this;
    }

    public Run Asked(params string[] requests)
    {
        Assert.Equal(requests, Requests);
        return this;
    }

    public static string Short(ScriptedRequest request)
    {
        var version = request.Query("resourceVersion");
        return request switch
        {
            _ when request.Query("watch") is not null => $"watch from {version}",
            _ when request.Query("continue") is { } token => $"list from token {token}",
            _ when request.Query("limit") is null => "list in one page",
            _ => version is null ? "list" : $"list not older than {version}",
        };
    }

    public static string Text(ServiceTopology t) =>
        $"{t.Freshness} {string.Concat(t.Ready.Select(e => e.Member))}{Why(t.Freshness)}".TrimEnd();

    private static string Why(Freshness freshness) => freshness switch
    {
        Freshness.Stale { Interruption: var i } => $" {i.Kind} +{i.RetryAfter.TotalMilliseconds:0}",
        Freshness.Syncing { Interruption: { } i } => $"{i.Kind} +{i.RetryAfter.TotalMilliseconds:0}",
        _ => "",
    };

    private Run Go(string until, Script script)
    {
        // ScriptedHttp does not need this, but a plugin that a test completes does.
        SynchronizationContext.SetSynchronizationContext(null);
        Http = new ScriptedHttp(Clock) { Responses = script.Responses, Answer = script.Answer };
        Handler = new NotingHandler(Note) { InnerHandler = Http };
        using var client = new HttpClient(Handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var connection = script.Connect?.Invoke(this)
            ?? KubeConnection.From(client, new Uri("http://kube"), options: new() { Scheduler = Clock });
        var subscription = new SingleAssignmentDisposable();
        var kind = new ResourceKind<EndpointSlice>("discovery.k8s.io", "v1", "endpointslices", () =>
        {
            var decode = ResourceKinds.EndpointSlices.CreateDecoder();
            return json =>
            {
                Note();
                return decode(json);
            };
        });

        // Subscribes within the run, as Expect does. DisposeTests covers a subscription and a disposal outside of it.
        Clock.ScheduleAbsolute(0, () => subscription.Disposable = connection
            .Resources(kind, new() { Namespace = "default", Limits = script.Limits })
            .Resume(script.Options, Clock)
            .Do(e => Errors.AddRange(e is WatchEvent<EndpointSlice>.Interrupted { Interruption.Error: { } error } ? [error] : []))
            .ToTopology()
            .Subscribe(
                t =>
                {
                    Hear(Text(t));
                    if (script.DisposeAfter == _log.Count)
                    {
                        subscription.Dispose();
                    }
                },
                e =>
                {
                    Errors.Add(e);
                    Hear("error");
                },
                () => Hear("completed")));
        foreach (var (at, action) in script.At)
        {
            Clock.ScheduleAbsolute(Frames(at) * VirtualTime.TicksPerFrame, () => action(connection));
        }

        // The last tick of the frame, because a TestScheduler runs some actions some ticks later.
        var end = Frames(until);
        Clock.ScheduleAbsolute((end * VirtualTime.TicksPerFrame) + VirtualTime.TicksPerFrame - 1, subscription.Dispose);
        Clock.AdvanceTo((end + 1) * VirtualTime.TicksPerFrame);

        var (heard, asked) = (_log.Count, Http.Requests.Count);
        var stopped = Clock.Clock;
        Clock.Start();
        Assert.True(Clock.Clock == stopped, $"something was still scheduled, up to {Clock.Frame()} ms");
        Assert.Equal((heard, asked), (_log.Count, Http.Requests.Count));
        Assert.All(Http.Requests, r => Assert.NotNull(r.End));
        Assert.Equal([Environment.CurrentManagedThreadId], _threads);
        return this;
    }

    private static long Frames(string duration) => (long)MarbleDiagram.Time(duration + " |").TotalMilliseconds;

    private void Hear(string what)
    {
        Note();
        _log.Add($"{Clock.Frame()} {what}");
    }

    private void Note() => _threads.Add(Environment.CurrentManagedThreadId);

    private sealed class NotingHandler(Action note) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            note();
            try
            {
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                note();
            }
        }
    }
}
