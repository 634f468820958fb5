using System.Text.Json;

namespace Rx.Kube.Cli.Agreeing;

/// <summary>Specifies whether a process believes what the API server says.</summary>
internal enum Agreement
{
    /// <summary>It believes the same.</summary>
    Agrees,

    /// <summary>It has no complete snapshot yet.</summary>
    Syncing,

    /// <summary>It believes what was true before.</summary>
    Behind,

    /// <summary>It believes something else.</summary>
    Differs,

    /// <summary>It does not tell.</summary>
    Unreachable,
}

/// <summary>Represents what was found out about one process and one Service. Texts are not escaped.</summary>
/// <param name="Process">The URL.</param>
/// <param name="State">Whether it agrees.</param>
/// <param name="Text">What differs, in words; empty if nothing does.</param>
internal sealed record Verdict(Uri Process, Agreement State, string Text)
{
    /// <summary>Gets what the process believes; null if it does not tell.</summary>
    public Belief? Belief { get; init; }

    /// <summary>Gets for how long the API server has had a newer state; null if that is not known.</summary>
    public TimeSpan? Behind { get; init; }

    /// <summary>Gets how its endpoints differ from the API server's; null where that was not compared.</summary>
    public EndpointDifferences? Endpoints { get; init; }

    /// <summary>Gets the state as JSON has it.</summary>
    public string StateName => JsonNamingPolicy.CamelCase.ConvertName($"{State}");
}
