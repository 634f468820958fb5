using System.Reactive.Concurrency;

namespace Rx.Kube.Tests.Connection.Support;

/// <summary>Options with an environment made by the test.</summary>
internal static class TestOptions
{
    public static KubeConnectionOptions With(
        Dictionary<string, string>? variables = null,
        string serviceAccount = "/nonexistent/serviceaccount",
        IScheduler? scheduler = null) => new()
        {
            Environment = new KubeEnvironment(name => variables?.GetValueOrDefault(name), serviceAccount),
            Scheduler = scheduler ?? DefaultScheduler.Instance,
        };

    /// <summary>Files are read on the thread of the virtual clock, which does not wait for another one.</summary>
    public static KubeEnvironment WithoutThreads(this KubeEnvironment environment) =>
        environment with { OffThread = read => Task.FromResult(0).ContinueWith(_ => read(), TaskContinuationOptions.ExecuteSynchronously) };

    /// <summary>A pod of a cluster whose API server is on loopback.</summary>
    public static KubeConnectionOptions Pod(TempFolder folder, string host, int port, IScheduler? scheduler = null) => With(
        new() { ["KUBERNETES_SERVICE_HOST"] = host, ["KUBERNETES_SERVICE_PORT"] = $"{port}" }, folder.Path, scheduler);
}
