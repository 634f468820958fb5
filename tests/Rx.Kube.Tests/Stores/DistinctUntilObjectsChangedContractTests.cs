using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Tests.Contracts;
using static Rx.Kube.Tests.Joins.JoinTestData;

namespace Rx.Kube.Tests.Stores;

/// <summary>A snapshot is drawn as the number of its objects; s while it is syncing, i while it is stale with two.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.DistinctUntilObjectsChanged))]
public sealed class DistinctUntilObjectsChangedContractTests : OperatorContract<ResourceStore<Pod>, ResourceStore<Pod>>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
        [("s-0-0-2-i-1|", "s-0---2---1|"), ("[s02]--2|", "[s02]---|")];

    protected override IObservable<ResourceStore<Pod>> Apply(IObservable<ResourceStore<Pod>> source, TestClock clock) =>
        source.DistinctUntilObjectsChanged();

    protected override ResourceStore<Pod> Value(char key)
    {
        var list = Listed([.. Enumerable.Range(0, key is 's' ? 0 : key is 'i' ? 2 : key - '0').Select(i => Pod(i))]);
        WatchEvent<Pod>[] events = key switch
        {
            's' => [Interrupted<Pod>()],
            'i' => [list, Interrupted<Pod>()],
            _ => [list],
        };
        return events.ToObservable().ToStore().LastAsync().Wait();
    }

    protected override char Key(ResourceStore<Pod> value) => value.Freshness switch
    {
        Freshness.Syncing => 's',
        Freshness.Stale => 'i',
        _ => (char)('0' + value.Count),
    };
}
