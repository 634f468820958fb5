using System.Collections.Immutable;
using System.Text.Json;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Specifies what a check has found.</summary>
internal enum CheckState
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>The question has no answer, and nothing suffers from that.</summary>
    Unknown,

    /// <summary>Something works, but not as it should.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Problem,
}

/// <summary>Represents one line of the checklist.</summary>
/// <param name="Id">The name of the check, which scripts read.</param>
/// <param name="State">What was found.</param>
/// <param name="Text">What was found, in words.</param>
/// <param name="Fix">The remedy; null if there is nothing to fix.</param>
internal sealed record Check(string Id, CheckState State, string Text, string? Fix = null)
{
    private const string ToFix = "To fix: ";

    /// <summary>Gets whether this is a finding, with which the exit code is not 0.</summary>
    public bool IsFinding => State is CheckState.Warning or CheckState.Problem;

    /// <summary>Gets further lines.</summary>
    public ImmutableArray<string> Details { get; init; } = [];

    /// <summary>Gets the manifest that grants a missing permission; null for none.</summary>
    public string? Manifest { get; init; }

    /// <summary>Gets what writes the measured values as JSON properties; null for none.</summary>
    public Action<Utf8JsonWriter>? Facts { get; init; }

    /// <summary>Creates a check that has failed.</summary>
    /// <param name="id">The name of the check.</param>
    /// <param name="error">The error, whose message has the cause and, after "To fix:", the remedy.</param>
    /// <param name="state">What was found.</param>
    /// <returns>The check.</returns>
    public static Check Failed(string id, Exception error, CheckState state = CheckState.Problem)
    {
        var parts = error.Message.Split(ToFix, 2);
        return new(id, state, parts[0].TrimEnd(), parts is [_, var fix] ? fix.TrimEnd('.') : null);
    }
}

/// <summary>Represents the result of an examination.</summary>
/// <param name="Checks">The checks, in their order.</param>
/// <param name="Service">The examined Service; null before the configuration is known, or without one.</param>
/// <param name="IsBlocked">Whether nothing could be asked.</param>
internal sealed record Report(ImmutableArray<Check> Checks, ServiceName? Service, bool IsBlocked)
{
    /// <summary>Gets the finding to repair first; null if all is well.</summary>
    public Check? First => Checks.FirstOrDefault(c => c.State == CheckState.Problem) ?? Checks.FirstOrDefault(c => c.IsFinding);
}
