using System.Reactive.Disposables;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Watching;

/// <summary>One run of a resumed stream against a scripted server, and what its subscriber saw.</summary>
internal sealed class ResumeRun(ScriptedWatch<string> server)
{
    public static readonly ResumeOptions NoJitter = ResumeOptions.WithoutJitter;

    /// <summary>The first wait is 2 s: the next attempt is later than the grace, so that every failure is reported at once.</summary>
    public static readonly ResumeOptions LongWaits = NoJitter with
    {
        Backoff = NoJitter.Backoff with { Initial = TimeSpan.FromSeconds(2) },
    };

    private static readonly Dictionary<char, WatchEvent<string>> _events = new()
    {
        ['l'] = WatchEvents.Listed("17", "an item with version 7406832"),
        ['m'] = WatchEvents.Listed("30", "x"),
        ['n'] = WatchEvents.Listed("31", "x"),
        ['e'] = WatchEvents.Listed<string>("3"),
        ['a'] = WatchEvents.Added("a", "18"),
        ['b'] = WatchEvents.Added("b", "19"),
        ['c'] = WatchEvents.Added("c", "31"),
        ['B'] = WatchEvents.Bookmark<string>("25"),
        ['M'] = WatchEvents.Bookmark<string>("30"),
        ['O'] = WatchEvents.Deleted("old", "9"),
        ['S'] = new WatchEvent<string>.Skipped(new SkippedObject("", "s", "22", "broken"), "22"),
    };

    public ScriptedWatch<string> Server { get; } = server;

    public List<string> Log { get; } = [];

    public List<WatchEvent<string>> Events { get; } = [];

    public static ScriptedWatch<string> Script(TestClock clock, string[] lists, string[] connections, MarbleErrors? errors = null) =>
        new(clock, _events, errors) { Lists = lists, Connections = connections };

    /// <summary>Runs for a time in ms and then disposes the subscription.</summary>
    public static ResumeRun Play(
        string[] lists, string[] connections, long until, MarbleErrors? errors = null, RandomSource? random = null,
        string? disposeAt = null, ResumeOptions? options = null)
    {
        var clock = new VirtualClock();
        var run = new ResumeRun(Script(clock, lists, connections, errors));
        options ??= random is null ? NoJitter : new ResumeOptions { Random = random };
        var subscription = new SingleAssignmentDisposable();
        subscription.Disposable = run.Server.Resume(options, clock).Subscribe(
            e =>
            {
                run.Events.Add(e);
                run.Log.Add($"{clock.Frame()} {Text(e)}");
                if (disposeAt == e.GetType().Name)
                {
                    subscription.Dispose();
                }
            },
            _ => run.Log.Add($"{clock.Frame()} Error"),
            () => run.Log.Add($"{clock.Frame()} Completed"));
        clock.AdvanceTo(TimeSpan.FromMilliseconds(until));
        subscription.Dispose();
        return run;
    }

    public void Saw(params string[] log) => Assert.Equal(log, Log);

    private static string Text(WatchEvent<string> e) => e switch
    {
        WatchEvent<string>.Listed l => $"Listed {l.ResourceVersion}",
        WatchEvent<string>.Added a => $"Added {a.Object}@{a.ResourceVersion}",
        WatchEvent<string>.Deleted d => $"Deleted {d.Object}@{d.ResourceVersion}",
        WatchEvent<string>.Bookmark b => $"Bookmark {b.ResourceVersion}",
        WatchEvent<string>.Skipped s => $"Skipped {s.ResourceVersion}",
        WatchEvent<string>.Interrupted { Interruption: var i } => $"Interrupted {i.Kind} +{i.RetryAfter.TotalMilliseconds:0}",
        _ => e.GetType().Name,
    };
}
