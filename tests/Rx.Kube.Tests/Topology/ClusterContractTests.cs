using System.Reactive.Linq;
using Rx.Kube.Models;
using Rx.Kube.Testing;
using Rx.Kube.Tests.Contracts;
using static Rx.Kube.Tests.Topology.TopologyTestData;

namespace Rx.Kube.Tests.Topology;

/// <summary>The events of the contract tests: about the slices a and b of two Services.</summary>
internal static class TwoServices
{
    public static readonly ServiceName Cache = new("prod", "cache");
    private static readonly EndpointSlice _a = Slice("a", Pod("cache-0", "10.0.0.1"));
    private static readonly EndpointSlice _b = Slice("b", Pod("web-0", "10.0.0.2")) with { Metadata = Meta("b", "web") };

    public static WatchEvent<EndpointSlice> Value(char key) => key switch
    {
        'l' => Listed("1", _a),
        'e' => Listed("9"),
        'a' => Added("2", _a),
        'x' => Deleted("3", _a),
        'b' => Added("4", _b),
        'm' => Modified("5", _b with { Metadata = Meta("b", "cache") }),
        'B' => Bookmark("6"),
        'i' => Interrupted(),
        'R' => Resumed(),
        _ => new WatchEvent<EndpointSlice>.Opened(),
    };
}

/// <summary>A snapshot is drawn as the number of its Services; s while it is syncing, i while it is stale.</summary>
[ContractOf(typeof(KubeObservable), nameof(KubeObservable.ToClusterTopology))]
public sealed class ToClusterTopologyContractTests : OperatorContract<WatchEvent<EndpointSlice>, ClusterTopology>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("l-b-B-x-|", "1-2---1-|"),
        ("[lbm]-i[Re]|", "[121]-i[10]|"),
        ("i-(ia)", "s-(ss)"),
        ("Bo-|", "---|"),
    ];

    protected override MarbleErrors? Errors => null;

    protected override IObservable<ClusterTopology> Apply(IObservable<WatchEvent<EndpointSlice>> source, TestClock clock) =>
        source.ToClusterTopology();

    protected override WatchEvent<EndpointSlice> Value(char key) => TwoServices.Value(key);

    protected override char Key(ClusterTopology value) => value.Freshness switch
    {
        Freshness.Live => (char)('0' + value.Count),
        Freshness.Stale => 'i',
        _ => 's',
    };
}

/// <summary>
/// One Service of a shared source; drawn as the number of its endpoints, s while it is syncing, i while it is stale. A single subscriber
/// sees a cold stream; <see cref="ByServiceTests"/> tests several subscribers.
/// </summary>
[ContractOf(typeof(ServiceTopologies), nameof(ServiceTopologies.Service))]
public sealed class ServiceContractTests : StreamContract<ServiceTopology>
{
    protected override IReadOnlyList<(string Source, string Result)> Examples =>
    [
        ("l-b-B-x-|", "1-----0-|"),
        ("[lbm]-i[Re]|", "[12]-i[20]|"),
        ("i-(ia)", "s-(ss)"),
        ("e-b-a-#", "0---1-#"),
    ];

    protected override IEnumerable<Func<object>> BadCalls =>
    [
        () => KubeObservable.ByService(null!),
        () => Observable.Never<ClusterTopology>().ByService().Service(null!),
        () => Observable.Never<ClusterTopology>().ByService().Service(new("", "cache")),
    ];

    protected override ContractStream<ServiceTopology> Make(string source, TestClock clock, GrammarLog grammar)
    {
        var events = clock.Cold(source, TwoServices.Value, Errors);
        var services = events.ValidateGrammar(grammar, "the source").ToClusterTopology().ByService(clock.Rethrow);
        return new(services.Service(TwoServices.Cache), () => events.Subscriptions);
    }

    protected override char Key(ServiceTopology value) => value.Freshness switch
    {
        Freshness.Live => (char)('0' + value.Endpoints.Count),
        Freshness.Stale => 'i',
        _ => 's',
    };
}
