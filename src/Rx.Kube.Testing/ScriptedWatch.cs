using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube.Testing;

/// <summary>
/// A collection whose lists and connections are diagrams: the first list asked for plays the first diagram of <see cref="Lists"/>,
/// the second the second, and likewise for watches and <see cref="Connections"/>. It records what it was asked and when.
/// </summary>
/// <typeparam name="T">The objects.</typeparam>
/// <remarks>
/// <para>A diagram begins where it is subscribed to. A key stands for an event, <c>|</c> for the server closing, <c>#</c> for an error, with
/// a name if it has one (<c>#gone</c>); what has no end stays silent. Named errors are those of <see cref="MarbleErrors.Kubernetes"/>
/// unless others are given.</para>
/// <para>A connection says <see cref="WatchEvent{T}.Opened"/> at its first frame, before anything else of that frame. Two diagrams are
/// different: one whose first mark is an error was never opened (<c>--#forbidden</c>: refused after 2 ms); and a <c>^</c>, which takes a
/// frame unless it stands in a group, says where it opens (<c>--^-a</c>: accepted after 2 ms; <c>^-#gone</c>: accepted, then an ERROR
/// event; <c>--(^a)</c>: accepted after 2 ms, with an event at once).</para>
/// <para>A request beyond the script is recorded, and never answered. What is said of it, and which diagrams are left over, stands in the
/// message of an expectation that fails on the same clock.</para>
/// </remarks>
/// <example><code>
/// var slice = Slice.Of("cache-abc", service: "cache", version: 18).With("cache-0", "10.0.0.1");
/// var events = new Dictionary&lt;char, WatchEvent&lt;EndpointSlice&gt;&gt;
/// {
///     ['o'] = WatchEvents.Opened&lt;EndpointSlice&gt;(), ['l'] = WatchEvents.Listed("17", slice.At(12)), ['a'] = slice.Modified(),
/// };
/// var server = new ScriptedWatch&lt;EndpointSlice&gt;(clock, events) { Lists = ["--(l|)"], Connections = ["a-|", "#gone"] };
/// var client = server.List(ListOptions.MostRecent).SelectMany(l => server.Watch(new(l.ResourceVersion)));
///
/// clock.Expect(client).ToBe("--[oa]-|", events);
/// server.ToHaveBeenAsked("list at 0 ms", "watch from 17 at 2 ms");
/// </code></example>
public sealed class ScriptedWatch<T> : IWatchable<T>
{
    private readonly VirtualTimeScheduler<long, long> _scheduler;
    private readonly MarbleValues<WatchEvent<T>> _values;
    private readonly List<WatchRequest> _requests = [];
    private readonly Queue<ColdObservable<WatchEvent<T>>> _lists = [];
    private readonly Queue<ColdObservable<WatchEvent<T>>> _connections = [];
    private readonly List<SubscriptionSpan> _outages = [];

    /// <summary>Makes a collection without a script.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <param name="events">The events the keys stand for: lists for <see cref="Lists"/>, others for <see cref="Connections"/>.</param>
    /// <param name="errors">The errors; null for <see cref="MarbleErrors.Kubernetes"/>.</param>
    /// <exception cref="ArgumentNullException">The scheduler or the events are null.</exception>
    public ScriptedWatch(
        VirtualTimeScheduler<long, long> scheduler, IReadOnlyDictionary<char, WatchEvent<T>> events, MarbleErrors? errors = null)
        : this(scheduler, new MarbleValues<WatchEvent<T>>(events, errors ?? MarbleErrors.Kubernetes))
    {
    }

    /// <summary>Makes a collection without a script, whose events are computed from their keys.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <param name="events">Gives the event of a key.</param>
    /// <param name="errors">The errors; null for <see cref="MarbleErrors.Kubernetes"/>.</param>
    /// <exception cref="ArgumentNullException">The scheduler or the events are null.</exception>
    public ScriptedWatch(VirtualTimeScheduler<long, long> scheduler, Func<char, WatchEvent<T>> events, MarbleErrors? errors = null)
        : this(scheduler, new MarbleValues<WatchEvent<T>>(events, errors ?? MarbleErrors.Kubernetes))
    {
    }

    private ScriptedWatch(VirtualTimeScheduler<long, long> scheduler, MarbleValues<WatchEvent<T>> values)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        (_scheduler, _values) = (scheduler, values);
        ScriptNotes.Add(scheduler, Note);
    }

    /// <summary>The answers to <see cref="List"/>, in order.</summary>
    /// <exception cref="ArgumentNullException">The diagrams, or one of them, are null.</exception>
    /// <exception cref="MarbleFormatException">A diagram cannot be read, or has an event that is not a list.</exception>
    public IReadOnlyList<string> Lists
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            foreach (var diagram in value)
            {
                _lists.Enqueue(ListOf(diagram));
            }
        }
    } = [];

    /// <summary>The answers to <see cref="Watch"/>, in order.</summary>
    /// <exception cref="ArgumentNullException">The diagrams, or one of them, are null.</exception>
    /// <exception cref="MarbleFormatException">A diagram cannot be read, or has an event that no connection sends.</exception>
    public IReadOnlyList<string> Connections
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            foreach (var diagram in value)
            {
                _connections.Enqueue(ConnectionOf(diagram));
            }
        }
    } = [];

    /// <summary>
    /// When the server cannot be reached, each as a subscription diagram from tick 0 of the clock: <c>10s ^ 5m !</c>. What is open when an outage
    /// begins breaks with <c>#unreachable</c>, and so does, at once, what is asked before its end; that is recorded, and uses up no answer.
    /// </summary>
    /// <exception cref="ArgumentNullException">The diagrams, or one of them, are null.</exception>
    /// <exception cref="MarbleFormatException">A diagram cannot be read, or has no <c>^</c>.</exception>
    public IReadOnlyList<string> Outages
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            foreach (var diagram in value)
            {
                _outages.Add(MarbleDiagram.Subscription(diagram)
                    ?? throw new MarbleFormatException(diagram, diagram.Length + 1, "There is no '^' where the outage begins"));
            }
        }
    } = [];

    /// <summary>What was asked so far, in order. Asking is subscribing: a list or a watch nobody subscribes to is not here.</summary>
    public IReadOnlyList<WatchRequest> Requests => _requests;

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public IObservable<WatchEvent<T>.Listed> List(ListOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Answer(() => new(_scheduler.Frame(), options), _lists).Cast<WatchEvent<T>.Listed>();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public IObservable<WatchEvent<T>> Watch(WatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Answer(() => new(_scheduler.Frame(), options), _connections);
    }

    /// <summary>Checks that exactly this was asked, in this order.</summary>
    /// <param name="requests">The requests as <see cref="WatchRequest.ToString"/> gives them.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="MarbleAssertionException">Something else was asked.</exception>
    public void ToHaveBeenAsked(params string[] requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ScriptNotes.CheckAsked([.. _requests.Select(r => r.ToString())], requests, Note());
    }

    private string Note() => ScriptNotes.Note(
        nameof(ScriptedWatch<>),
        _requests.Where(r => !r.IsAnswered).Select(r => r.ToString()),
        [.. Lists.TakeLast(_lists.Count).Select(d => $"list \"{d}\""), .. Connections.TakeLast(_connections.Count).Select(d => $"watch \"{d}\"")]);

    private IObservable<WatchEvent<T>> Answer(Func<WatchRequest> ask, Queue<ColdObservable<WatchEvent<T>>> script) =>
        Observable.Create<WatchEvent<T>>(observer =>
        {
            var request = ask();
            _requests.Add(request);
            var outage = NextOutage();
            ColdObservable<WatchEvent<T>>? next = null;
            request.IsAnswered = outage == 0 || script.TryDequeue(out next);
            var answer = next ?? Observable.Never<WatchEvent<T>>();
            if (outage is { } ticks)
            {
                answer = answer.TakeUntil(Observable.Timer(TimeSpan.FromTicks(ticks), _scheduler)
                    .SelectMany(_ => Observable.Throw<long>(MarbleErrors.Kubernetes["unreachable"])));
            }

            return new CompositeDisposable(answer.Subscribe(observer), Disposable.Create(() => request.End = _scheduler.Frame()));
        });

    /// <summary>The ticks until the next outage begins, 0 in the middle of one; null if none is to come.</summary>
    private long? NextOutage() =>
        _outages.Where(o => o.Unsubscribe > _scheduler.Clock).Select(o => (long?)Math.Max(0, o.Subscribe - _scheduler.Clock)).Min();

    private ColdObservable<WatchEvent<T>> ListOf(string diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        var tokens = MarbleParser.Cold(diagram);
        var messages = _values.Messages(diagram, tokens);
        Check(diagram, tokens, messages, e => e is WatchEvent<T>.Listed, "is not a list");
        return new(_scheduler, messages);
    }

    private ColdObservable<WatchEvent<T>> ConnectionOf(string diagram)
    {
        ArgumentNullException.ThrowIfNull(diagram);
        var tokens = MarbleParser.Answer(diagram);
        long? opened = tokens switch
        {
            [{ Kind: MarbleKind.Start } start, ..] => start.Frame,
            [{ Kind: MarbleKind.Error }, ..] => null,
            _ => 0,
        };
        tokens.RemoveAll(t => t.Kind == MarbleKind.Start);
        var messages = _values.Messages(diagram, tokens);
        Check(
            diagram, tokens, messages,
            e => e is WatchEvent<T>.Added or WatchEvent<T>.Modified or WatchEvent<T>.Deleted or WatchEvent<T>.Bookmark or WatchEvent<T>.Skipped,
            "is not what a connection sends");
        if (opened is { } frame)
        {
            messages.Insert(0, Timed.OnNext<WatchEvent<T>>(VirtualTime.TicksOf(frame), new WatchEvent<T>.Opened()));
        }

        return new(_scheduler, messages);
    }

    private static void Check(
        string diagram, List<MarbleToken> tokens, List<Timed<Notification<WatchEvent<T>>>> messages,
        Func<WatchEvent<T>, bool> fits, string problem)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (messages[i].Value is { Kind: NotificationKind.OnNext } next && !fits(next.Value))
            {
                throw new MarbleFormatException(diagram, tokens[i].Column, $"'{tokens[i].Key}' {problem}");
            }
        }
    }
}
