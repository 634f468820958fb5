using System.Reactive;

namespace Rx.Kube;

/// <summary>The options of <see cref="KubeObservable.Resume"/>. The defaults suit production.</summary>
public sealed record ResumeOptions
{
    /// <summary>Gets the defaults.</summary>
    public static ResumeOptions Default { get; } = new();

    /// <summary>
    /// Gets the defaults without randomness: every wait, and every lifetime requested for a watch, is the shortest possible. For tests with
    /// reproducible times; in production, many clients would reconnect at the same time.
    /// </summary>
    public static ResumeOptions WithoutJitter { get; } = new() { Random = RandomSource.Constant(0) };

    /// <summary>Gets the waits between attempts. The default is <see cref="Backoff.Default"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException"><see cref="Backoff.Initial"/> is more than <see cref="Backoff.Max"/>.</exception>
    public Backoff Backoff
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Backoff));
            field = value.Checked(nameof(Backoff));
        }
    } = Backoff.Default;

    /// <summary>
    /// Gets the waits after a refusal: a 3xx or 4xx, such as a missing permission, an untrusted certificate, a broken configuration. If it
    /// is set, no refusal ends the stream: each one is an interruption with its cause, and the same request follows after this wait,
    /// however often. For a process that outlives the repair, such as a host in which a Role is added later. The default is null: a refusal
    /// of the first list or of the first watch ends the stream, and <see cref="Backoff"/> applies to later ones.
    /// </summary>
    /// <exception cref="ArgumentException"><see cref="Backoff.Initial"/> is more than <see cref="Backoff.Max"/>.</exception>
    public Backoff? RefusalBackoff
    {
        get;
        init => field = value?.Checked(nameof(RefusalBackoff));
    }

    /// <summary>
    /// Gets the shortest lifetime requested for a watch (<c>timeoutSeconds</c>). From one second to one day. The default is 5 minutes. The
    /// lifetime of each watch is chosen at random between this value and twice this value, in whole seconds, so that clients do not
    /// reconnect at the same time. If the server ignores the requested lifetime, the client ends the watch 30 seconds after
    /// that lifetime has passed.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan WatchTimeout
    {
        get;
        init => field = TimeRange.AtLeast(TimeSpan.FromSeconds(1), value);
    } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets how long a watch may be silent before its connection counts as dead. This applies once a bookmark has shown that the server
    /// sends them (about one a minute). More than zero and at most one day. The default is 2.5 minutes. Each watch adds a random time of up
    /// to 2 %, at most 3 s, so that clients do not reconnect at the same time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan SilenceTimeout
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromSeconds(150);

    /// <summary>
    /// Gets the source of the random numbers for jitter and for the lifetimes of watches. The default is <see
    /// cref="RandomSource.Default"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public RandomSource Random
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Random));
            field = value;
        }
    } = RandomSource.Default;

    /// <summary>
    /// Gets whether lists are streamed (<c>sendInitialEvents</c>; KEP-3157), which costs the server less for large collections. The default
    /// is null: a collection of a connection without a selector is streamed, one with a label or field selector, such as the slices of one
    /// Service, is listed. When the server refuses, or does not finish, a list is sent instead, and later lists of the subscription are not
    /// streamed.
    /// </summary>
    public bool? StreamingLists { get; init; }

    /// <summary>
    /// Gets whether the first list may come from the server's cache (<c>resourceVersion=0</c>). It spares etcd, but its state may be old,
    /// also older than one that this process has seen before. The default is false: the most recent state.
    /// </summary>
    public bool FirstListFromCache { get; init; }

    /// <summary>
    /// Gets a hot stream whose every value makes a stream that waits try again at once, on the thread of that value: a user's "retry now",
    /// or the network coming back. It does not shorten a wait that the server asked for (<c>Retry-After</c>), and the waits keep growing
    /// while attempts fail. A value that arrives outside of a wait does nothing. The stream is subscribed to once for each resumed stream;
    /// its end is ignored, and its error ends the next wait with that error. The default is null: only time ends a wait.
    /// </summary>
    public IObservable<Unit>? RetryNow { get; init; }

    /// <summary>
    /// Gets the time between two audits. An audit lists the selection once more, beside the open watch, and compares each object's uid and
    /// resourceVersion: it finds events that the server lost, and a state that went back. More than zero and at most one day; null switches
    /// all audits off. The default is 30 minutes; each interval is chosen at random between half and one and a half times this value. Above
    /// <see cref="MaxAuditedObjects"/>, only a reopened watch that stays silent for a minute is audited. Models without metadata are not
    /// audited. An audit costs the server one paged list of the most recent state. It cannot see a restored etcd behind a server that still
    /// answers from its old watch cache; that shows when the server restarts.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? AuditInterval
    {
        get;
        init => field = value is { } time ? TimeRange.Positive(time) : null;
    } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Gets how many objects the stream may hold for the audits that <see cref="AuditInterval"/> plans. From 0 to 1,000,000. The default is
    /// 5,000. Beyond it, there is no planned audit until the stream holds fewer objects: an event that the server lost is then repaired by
    /// the next list. A reopened watch that stays silent for a minute is audited whatever it holds. With 0, only an empty state has planned
    /// audits.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxAuditedObjects
    {
        get;
        init => field = (int)NumberRange.Within(value, 1_000_000, least: 0);
    } = 5_000;

    /// <summary>
    /// Gets the longest wait that a server may ask for (<c>Retry-After</c>), so that no answer can stop a client for days; a longer one is
    /// cut. More than zero and at most one day. The default is 10 minutes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxRetryAfter
    {
        get;
        init => field = TimeRange.Positive(value);
    } = TimeSpan.FromMinutes(10);
}
