using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Cli.CommandLine;
using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Watching;
using Rx.Kube.Models;

namespace Rx.Kube.Cli.Tests.Harness;

/// <summary>Runs the tool in virtual time on a scripted watch.</summary>
internal sealed class FakeHost
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public HistoricalScheduler Clock { get; } = new(Start);

    public Subject<Unit> Stop { get; } = new();

    public Subject<Unit> OutputClosed { get; } = new();

    public Subject<KeyPress> Keys { get; } = new();

    public Subject<Unit> Suspend { get; } = new();

    public Subject<Unit> Redraw { get; } = new();

    public Subject<WatchEvent<EndpointSlice>> Events { get; } = new();

    public Dictionary<string, string> Variables { get; } = [];

    public bool IsTerminal { get; init; }

    public TextWriter? OutWriter { get; init; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public (int Width, int Height) Size { get; set; } = (80, 24);

    public bool IsClosed { get; private set; }

    public IObservable<IReadOnlyCollection<ServiceName>> Others { get; init; } = Observable.Empty<IReadOnlyCollection<ServiceName>>();

    /// <summary>Starts the tool and runs it until it waits for an event.</summary>
    public Task<int> RunAsync(params string[] args) => RxKube.RunAsync(args, Host, Open);

    /// <summary>Opens the source; null for one of <see cref="Events"/>, at once.</summary>
    public Func<Task<WatchSource>>? Opening { get; init; }

    /// <summary>Where files are read; by default, at once.</summary>
    public IScheduler Files { get; init; } = ImmediateScheduler.Instance;

    /// <summary>What answers requests to other processes.</summary>
    public HttpMessageHandler? Processes { get; init; }

    public CliHost Host => new()
    {
        Http = () => Processes ?? throw new InvalidOperationException("No process was expected to be asked."),
        Out = OutWriter ?? _out,
        Error = _error,
        IsTerminal = IsTerminal,
        IsErrorTerminal = IsTerminal,
        Size = () => Size,
        Variable = Variables.GetValueOrDefault,
        Scheduler = Clock,
        Files = Files,
        Stop = Stop,
        OutputClosed = OutputClosed,
        Keys = Keys,
        Suspend = Suspend,
        Redraw = Redraw,
    };

    public void Emit(params WatchEvent<EndpointSlice>[] events)
    {
        foreach (var e in events)
        {
            Events.OnNext(e);
        }
    }

    /// <summary>Presses the keys of a text.</summary>
    public void Type(string text)
    {
        foreach (var character in text)
        {
            Keys.OnNext(new KeyPress(character));
        }
    }

    /// <summary>Presses keys without a character.</summary>
    public void Press(params ConsoleKey[] keys)
    {
        foreach (var key in keys)
        {
            Keys.OnNext(KeyPress.Of(key));
        }
    }

    public void AdvanceBy(double seconds) => Clock.AdvanceBy(TimeSpan.FromSeconds(seconds));

    /// <summary>What requests wait for.</summary>
    public string? WaitingFor { get; set; }

    /// <summary>Tells the tool a notice of its connection; null until it has started.</summary>
    public Action<ConnectionNotice>? Notice { get; private set; }

    private Task<WatchSource> Open(WatchSettings settings, IScheduler scheduler, Action<ConnectionNotice> onNotice)
    {
        Notice = onNotice;
        if (Opening is not null)
        {
            return Opening();
        }

        var service = new ServiceName(settings.Namespace ?? "prod", settings.Service);
        return Task.FromResult(new WatchSource(Events.ToTopology(service), service, "test")
        {
            Others = Others,
            Raw = RawEvents.Of(Events),
            Redact = text => text.Replace("the-token-of-the-connection", "***", StringComparison.Ordinal),
            WaitingFor = () => WaitingFor,
            Late = (timeout, cause) => new(timeout, cause, WaitingFor),
            Close = () =>
            {
                IsClosed = true;
                return ValueTask.CompletedTask;
            },
        });
    }
}
