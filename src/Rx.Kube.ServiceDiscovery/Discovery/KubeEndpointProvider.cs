using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.ServiceDiscovery;

namespace Rx.Kube;

/// <summary>Gives the endpoints of one address. The watch is not its own, so service discovery may dispose it at any time.</summary>
internal sealed class KubeEndpointProvider(KubeAddress address, TopologyChanges changes, KubePodOptions pod)
    : IServiceEndpointProvider, IHostNameFeature
{
    /// <summary>Gets the name in the request: the server has a certificate for it, and not for the address of a pod.</summary>
    public string HostName => address.Host;

    public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        if (endpoints.Endpoints.Count > 0)
        {
            return;
        }

        // The token first: what changes in between is refreshed at once.
        endpoints.AddChangeToken(changes.Token);
        var snapshot = await NoEndpoint.OrSnapshotAsync(address.Topology, cancellationToken).ConfigureAwait(false);
        InvalidOperationException? noPort = null;
        foreach (var endpoint in TrafficOrder.Of(snapshot, pod.Node, pod.Zone).Near)
        {
            try
            {
                var features = new FeatureCollection();
                features.Set<IHostNameFeature>(this);
                endpoints.Endpoints.Add(ServiceEndpoint.Create(address.EndPointOf(endpoint), features));
            }
            catch (InvalidOperationException e)
            {
                noPort = e;
            }
        }

        // An error and not an empty answer: that would be filled by DNS, which knows less.
        if (endpoints.Endpoints.Count == 0)
        {
            throw noPort ?? (Exception)NoEndpoint.In(snapshot);
        }
    }

    public ValueTask DisposeAsync() => default;

    public override string ToString() => "Rx.Kube";
}
