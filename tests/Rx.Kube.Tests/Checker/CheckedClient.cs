using System.Reactive.Concurrency;
using Rx.Kube.Models;

namespace Rx.Kube.Tests.Checker;

/// <summary>
/// A client that schedules are played against: the real one, or one with a defect in one of its layers. The layers from the wire up:
/// requests, the collection, the resumed stream, the fold.
/// </summary>
internal sealed record CheckedClient(string Name)
{
    /// <summary>The client as it ships.</summary>
    public static CheckedClient Real { get; } = new("the client");

    /// <summary>The options of all clients: shorter times than in production, so that a run is short.</summary>
    public static ResumeOptions Options { get; } = new()
    {
        Backoff = new() { Max = TimeSpan.FromSeconds(5) },
        WatchTimeout = TimeSpan.FromSeconds(30),
        SilenceTimeout = TimeSpan.FromSeconds(35),
        AuditInterval = TimeSpan.FromSeconds(30),
    };

    /// <summary>Changes the options.</summary>
    public Func<ResumeOptions, ResumeOptions> Configure { get; init; } = o => o;

    /// <summary>Wraps the handler of the requests.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler> Handler { get; init; } = h => h;

    /// <summary>Whether the connection asks for credentials again after a 401.</summary>
    public bool Refreshes { get; init; } = true;

    /// <summary>Wraps the collection.</summary>
    public Func<IWatchable<EndpointSlice>, IScheduler, IWatchable<EndpointSlice>> Source { get; init; } = (s, _) => s;

    /// <summary>The safeguards of the stream.</summary>
    public ResumeRules Rules { get; init; } = ResumeRules.Default;

    /// <summary>Wraps the resumed stream.</summary>
    public Func<IObservable<WatchEvent<EndpointSlice>>, IObservable<WatchEvent<EndpointSlice>>> Stream { get; init; } = s => s;

    /// <summary>Folds the stream.</summary>
    public Func<IObservable<WatchEvent<EndpointSlice>>, IObservable<ClusterTopology>> Fold { get; init; } = s => s.ToClusterTopology();

    public override string ToString() => Name;
}
