using Microsoft.Extensions.Hosting;

namespace Rx.Kube.Simulator.Http;

/// <summary>The server lives as long as its owner wants; Ctrl+C is the business of the process.</summary>
internal sealed class OwnedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
