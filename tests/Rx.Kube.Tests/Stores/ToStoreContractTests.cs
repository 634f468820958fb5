using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;
using static Rx.Kube.Tests.Joins.JoinTestData;

namespace Rx.Kube.Tests.Stores;

/// <summary>A snapshot is drawn as the number of its objects; s while it is syncing, i while it is stale.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.ToStore))]
public sealed class ToStoreContractTests : OperatorContract<WatchEvent<Pod>, ResourceStore<Pod>>
{
    private static readonly StoreIndex<Pod, string> _byNode = StoreIndex.By((Pod pod) => pod.NodeName);

    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("l-a-B-d-|", "1-2---1-|"),
        ("[lad]-i[Re]|", "[121]-i[10]|"),
        ("i-(ia)", "s-(ss)"),
        ("Bo-|", "---|"),
    ];

    protected override MarbleErrors? Errors => null;

    protected override IObservable<ResourceStore<Pod>> Apply(IObservable<WatchEvent<Pod>> source, TestClock clock) =>
        source.ToStore(_byNode);

    protected override IEnumerable<(
        string Source, string Result, Func<IObservable<WatchEvent<Pod>>, TestClock, IObservable<ResourceStore<Pod>>> Apply)> Throwing(
        Exception mine) =>
    [
        ("e-l-a", "0-#", (source, _) => source.ToStore(StoreIndex.By<Pod, string>(_ => throw mine))),
        ("e-l-a", "0-#", (source, _) => source.ToStore(StoreIndex.ByMany<Pod, string>(_ => throw mine))),
        ("e-l-a", "0-#", (source, _) => source.ToStore(_ => throw mine)),
    ];

    protected override WatchEvent<Pod> Value(char key) => key switch
    {
        'l' => Listed(Pod(0)),
        'e' => Listed<Pod>(),
        'a' => Modified(Pod(1)),
        'd' => Deleted(Pod(1)),
        'B' => new WatchEvent<Pod>.Bookmark("5"),
        'i' => Interrupted<Pod>(),
        'R' => Resumed<Pod>(),
        _ => new WatchEvent<Pod>.Opened(),
    };

    protected override char Key(ResourceStore<Pod> value) => value.Freshness switch
    {
        Freshness.Live => (char)('0' + value.Count),
        Freshness.Stale => 'i',
        _ => 's',
    };
}
