using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>A snapshot is drawn as the number of its endpoints; s while it is syncing, i while it is stale.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.ToTopology))]
public sealed class ToTopologyContractTests : OperatorContract<WatchEvent<EndpointSlice>, ServiceTopology>
{
    private static readonly EndpointSlice _one = Slice("s1", Pod("cache-0", "10.0.0.1"));
    private static readonly EndpointSlice _two = Slice("s2", Pod("cache-1", "10.0.0.2"));
    private static readonly EndpointSlice _other = _two with { Metadata = Meta("s9", "queue") };

    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("l-a-B-d-|", "1-2---1-|"),
        ("[lad]-i[Re]|", "[121]-i[10]|"),
        ("i-(ia)", "s-(ss)"),
        ("Bo-|", "---|"),
        ("[la]-x[ad]-", "[12]-#"),
    ];

    protected override MarbleErrors? Errors => null;

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        .. base.BadCalls,
        () => Observable.Never<WatchEvent<EndpointSlice>>().ToTopology(new ServiceName("", "cache")),
        () => Observable.Never<WatchEvent<EndpointSlice>>().ToTopology(new ServiceName("prod", "")),
    ];

    protected override IObservable<ServiceTopology> Apply(IObservable<WatchEvent<EndpointSlice>> source, TestClock clock) =>
        source.ToTopology();

    protected override IEnumerable<(
        string Source, string Result, Func<IObservable<WatchEvent<EndpointSlice>>, TestClock, IObservable<ServiceTopology>> Apply)>
        Throwing(Exception mine) =>
            [("l-B-a-d|", "1---#", (source, _) => source.ToTopology(memberOf: e => e.Member == "cache-1" ? throw mine : "x"))];

    protected override WatchEvent<EndpointSlice> Value(char key) => key switch
    {
        'l' => Listed("1", _one),
        'e' => Listed("9"),
        'a' => Added("2", _two),
        'd' => Deleted("3", _two),
        'x' => Added("4", _other),
        'B' => Bookmark("5"),
        'i' => Interrupted(),
        'R' => Resumed(),
        _ => new WatchEvent<EndpointSlice>.Opened(),
    };

    protected override char Key(ServiceTopology value) => value.Freshness switch
    {
        Freshness.Live => (char)('0' + value.Endpoints.Count),
        Freshness.Stale => 'i',
        _ => 's',
    };
}
