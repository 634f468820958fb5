using k8s;
using Rx.Kube.Benchmarks.WholePath;

namespace Rx.Kube.Benchmarks.Peers;

/// <summary>
/// Takes the list of a canned server into a client, in a fresh process, and prints its <see cref="ColdStart"/>:
/// <c>dotnet run -c Release -- cold CLIENT FOLDER ENDPOINTS</c>. It is started by <c>compare cold</c>. Linux only: memory is read from
/// /proc.
/// </summary>
internal static class ColdClient
{
    /// <summary>The clients of this program.</summary>
    public static readonly IReadOnlyDictionary<string, Func<CannedList, int, object>> Clients =
        new Dictionary<string, Func<CannedList, int, object>>(RxKubeCold.Clients)
        {
            ["kubernetesclient"] = (list, _) => ListAsync(list).GetAwaiter().GetResult(),
            ["reader"] = (list, _) => SystemTextJsonPeer.Limit(list.Page(0, 0)),
        };

    private static async Task<object> ListAsync(CannedList list)
    {
        var client = new Kubernetes(new KubernetesClientConfiguration { Host = CannedServer.Address.ToString() }, new CannedServer(list));
        var slices = await client.DiscoveryV1.ListNamespacedEndpointSliceAsync(
            SliceWorkload.Namespace, labelSelector: "kubernetes.io/service-name=" + SliceWorkload.Service);
        return slices.Items.ToDictionary(slice => slice.Metadata.Name);
    }
}
