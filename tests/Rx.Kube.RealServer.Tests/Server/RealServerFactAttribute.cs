using System.Runtime.CompilerServices;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>Specifies what a test does to the server.</summary>
public enum Needs
{
    /// <summary>Reads and writes objects in the fixture's namespace.</summary>
    Objects,

    /// <summary>Kills, restarts or compacts the server; not possible on an external cluster.</summary>
    ServerControl,
}

/// <summary>
/// Marks a test against a real API server. Without one, the test is skipped with the command that enables it; on CI it must run.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealServerFactAttribute : FactAttribute
{
    private readonly string _test;

    public RealServerFactAttribute([CallerMemberName] string test = "")
    {
        _test = test;
        SkipFor(Needs.Objects);
    }

    /// <summary>Gets or sets what the test does to the server.</summary>
    public Needs Needs
    {
        get;
        set
        {
            field = value;
            SkipFor(value);
        }
    }

    internal static string? Reason(Needs needs, ServerSource source, bool required) => source switch
    {
        { Kind: ServerKind.None } when required => null, // the fixture fails with the reason
        { Kind: ServerKind.None } => ServerSource.ToFix,
        { CanControl: false } when needs == Needs.ServerControl =>
            $"Kills or restarts the server, and {ServerSource.KubeconfigVariable} names an external cluster. "
            + $"To fix: unset it and run {ServerSource.Command}.",
        _ => null,
    };

    /// <summary>`dotnet test` prints the name of a skipped test and not the reason, so the name has the command.</summary>
    private void SkipFor(Needs needs)
    {
        Skip = Reason(needs, ServerSource.Current, ServerSource.IsRequired);
        DisplayName = Skip is null ? null : $"{_test} (to run it: {ServerSource.Command})";
    }
}
