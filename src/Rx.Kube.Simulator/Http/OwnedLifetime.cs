using Microsoft.Extensions.Hosting;

namespace Rx.Kube.Simulator.Http;

/// <summary>A lifetime that ignores Ctrl+C: the owner of the server ends it.</summary>
internal sealed class OwnedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
