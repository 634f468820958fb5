using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace Rx.Kube.Testing;

/// <summary>
/// A collection whose lists and connections are diagrams: the first list request plays the first diagram of <see cref="Lists"/>,
/// the second request the second one, and likewise for watches and <see cref="Connections"/>. It records each request and its time.
/// </summary>
/// <typeparam name="T">The type of the objects.</typeparam>
/// <remarks>
/// <para>The frames of a diagram count from its request. A key stands for an event, <c>|</c> for the server closing the connection,
/// <c>#</c> for an error, with an optional name (<c>#gone</c>); a connection whose diagram has no end remains open without further events.
/// The default for named errors is <see cref="MarbleErrors.Kubernetes"/>.</para>
/// <para>A connection emits <see cref="WatchEvent{T}.Opened"/> at its first frame, before anything else in that frame, with two exceptions:
/// if the first mark is an error, it never opens (<c>--#forbidden</c>: rejected after 2 ms); and a <c>^</c>, which takes a frame unless it
/// is in a group, marks when it opens (<c>--^-a</c>: accepted after 2 ms; <c>^-#gone</c>: accepted, then an ERROR event; <c>--(^a)</c>:
/// accepted after 2 ms, with an event at once).</para>
/// <para>A request beyond the end of the script is recorded and never answered. The message of a failed expectation on the same clock lists
/// such requests and unused diagrams.</para>
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

    /// <summary>Creates a collection without a script.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <param name="events">The event of each key: lists for <see cref="Lists"/>, other events for <see cref="Connections"/>.</param>
    /// <param name="errors">The errors; null for <see cref="MarbleErrors.Kubernetes"/>.</param>
    /// <exception cref="ArgumentNullException">The scheduler or the events are null.</exception>
    public ScriptedWatch(
        VirtualTimeScheduler<long, long> scheduler, IReadOnlyDictionary<char, WatchEvent<T>> events, MarbleErrors? errors = null)
        : this(scheduler, new MarbleValues<WatchEvent<T>>(events, errors ?? MarbleErrors.Kubernetes))
    {
    }

    /// <summary>Creates a collection without a script, whose events are computed from the keys.</summary>
    /// <param name="scheduler">The clock.</param>
    /// <param name="events">Returns the event of a key.</param>
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

    /// <summary>Gets the diagrams for calls of <see cref="List"/>, in order.</summary>
    /// <exception cref="ArgumentNullException">The list or one of its diagrams is null.</exception>
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

    /// <summary>Gets the diagrams for calls of <see cref="Watch"/>, in order.</summary>
    /// <exception cref="ArgumentNullException">The list or one of its diagrams is null.</exception>
    /// <exception cref="MarbleFormatException">A diagram cannot be read, or has an event that a connection does not send.</exception>
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
    /// Gets the times at which the server cannot be reached, each as a subscription diagram from tick 0 of the clock: <c>10s ^ 5m !</c>. A
    /// request that is open at the start of an outage fails with <c>#unreachable</c>. A request during an outage fails with this error at
    /// once; it is recorded, and uses no diagram.
    /// </summary>
    /// <exception cref="ArgumentNullException">The list or one of its diagrams is null.</exception>
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
                    ?? throw new MarbleFormatException(diagram, diagram.Length + 1, "There is no '^' at the start of the outage"));
            }
        }
    } = [];

    /// <summary>
    /// Gets the requests so far, in order. A subscription is a request; a list or a watch without a subscription is not recorded.
    /// </summary>
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

    /// <summary>Checks that exactly these requests were made, in this order.</summary>
    /// <param name="requests">The requests, as <see cref="WatchRequest.ToString"/> formats them.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="MarbleAssertionException">The requests differ.</exception>
    public void ToHaveBeenAsked(params string[] requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ScriptNotes.CheckAsked([.. _requests.Select(r => r.ToString())], requests, Note());
    }

    private string Note() => ScriptNotes.Note(
        nameof(ScriptedWatch<>),
        _requests.Where(r => !r.IsAnswered).Select(r => r.ToString()),
        [
            .. Lists.TakeLast(_lists.Count).Select(d => $"list \"{d}\""),
            .. Connections.TakeLast(_connections.Count).Select(d => $"watch \"{d}\""),
        ]);

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
                var unreachable = Observable.Throw<long>(MarbleErrors.Kubernetes["unreachable"]);
                answer = answer.TakeUntil(unreachable.DelaySubscription(TimeSpan.FromTicks(ticks), _scheduler));
            }

            return new CompositeDisposable(answer.Subscribe(observer), Disposable.Create(() => request.End = _scheduler.Frame()));
        });

    /// <summary>The ticks until the next outage, 0 during an outage; null if there is none.</summary>
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
            e => e is WatchEvent<T>.Added or WatchEvent<T>.Modified or WatchEvent<T>.Deleted
                or WatchEvent<T>.Bookmark or WatchEvent<T>.Skipped,
            "is not an event that a connection sends");
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
