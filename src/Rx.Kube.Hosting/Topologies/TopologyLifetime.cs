using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Rx.Kube;

/// <summary>
/// Begins the watches before any hosted service starts, so that these find the first snapshot, and ends them after every hosted service has
/// stopped: subscribers go first.
/// </summary>
internal sealed class TopologyLifetime(IServiceProvider services, TopologyNames names) : IHostedLifecycleService
{
    private HostedTopology[] _topologies = [];

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        _topologies = [.. names.All.Select(name => services.GetRequiredKeyedService<HostedTopology>(name))];
        await Task.WhenAll(_topologies.Select(topology => topology.StartAsync(cancellationToken))).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        foreach (var topology in _topologies)
        {
            topology.Stop();
        }

        return Task.CompletedTask;
    }
}
