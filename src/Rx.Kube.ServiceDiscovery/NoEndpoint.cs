using System.Globalization;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;

namespace Rx.Kube;

/// <summary>
/// Why a request cannot be sent. The errors are those of a name that cannot be resolved, which retries handle.
/// </summary>
internal static class NoEndpoint
{
    /// <summary>How long a request waits for the first complete list. The host has waited for it too, unless told not to.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Gets the current snapshot, and waits for the first complete one.</summary>
    /// <exception cref="HttpRequestException">There is none.</exception>
    public static ValueTask<ServiceTopology> OrSnapshotAsync(IKubeTopology topology, CancellationToken cancellationToken) =>
        topology.Current.Value is { Freshness.IsSynced: true } current
            ? new(current)
            : WaitAsync(topology, topology.Snapshots.FirstSyncedAsync(_patience, cancellationToken));

    /// <summary>Gets the current ring. The first one follows the first complete snapshot at once.</summary>
    /// <exception cref="HttpRequestException">There is none.</exception>
    public static ValueTask<RingView> OrRingAsync(IKubeTopology topology, CancellationToken cancellationToken) =>
        topology.CurrentRing.Value is { } current
            ? new(current)
            : WaitAsync(topology, topology.Rings.FirstAsync().Timeout(_patience).ToTask(cancellationToken));

    /// <summary>No endpoint of the Service can be used.</summary>
    public static HttpRequestException In(ServiceTopology snapshot) => Error(
        $"No endpoint of {NameOf(snapshot)} can be used: {snapshot.Presence switch
        {
            ServicePresence.NoSlices => "the Service has no EndpointSlice, so it may not exist or have no selector",
            ServicePresence.NoEndpoints => "it has no endpoints",
            _ => $"none of its {snapshot.Endpoints.Count.ToString(CultureInfo.InvariantCulture)} endpoints is ready",
        }} ({StateOf(snapshot)}).");

    /// <summary>No replica of a key can be used.</summary>
    public static HttpRequestException For(ReadOnlySpan<RingMember> replicas, ServiceTopology snapshot)
    {
        if (replicas.IsEmpty)
        {
            return In(snapshot);
        }

        var members = new string[replicas.Length];
        for (var i = 0; i < replicas.Length; i++)
        {
            members[i] = $"{Printable.Of(replicas[i].Name, 100)} is {WhyNot(snapshot.EndpointsOf(replicas[i].Name))}";
        }

        return Error($"No replica of the key in {NameOf(snapshot)} can be used: {string.Join(", ", members)} ({StateOf(snapshot)}).");
    }

    private static async ValueTask<T> WaitAsync<T>(IKubeTopology topology, Task<T> first)
    {
        try
        {
            return await first.ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw Error($"No complete list of {topology.Service} has arrived so far: {CauseOf(e)}", e);
        }
    }

    // The message of a missing permission is escaped already, and its manifest is no use when it is cut.
    private static string CauseOf(Exception error) => error is FirstSyncTimeoutException { Interruption.Error: KubeForbiddenException }
        ? error.Message
        : Printable.Of(error.Message, 1000, lines: true);

    private static string WhyNot(EquatableArray<TopologyEndpoint> endpoints) =>
        endpoints.IsEmpty ? "gone, though it keeps its place on the ring"
        : endpoints.Any(endpoint => endpoint.Terminating) ? "terminating and not serving"
        : "not ready";

    private static string NameOf(ServiceTopology snapshot) => $"{snapshot.Namespace}/{snapshot.Service}";

    private static string StateOf(ServiceTopology snapshot) =>
        $"{snapshot.Freshness}, version {Printable.Of(snapshot.Version, 40)}";

    private static HttpRequestException Error(string message, Exception? inner = null) =>
        new(HttpRequestError.NameResolutionError, message, inner);
}
