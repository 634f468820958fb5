using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Kube.Models;

namespace Rx.Kube;

/// <summary>
/// One subscription to a resumed stream. An attempt is one list or one watch, with the wait after it. It completes when another attempt
/// follows, and fails when none can. <see cref="ResumePolicy"/> decides; this class carries out.
/// </summary>
internal sealed class ResumeSession<T>
{
    private readonly IWatchable<T> _source;
    private readonly ResumeOptions _options;
    private readonly ResumeRules _rules;
    private readonly IScheduler _scheduler;
    private readonly ResumePolicy _policy;
    private readonly Func<double> _random;
    private readonly Func<T, ObjectMeta?>? _metadataOf;
    private readonly VersionGuard _versions;
    private readonly HeldObjects<T>? _held;
    private readonly StateAudit<T>? _audit;
    private readonly WatchEvidence _evidence;
    private readonly IObservable<Unit> _disposal;
    private readonly IObservable<Unit> _retryNow;
    private readonly bool _isForeign;
    private readonly string _name;

    // The wall clock may be set; lifetimes are measured on this one.
    private readonly IStopwatch _clock;

    private ResumeState _state;
    private bool _bookmarksSeen;
    private bool _hasDecoded;

    // The attempt under way.
    private RequestKind _request;
    private TimeSpan _askedAt;
    private TimeSpan? _openedAt;
    private TimeSpan? _due;
    private string _versionBefore = "";
    private bool _isReopened;
    private bool _followsList;
    private bool _heard;

    public ResumeSession(
        IWatchable<T> source, ResumeOptions options, IObservable<Unit> retryNow, ResumeRules rules, IScheduler scheduler)
    {
        _retryNow = retryNow;
        var collection = source as IKubeCollection<T>;
        (_source, _options, _rules, _scheduler) = (collection?.ForOneSubscription() ?? source, options, rules, scheduler);
        _policy = new(options, rules);
        (_random, _clock) = (options.Random.NewSequence(), scheduler.StartStopwatch());
        (_versions, _evidence, _isForeign) = (new VersionGuard(rules), new WatchEvidence(scheduler), collection is null);
        (Selection, _name) = (collection?.Selection, collection?.Name ?? typeof(T).Name);
        _disposal = collection?.Disposal ?? Observable.Never<Unit>();
        _metadataOf = collection is null ? null : collection.MetadataOf;
        _held = _metadataOf is null ? null : new HeldObjects<T>(_metadataOf, options.MaxAuditedObjects);
        if (_held is not null && options.AuditInterval is not null)
        {
            _audit = new StateAudit<T>(_source, collection!.Name, _held, _versions, rules, options, _random, scheduler);
            _audit.Plan();
        }

        var streams = options.StreamingLists ?? collection?.StreamsLists ?? false;
        _state = new ResumeState
        {
            Next = streams ? RequestKind.StreamingList : RequestKind.List,
            StreamsLists = streams,
            NotOlderThan = options.FirstListFromCache ? "0" : null,
        };
    }

    /// <summary>Gets when the server was last heard.</summary>
    public WatchEvidence Evidence => _evidence;

    /// <summary>Gets how to read the metadata of an object; null if its type does not have it.</summary>
    public Func<T, ObjectMeta?>? MetadataOf => _metadataOf;

    /// <summary>Gets which objects are selected; null if the source does not say.</summary>
    public ResourceSelection? Selection { get; }

    /// <summary>The next list or watch.</summary>
    public IObservable<WatchEvent<T>> Attempt()
    {
        (_request, _askedAt, _openedAt, _due, _heard) = (_state.Next, _clock.Elapsed, null, null, false);
        (_versionBefore, _isReopened, _followsList) = (_versions.Version, !_followsList, false);
        return Observable.Defer(Request).StartWith(new WatchEvent<T>.Asked(_request)).Catch<WatchEvent<T>, Exception>(Ended);
    }

    private IObservable<WatchEvent<T>> Request() => _request switch
    {
        RequestKind.List => _source.List(new ListOptions { NotOlderThan = _state.NotOlderThan, Evidence = _evidence, IsHeld = true })
            .Select(Adopt),
        RequestKind.StreamingList => Watch(
            new WatchOptions(_state.NotOlderThan ?? "") { SendInitialEvents = true },
            watch => StreamingList<T>.Create(watch, _metadataOf, _rules.StreamingListPause, _rules.StreamingListTotal, _scheduler)),
        _ => Watch(new WatchOptions(_state.Version), watch => watch),
    };

    // Each watch has a random lifetime, so that clients do not reconnect together. A silent watch is replaced like a closed one: the answer
    // distinguishes a dead connection from an idle server, which sends bookmarks only when versions move.
    private IObservable<WatchEvent<T>> Watch(WatchOptions request, Func<IObservable<WatchEvent<T>>, IObservable<WatchEvent<T>>> listed)
    {
        var life = TimeSpan.FromSeconds(Math.Floor(_options.WatchTimeout.TotalSeconds * (1 + _random())));
        _due = _askedAt + life;
        var watch = _source.Watch(request with { Timeout = life, Evidence = _evidence });
        if (_rules.EndsSilentWatches)
        {
            // Clients that heard the same last event must not reconnect together. To wait before the watch is ended leaves no gap.
            var silence = _options.SilenceTimeout + _rules.Jitter(_options.SilenceTimeout, _random());
            watch = SilenceWatchdog<T>.Create(watch, silence, _bookmarksSeen, _evidence, _scheduler);
        }

        if (_rules.EndsOverdueWatches)
        {
            watch = watch.TakeUntil(
                Observable.Defer(() => End(Overdue)).DelaySubscription(life + _rules.OverdueAfter, _scheduler));
        }

        if (_audit is not null)
        {
            watch = watch.TakeUntil(_audit.During(
                isOpen: () => _request == RequestKind.Watch && _openedAt is not null,
                isSilent: () => _isReopened && !_heard));
        }

        // Above this line, timers may end the attempt; below it an event counts as reached, so none that counts is dropped by a timer.
        watch = listed(watch).Select(e => e is WatchEvent<T>.Listed list ? Adopt(list) : e).Where(Take);
        return watch.Concat(Observable.Defer(() => End(AttemptEnd.Closed)));
    }

    private AttemptEnd Overdue => _openedAt is null ? AttemptEnd.Unanswered : AttemptEnd.Overdue;

    private WatchEvent<T>.Listed Adopt(WatchEvent<T>.Listed list)
    {
        var version = list.ResourceVersion;
        if (_isForeign)
        {
            Note(list);
        }

        if (list is { Items.IsEmpty: true, SkippedItems: [var skipped, ..] } && _rules.RefusesUndecodableLists && !KeepsAnyOf(list))
        {
            // One object that cannot be decoded is skipped. If none can be, and the last good state of none is kept, the state would look
            // empty: the type does not fit, or no longer does.
            var none = list.SkippedItems.Length == 1 ? "the only object of the list could not be decoded"
                : $"none of the {list.SkippedItems.Length} objects of the list could be decoded";
            throw new AttemptEndedException(new(
                EndKind.Protocol, InterruptionKind.Undecodable,
                $"{none}; {Printable.Of(skipped.Name)}: {Printable.Of(skipped.Reason, 1000).TrimEnd('.')}. "
                + $"To fix: correct the type or the decoder of {_name}"));
        }

        _hasDecoded |= !list.Items.IsEmpty;
        if (_rules.ChecksListVersions && _state.NotOlderThan is { } asked && ResourceVersion.IsOlder(version, than: asked))
        {
            throw new AttemptEndedException(new(
                EndKind.TooLarge, InterruptionKind.Expired,
                $"the server answered with version {version}, although the request was for at least {asked}"));
        }

        var continuity = !_state.HasListed ? Continuity.First
            : ResourceVersion.IsOlder(version, than: _versions.Version) ? Continuity.WentBack
            : Continuity.Relisted;
        _versions.StartFrom(version);
        var isStream = _request == RequestKind.StreamingList;
        _state = _state.After(version, isStream);

        // The rest of a streaming list is a watch.
        (_request, _openedAt, _versionBefore) = (RequestKind.Watch, isStream ? _openedAt ?? _clock.Elapsed : null, version);
        (_isReopened, _followsList) = (false, !isStream);
        list = list with { Continuity = continuity, Evidence = _evidence, Selection = Selection };
        _held?.Apply(list);
        _audit?.Plan();
        return list;
    }

    // Without metadata, the consumer may know the keys of its objects: then anything that was decoded may be kept.
    private bool KeepsAnyOf(WatchEvent<T>.Listed list) => _held?.KeepsAny(list.SkippedItems) ?? _hasDecoded;

    private bool Take(WatchEvent<T> e)
    {
        if (_isForeign)
        {
            Note(e);
        }

        switch (e)
        {
            case WatchEvent<T>.Opened:
                _openedAt = _clock.Elapsed;
                return _request == RequestKind.Watch;
            case WatchEvent<T>.Listed:
                return true;
        }

        _heard = true;
        _hasDecoded |= e is WatchEvent<T>.Added or WatchEvent<T>.Modified;
        _bookmarksSeen |= e is WatchEvent<T>.Bookmark;
        if (!_versions.Accepts(e))
        {
            return false;
        }

        _held?.Apply(e);
        return true;
    }

    private IObservable<WatchEvent<T>> Ended(Exception error)
    {
        var (now, end) = (_clock.Elapsed, AttemptEnd.Of(error, inStream: _openedAt is not null));
        var attempt = new Attempt(
            _request, end, now, now - _askedAt, _openedAt is { } opened ? now - opened : null, _heard,
            Moved: _versions.Version != _versionBefore, IsDue: now >= _due);
        var decision = _policy.Decide(_state with { Version = _versions.Version }, attempt, _random());
        _state = decision.State;
        if (decision.Fails)
        {
            return Observable.Throw<WatchEvent<T>>(error);
        }

        var at = _scheduler.Now;
        var lost = new WatchInterruption(end.Cause, end.Message, _evidence.LastReceived ?? at, at, decision.Wait, end.Error);
        return Observable.Return<WatchEvent<T>>(new WatchEvent<T>.Lost(end, lost, decision.IsRefusal))
            .Concat(Wait(decision.Wait, isAsked: end.RetryAfter is not null));
    }

    // The wait that a server asked for is not the client's to shorten.
    private IObservable<WatchEvent<T>> Wait(TimeSpan time, bool isAsked)
    {
        var wait = Observable.Empty<WatchEvent<T>>().DelaySubscription(time, _scheduler).TakeUntil(_disposal);
        return isAsked ? wait : wait.TakeUntil(_retryNow);
    }

    // A connection counts bytes, and checks each version when it decodes it; what other sources emit is seen here first.
    private void Note(WatchEvent<T> e)
    {
        _evidence.Note();
        if (e.VersionReached is { } version)
        {
            ResourceVersion.Checked(version, of: "an event or a list");
        }
    }

    private static IObservable<WatchEvent<T>> End(AttemptEnd end) => Observable.Throw<WatchEvent<T>>(new AttemptEndedException(end));
}
