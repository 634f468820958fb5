using Rx.Kube.Testing;

namespace Rx.Kube.Tests.EndToEnd;

/// <summary>The input of a <see cref="Run"/> that needs more than a list of responses.</summary>
internal sealed record Script
{
    /// <summary>
    /// Like the default, with a first wait of 2 s: the next attempt is later than the grace, so that every failure is reported at once.
    /// </summary>
    public static ResumeOptions LongWaits { get; } = new Script().Options with
    {
        Backoff = Backoff.Default with { Initial = TimeSpan.FromSeconds(2) },
    };

    public IReadOnlyList<ScriptedResponse> Responses { get; init; } = [];

    public Func<ScriptedRequest, ScriptedResponse?>? Answer { get; init; }

    /// <summary>Creates the connection. The default is one from an HttpClient.</summary>
    public Func<Run, KubeConnection>? Connect { get; init; }

    /// <summary>No jitter, unless said.</summary>
    public ResumeOptions Options { get; init; } = ResumeOptions.WithoutJitter with { StreamingLists = false, AuditInterval = null };

    public WireLimits Limits { get; init; } = WireLimits.Default;

    /// <summary>The number of the OnNext that disposes of the subscription.</summary>
    public int? DisposeAfter { get; init; }

    /// <summary>Other actions and their times.</summary>
    public IReadOnlyList<(string At, Action<KubeConnection> Action)> At { get; init; } = [];
}
