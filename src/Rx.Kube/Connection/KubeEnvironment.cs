using System.Reactive.Concurrency;

namespace Rx.Kube;

/// <summary>What the process finds around it; replaced in tests.</summary>
/// <param name="Variable">Reads an environment variable; null or empty when it is not set.</param>
/// <param name="ServiceAccountDirectory">Where a pod finds token, ca.crt and namespace.</param>
internal sealed record KubeEnvironment(Func<string, string?> Variable, string ServiceAccountDirectory)
{
    public static KubeEnvironment OfProcess { get; } =
        new(Environment.GetEnvironmentVariable, "/var/run/secrets/kubernetes.io/serviceaccount");

    /// <summary>Carries the requests; it is given the handler made for them.</summary>
    public Func<SocketsHttpHandler, HttpMessageHandler> Network { get; init; } = handler => handler;

    /// <summary>Runs an exec plugin, within a time, and gives what it wrote.</summary>
    public Func<ExecPlugin, TimeSpan, IScheduler, CancellationToken, Task<byte[]>> RunPlugin { get; init; } = ExecPluginRunner.RunAsync;

    public string? Home => this["HOME"] ?? this["USERPROFILE"];

    /// <summary>A variable; null when it is unset or empty.</summary>
    public string? this[string name] => Variable(name) is { Length: > 0 } value ? value : null;
}
