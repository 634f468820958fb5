using System.Reactive.Linq;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;

namespace Rx.Kube.Tests.Watching;

/// <summary>With a silence of 10 ms. B is a bookmark, everything else another event.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.TimeoutOnceBookmarked))]
public sealed class TimeoutOnceBookmarkedContractTests : OperatorContract<WatchEvent<string>, WatchEvent<string>>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("a-B 20ms |", "a-B 9ms #silent"),
        ("[aB]---a|", "[aB]---a|"),
        ("a 20ms [BaB] 9ms a 10ms a", "a 20ms [BaB] 9ms a 9ms #silent"),
        ("B 8ms (aa)-|", "B 8ms (aa)-|"),
    ];

    protected override MarbleErrors? Errors => new()
    {
        { "", new InvalidOperationException("the source failed") },
        { "silent", new WatchSilentException("the watch said nothing for 0 s, although the server sends bookmarks") },
    };

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        .. base.BadCalls,
        () => Observable.Never<WatchEvent<string>>().TimeoutOnceBookmarked(TimeSpan.Zero),
        () => Observable.Never<WatchEvent<string>>().TimeoutOnceBookmarked(TimeSpan.FromTicks(-1)),
        () => Observable.Never<WatchEvent<string>>().TimeoutOnceBookmarked(TimeSpan.MaxValue),
    ];

    protected override IObservable<WatchEvent<string>> Apply(IObservable<WatchEvent<string>> source, TestClock clock) =>
        source.TimeoutOnceBookmarked(TimeSpan.FromMilliseconds(10), scheduler: clock);

    protected override WatchEvent<string> Value(char key) => key == 'B' ? WatchEvents.Bookmark<string>("25") : WatchEvents.Added("a", "18");

    protected override char Key(WatchEvent<string> value) => value is WatchEvent<string>.Bookmark ? 'B' : 'a';
}
