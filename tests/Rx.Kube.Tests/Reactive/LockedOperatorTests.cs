using System.Diagnostics;
using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Kube.Models;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Reactive;

/// <summary>
/// Some operators of Rx call OnError and OnCompleted under their lock. A next attempt that is subscribed to there emits under it. The
/// stack of each call of the observer shows that none of them is below it. The sources emit inside Subscribe, as a connection may.
/// </summary>
public sealed class LockedOperatorTests
{
    private static readonly string[] _locking =
        ["SelectMany", "Merge", "Switch", "Zip", "CombineLatest", "Timeout", "Throttle", "Sample", "Synchronize", "Buffer", "Window"];

    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly WatchEvent<EndpointSlice> _opened = new WatchEvent<EndpointSlice>.Opened();
    private readonly VirtualClock _clock = new();
    private readonly SortedSet<string> _found = [];
    private int _calls;

    [Fact]
    public void The_check_finds_an_operator_that_locks()
    {
        var locked = Observable.Timer(_second, _clock).SelectMany(_ => Observable.Empty<long>());
        using var subscription = Checked(locked.Concat(Observable.Return(1L))).Subscribe();
        _clock.AdvanceTo(TimeSpan.FromMinutes(1));

        Assert.Equal("SelectMany", Assert.Single(_found));
    }

    [Fact]
    public void Resume_calls_its_observer_under_no_lock_of_Rx()
    {
        var never = Observable.Never<WatchEvent<EndpointSlice>>();
        var fails = Observable.Throw<WatchEvent<EndpointSlice>>(new KubeTransportException("broken"));
        Run(new Source
        {
            Lists = [null, null, "17", "17", "17"],
            Watches =
            [
                never.StartWith(_opened), // outlives its time
                never, // is not answered, ever
                fails,
                fails.StartWith(_opened),
                fails.DelaySubscription(2 * _second, _clock).StartWith(_opened, WatchEvents.Bookmark<EndpointSlice>("18")),
                never.StartWith(_opened, WatchEvents.Bookmark<EndpointSlice>("19")), // is silent
                Observable.Throw<WatchEvent<EndpointSlice>>(MarbleErrors.Kubernetes["gone"]).StartWith(_opened),
                never.StartWith(_opened, WatchEvents.Bookmark<EndpointSlice>("3")), // went back
            ],
        });

        Assert.True(_calls > 20, $"only {_calls} calls");
    }

    /// <summary>The first audit finds a difference that stays, the second one a lower version, the third one fails.</summary>
    [Fact]
    public void Resume_with_audits_calls_its_observer_under_no_lock_of_Rx()
    {
        var source = new Source { Audits = true, Lists = ["17", "40", "40", "17", "17", null] };
        Run(source);

        Assert.Equal(0, source.ListsLeft);
        Assert.True(_calls >= 3, $"only {_calls} calls");
    }

    [Fact]
    public void Resume_that_is_told_to_retry_now_calls_its_observer_under_no_lock_of_Rx()
    {
        using var retry = new Subject<Unit>();
        var source = new Source { Lists = [null, null, "17"] };
        var options = ResumeOptions.WithoutJitter with { StreamingLists = false, AuditInterval = null, RetryNow = retry };
        using (Checked(source.Resume(options, _clock)).Subscribe(_ => { }))
        {
            _clock.AdvanceTo(TimeSpan.FromMilliseconds(1));
            retry.OnNext(default);
            retry.OnNext(default);
        }

        Assert.Equal(0, source.ListsLeft);
        Assert.True(_calls >= 2, $"only {_calls} calls");
        Assert.Empty(_found);
    }

    [Fact]
    public void Reconnect_calls_its_observer_under_no_lock_of_Rx()
    {
        var source = Observable.Return('a').Concat(Observable.Throw<char>(new KubeTransportException("broken")));
        using (Checked(source.Reconnect(scheduler: _clock)).Subscribe())
        {
            _clock.AdvanceTo(TimeSpan.FromMinutes(5));
        }

        Assert.True(_calls > 5, $"only {_calls} calls");
        Assert.Empty(_found);
    }

    private void Run(Source source)
    {
        var options = ResumeOptions.WithoutJitter with
        {
            AuditInterval = source.Audits ? TimeSpan.FromMinutes(30) : null,
            StreamingLists = false,

            // A wait of two seconds is reported at once: on the thread, and under the locks, of what ended the attempt.
            Backoff = new() { Initial = 2 * _second, Jitter = 0, ResetAfter = TimeSpan.FromDays(1) },
            WatchTimeout = source.Audits ? TimeSpan.FromHours(3) : TimeSpan.FromMinutes(5),
        };
        using (Checked(source.Resume(options, _clock)).Subscribe(_ => { }))
        {
            _clock.AdvanceTo(TimeSpan.FromMinutes(50));
        }

        Assert.Empty(_found);
    }

    private IObservable<T> Checked<T>(IObservable<T> stream) => stream.Do(_ => Check(), _ => Check(), Check);

    private void Check()
    {
        _calls++;
        foreach (var frame in new StackTrace().GetFrames())
        {
            // The sink of an operator is a class inside it, such as SelectMany`2.ObservableSelector._.
            var type = frame.GetMethod()?.DeclaringType;
            while (type?.DeclaringType is { } outer)
            {
                type = outer;
            }

            if (type?.Namespace == "System.Reactive.Linq.ObservableImpl" && type.Name.Split('`')[0] is var name && _locking.Contains(name))
            {
                _found.Add(name);
            }
        }
    }

    private sealed class Source : IKubeCollection<EndpointSlice>
    {
        private int _lists;
        private int _watches;

        /// <summary>The versions of the lists, each with a slice of that version; null for one that fails.</summary>
        public required string?[] Lists { get; init; }

        /// <summary>The watches; after them, each stays open.</summary>
        public IObservable<WatchEvent<EndpointSlice>>[] Watches { get; init; } = [];

        public bool Audits { get; init; }

        public int ListsLeft => Lists.Length - _lists;

        public string Name => "endpointslices.discovery.k8s.io";

        public bool StreamsLists => false;

        public Func<EndpointSlice, ObjectMeta?>? MetadataOf => Audits ? s => s.Metadata : null;

        public IWatchable<EndpointSlice> ForOneSubscription() => this;

        public IObservable<WatchEvent<EndpointSlice>.Listed> List(ListOptions options) => Observable.Defer(() =>
            Lists.ElementAtOrDefault(_lists++) is { } version
                ? Observable.Return(
                    new WatchEvent<EndpointSlice>.Listed([Slice.Of("a", service: "cache", long.Parse(version, null))], version))
                : Observable.Throw<WatchEvent<EndpointSlice>.Listed>(new KubeTransportException("unreachable")));

        public IObservable<WatchEvent<EndpointSlice>> Watch(WatchOptions options) => Observable.Defer(() =>
            Watches.ElementAtOrDefault(_watches++) ?? Observable.Never<WatchEvent<EndpointSlice>>().StartWith(_opened));
    }
}
