using System.Globalization;
using System.Net;
using System.Reactive;
using System.Reactive.Linq;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Testing;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Runs the tool in virtual time on a connection whose server is a function of its requests.</summary>
internal sealed class ScriptedTool
{
    private static readonly Uri _server = new("http://kube.test:6443");
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public ScriptedTool() => Http = new ScriptedHttp(Clock) { Answer = request => Answer!(request) ?? Missing() };

    public VirtualClock Clock { get; } = new(FakeHost.Start);

    public ScriptedHttp Http { get; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    /// <summary>Answers a request; null for a 404.</summary>
    public required Func<ScriptedRequest, ScriptedResponse?> Answer { get; init; }

    /// <summary>How far the server's clock is ahead.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>The size of the terminal; null for a pipe.</summary>
    public (int Width, int Height)? Terminal { get; set; }

    /// <summary>What the user sees, where standard error is the same terminal.</summary>
    public string Seen => Error + Out;

    /// <summary>Stops the tool, as Ctrl+C does.</summary>
    public IObservable<Unit> Stop { get; set; } = Observable.Never<Unit>();

    /// <summary>Runs the tool to its end, or for an hour.</summary>
    public Task<int> RunAsync(params string[] args) => Task.Run(async () => // without the context of xunit: all runs on this thread
    {
        var run = RxKube.RunAsync(args, Host, Open);
        Clock.AdvanceBy(TimeSpan.FromHours(1).Ticks);
        try
        {
            // What is left is on another thread, and needs no more time of the clock.
            return await run.WaitAsync(_limit);
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"The tool has not ended.\n{Out}\n{Error}\n{Http}");
        }
    });

    /// <summary>Creates an answer in JSON, with the server's time.</summary>
    public ScriptedResponse Json(string body, HttpStatusCode status = HttpStatusCode.OK, string? warning = null) =>
        new("(a|)", new Dictionary<char, string> { ['a'] = body }) { Status = status, Headers = Headers(warning) };

    /// <summary>Creates a Status.</summary>
    public ScriptedResponse Status(int code, string reason, string message = "") =>
        Json(SliceJson.Status(code, reason, message), (HttpStatusCode)code);

    /// <summary>Creates a list.</summary>
    public ScriptedResponse List(params string[] items) =>
        Json($$"""{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{{string.Join(',', items)}}]}""");

    private ScriptedResponse Missing() => Status(404, "NotFound", "not found");

    private Dictionary<string, string> Headers(string? warning)
    {
        var headers = new Dictionary<string, string> { ["Date"] = (Clock.Now + Skew).ToString("R", CultureInfo.InvariantCulture) };
        if (warning is not null)
        {
            headers["Warning"] = warning;
        }

        return headers;
    }

    private CliHost Host => new()
    {
        Out = _out,
        Error = _error,
        IsTerminal = Terminal is not null,
        IsErrorTerminal = Terminal is not null,
        Size = () => Terminal!.Value,
        Scheduler = Clock,
        Stop = Stop,
        Suspend = Observable.Never<Unit>(),
        Redraw = Observable.Never<Unit>(),
    };

    private Task<WatchSource> Open(WatchSettings settings, System.Reactive.Concurrency.IScheduler scheduler, Action<ConnectionNotice> tell)
    {
        var connection = KubeConnection.From(
            new HttpClient(Http) { Timeout = Timeout.InfiniteTimeSpan }, _server,
            options: new() { Scheduler = scheduler, OnNotice = tell, Namespace = "prod" });
        return Task.FromResult(WatchSources.Of(connection, settings, scheduler));
    }
}
