using System.Diagnostics.Metrics;

namespace Rx.Kube;

/// <summary>
/// The instruments about topologies: observed when a listener asks, from the current snapshots. One set for the process, as for watches: a
/// listener takes instruments of one name for one. Source of the names: OpenTelemetry's semantic conventions for Kubernetes.
/// </summary>
internal static class TopologyInstruments
{
    /// <summary>The name of the meter, the same as in Rx.Kube, so that one <c>AddMeter</c> is enough.</summary>
    public const string MeterName = "Rx.Kube";

    private static readonly (string Name, Func<TopologyEndpoint, bool> Is)[] _conditions =
    [
        ("ready", endpoint => endpoint.Ready),
        ("serving", endpoint => endpoint.Serving),
        ("terminating", endpoint => endpoint.Terminating),
    ];

    private static readonly Meter _meter = new(MeterName);
    private static readonly Lock _lock = new();
    private static readonly HashSet<HostedTopology> _running = [];

    static TopologyInstruments()
    {
        _meter.CreateObservableGauge(
            "k8s.service.endpoint.count", Endpoints, "{endpoint}", "Endpoints of a Service, by condition, address type and zone.");
        _meter.CreateObservableUpDownCounter(
            "rxkube.topologies", Topologies, "{topology}", "Topologies of the host, by freshness.");
    }

    /// <summary>Reports a topology from now on.</summary>
    public static void Add(HostedTopology topology)
    {
        lock (_lock)
        {
            _running.Add(topology);
        }
    }

    /// <summary>Reports a topology no more.</summary>
    public static void Remove(HostedTopology topology)
    {
        lock (_lock)
        {
            _running.Remove(topology);
        }
    }

    private static HostedTopology[] Running()
    {
        lock (_lock)
        {
            return [.. _running];
        }
    }

    // Unknown is not zero: a topology that is syncing has no series. One without endpoints has zeros, so that an alert can see them.
    private static IEnumerable<Measurement<long>> Endpoints() =>
        from topology in Running()
        let snapshot = topology.Current.Value
        where snapshot is { Freshness.IsSynced: true }
        from series in SeriesOf(snapshot)
        from condition in _conditions
        select new Measurement<long>(
            series.Count(condition.Is),
            new KeyValuePair<string, object?>("k8s.namespace.name", topology.Service.Namespace),
            new KeyValuePair<string, object?>("k8s.service.name", topology.Service.Name),
            new KeyValuePair<string, object?>("rxkube.topology", topology.Name),
            new KeyValuePair<string, object?>("k8s.service.endpoint.address_type", series.Key.AddressType),
            new KeyValuePair<string, object?>("k8s.service.endpoint.zone", series.Key.Zone),
            new KeyValuePair<string, object?>("k8s.service.endpoint.condition", condition.Name));

    private static IEnumerable<Measurement<long>> Topologies() =>
        from topology in Running()
        select new Measurement<long>(
            1,
            new KeyValuePair<string, object?>("k8s.namespace.name", topology.Service.Namespace),
            new KeyValuePair<string, object?>("k8s.service.name", topology.Service.Name),
            new KeyValuePair<string, object?>("rxkube.topology", topology.Name),
            new KeyValuePair<string, object?>("rxkube.freshness", $"{topology.Current.Value?.Freshness ?? new Freshness.Syncing()}"));

    private static IEnumerable<IGrouping<(string AddressType, string Zone), TopologyEndpoint>> SeriesOf(ServiceTopology snapshot) =>
        snapshot.Endpoints.IsEmpty
            ? [new NoEndpoints()]
            : snapshot.Endpoints.GroupBy(endpoint => (endpoint.AddressType, endpoint.Zone ?? ""));

    private sealed class NoEndpoints : List<TopologyEndpoint>, IGrouping<(string AddressType, string Zone), TopologyEndpoint>
    {
        public (string AddressType, string Zone) Key => ("IPv4", "");
    }
}
