using System.Net;

namespace Rx.Kube;

/// <summary>The environment of the process; tests replace it.</summary>
/// <param name="Variable">Reads an environment variable; gives null or an empty text when it is not set.</param>
/// <param name="ServiceAccountDirectory">The directory of a pod's token, ca.crt and namespace.</param>
internal sealed record KubeEnvironment(Func<string, string?> Variable, string ServiceAccountDirectory)
{
    public static KubeEnvironment OfProcess { get; } =
        new(Environment.GetEnvironmentVariable, "/var/run/secrets/kubernetes.io/serviceaccount");

    /// <summary>Wraps the handler that sends the requests.</summary>
    public Func<SocketsHttpHandler, HttpMessageHandler> Network { get; init; } = handler => handler;

    /// <summary>Finds the addresses of a name, in the order of preference.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Runs an exec plugin within limits, passes on its standard error, and returns its output.</summary>
    public Func<ExecPlugin, KubeConnectionOptions, Action<string>, CancellationToken, Task<byte[]>> RunPlugin { get; init; } =
        ExecPluginRunner.RunAsync;

    /// <summary>Calls a function that reads the files of an identity.</summary>
    public Func<Func<Credential>, Task<Credential>> OffThread { get; init; } = ConfigFile.OffThread;

    public string? Home => this["HOME"] ?? this["USERPROFILE"];

    /// <summary>An environment variable; null when it is unset or empty.</summary>
    public string? this[string name] => Variable(name) is { Length: > 0 } value ? value : null;
}
