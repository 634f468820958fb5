using Rx.Kube.Testing;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>What a <see cref="Run"/> is made of, where the list of responses is not all.</summary>
internal sealed record Script
{
    public IReadOnlyList<ScriptedResponse> Responses { get; init; } = [];

    public Func<ScriptedRequest, ScriptedResponse?>? Answer { get; init; }

    /// <summary>Makes the connection; one from an HttpClient unless said.</summary>
    public Func<Run, KubeConnection>? Connect { get; init; }

    /// <summary>No jitter, unless said.</summary>
    public ResumeOptions Options { get; init; } = ResumeOptions.WithoutJitter;

    public WireLimits Limits { get; init; } = WireLimits.Default;

    /// <summary>Disposes of the subscription inside the n-th OnNext.</summary>
    public int? DisposeAfter { get; init; }

    /// <summary>What else happens, and when.</summary>
    public IReadOnlyList<(string At, Action<KubeConnection> Action)> At { get; init; } = [];
}
