namespace Rx.Kube.Connection;

/// <summary>What the process finds around it; replaced in tests.</summary>
/// <param name="Variable">Reads an environment variable; null or empty when it is not set.</param>
/// <param name="ServiceAccountDirectory">Where a pod finds token, ca.crt and namespace.</param>
internal sealed record KubeEnvironment(Func<string, string?> Variable, string ServiceAccountDirectory)
{
    public static KubeEnvironment OfProcess { get; } =
        new(Environment.GetEnvironmentVariable, "/var/run/secrets/kubernetes.io/serviceaccount");

    public string? Home => this["HOME"] ?? this["USERPROFILE"];

    /// <summary>A variable; null when it is unset or empty.</summary>
    public string? this[string name] => Variable(name) is { Length: > 0 } value ? value : null;
}
