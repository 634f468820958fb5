using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Kube;

/// <summary>What a page of a ring shows, and from where it has it.</summary>
/// <param name="Service">The Service, as text.</param>
/// <param name="Origin">Where the data come from, as text; empty for nothing to say.</param>
/// <param name="Moments">The moments: live, or of a recording. Cold.</param>
/// <param name="Clock">The clock of the moments; for a recording, the clock of the recording.</param>
internal sealed record RingPageSource(string Service, string Origin, IObservable<RingMoment> Moments, IScheduler Clock)
{
    /// <summary>Gets how long changes are kept. The default is an hour; for a recording, <see cref="TimeSpan.MaxValue"/>.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Gets the names of all pages beside this one, itself included, for its menu; empty for a single page.</summary>
    public IReadOnlyList<string> Pages { get; init; } = [];
}

/// <summary>
/// The model of a live page: one fold for all readers. Its memory is bounded: the state, the changes of an hour, and two earlier
/// rings. Thread-safe.
/// </summary>
internal sealed class RingPage : IDisposable
{
    /// <summary>How often a stream repeats its state when nothing changes, so that the page knows that it is connected.</summary>
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(5);

    private const int MaxPast = 2;

    private readonly IScheduler _pace;
    private readonly CurrentValue<RingPageState> _current;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _making = new(1);
    private readonly Queue<PastRing> _past = new();
    private int _streams;

    /// <summary>Subscribes to the moments.</summary>
    /// <param name="source">The source.</param>
    /// <param name="pace">The clock of the frames.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    public RingPage(RingPageSource source, IScheduler pace, RingPageOptions? options = null)
    {
        (Source, _pace, Options) = (source, pace, options ?? RingPageOptions.Default);
        var start = RingPageState.StartOf(Options);
        Epoch = pace.Now.UtcTicks.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        States = source.Moments
            .Select(moment => (RingMoment?)moment).Append(null)
            .Scan(start, (state, moment) => moment is null ? state.Over() : state.Next(moment, source.Horizon))
            .StartWith(start)
            .Concat(Observable.Never<RingPageState>())
            .ShareLatest();
        _current = States.ToCurrentValue(_ => { });
    }

    /// <summary>Gets the source.</summary>
    public RingPageSource Source { get; }

    /// <summary>Gets the limits.</summary>
    public RingPageOptions Options { get; }

    /// <summary>Gets a text that no other page has, so that the number of a frame means the same only here.</summary>
    public string Epoch { get; }

    /// <summary>Gets the states: the current one on subscription. Fails when the source fails.</summary>
    public IObservable<RingPageState> States { get; }

    /// <summary>Gets the current state.</summary>
    public RingPageState Current => _current.Value ?? RingPageState.Start;

    /// <summary>Gets a token that is cancelled when the page closes.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>
    /// Gets the states for one stream: the current one at once, then the newest one at the pace of the options; the same one again as a
    /// sign of life.
    /// </summary>
    public IObservable<RingPageState> Paced() => Observable.CombineLatest(
        States.Publish(states => states.Take(1).Concat(states.Sample(Options.FrameInterval, _pace))),
        Observable.Interval(BeatInterval, _pace).StartWith(-1),
        (state, _) => state);

    /// <summary>Counts a new stream; false if there are too many.</summary>
    public bool TryOpenStream()
    {
        if (Interlocked.Increment(ref _streams) <= Options.MaxStreams)
        {
            return true;
        }

        CloseStream();
        return false;
    }

    /// <summary>Counts a stream as closed.</summary>
    public void CloseStream() => Interlocked.Decrement(ref _streams);

    /// <summary>Gets the number of the last frame that a reader has, from the id of that frame; null if it is not of this page.</summary>
    /// <param name="id">The id, as the reader sends it back.</param>
    /// <param name="state">The state of which it wants the difference.</param>
    public long? After(string? id, RingPageState state) =>
        id is not null && id.StartsWith(Epoch + "-", StringComparison.Ordinal) &&
        long.TryParse(id.AsSpan(Epoch.Length + 1), System.Globalization.NumberStyles.None, null, out var sequence) &&
        sequence > 0 && sequence >= state.History.Floor && sequence <= state.Sequence
            ? sequence
            : null;

    /// <summary>Gets the ring as it was right after a change.</summary>
    /// <param name="id">The number of the change.</param>
    /// <param name="ct">Ends the wait: rings are made one after the other.</param>
    /// <returns>The ring; null if the change is no longer known.</returns>
    public async Task<PastRing?> PastAsync(long id, CancellationToken ct)
    {
        await _making.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_past.FirstOrDefault(past => past.Change.Id == id) is { } known)
            {
                return known;
            }

            var state = Current;
            if (state.Moment?.View is not { } view || state.History.At(id, view.Ring) is not { } then)
            {
                return null;
            }

            var made = new PastRing(then.Change, new(then.Ring, view.Replicas.ReplicationFactor));
            _past.Enqueue(made);
            if (_past.Count > MaxPast)
            {
                _past.Dequeue();
            }

            return made;
        }
        finally
        {
            _making.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing.Cancel();
        _current.Dispose();
    }
}

/// <summary>A ring as it was right after a change.</summary>
/// <param name="Change">The change.</param>
/// <param name="Replicas">The ring.</param>
internal sealed record PastRing(RingPageChange Change, ReplicatedRing<RingMember> Replicas)
{
    /// <summary>Gets the ring.</summary>
    public HashRing<RingMember> Ring => (HashRing<RingMember>)Replicas.Ring;
}
