using System.Reactive.Concurrency;
using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Watching;

/// <summary>Opens what is to be watched. Nothing is sent to a cluster before somebody subscribes.</summary>
/// <param name="settings">The settings.</param>
/// <param name="scheduler">All time.</param>
/// <returns>The source.</returns>
internal delegate Task<WatchSource> OpenSource(WatchSettings settings, IScheduler scheduler);

/// <summary>What is watched.</summary>
/// <param name="Snapshots">The snapshots: cold, never completes.</param>
/// <param name="Service">The Service.</param>
/// <param name="Origin">Where the data comes from, for people. Not escaped.</param>
internal sealed record WatchSource(IObservable<ServiceTopology> Snapshots, ServiceName Service, string Origin) : IAsyncDisposable
{
    /// <summary>Ends what the source holds.</summary>
    public Func<ValueTask> Close { get; init; } = () => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Close();
}
