using System.Runtime.CompilerServices;

namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>What a test does to the server.</summary>
public enum Needs
{
    /// <summary>Reads and writes objects in the fixture's namespace.</summary>
    Objects,

    /// <summary>Kills, restarts or compacts it: not on a cluster of somebody else.</summary>
    ServerControl,
}

/// <summary>A test against a real API server; skipped with the command that would enable it, but on CI it must run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealServerFactAttribute : FactAttribute
{
    private readonly string _test;

    public RealServerFactAttribute([CallerMemberName] string test = "")
    {
        _test = test;
        SkipFor(Needs.Objects);
    }

    /// <summary>What the test does to the server.</summary>
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
        { Kind: ServerKind.None } when required => null, // the fixture fails and says why
        { Kind: ServerKind.None } => ServerSource.Cure,
        { CanControl: false } when needs == Needs.ServerControl =>
            $"Kills or restarts the server, and {ServerSource.KubeconfigVariable} names a cluster that is not the tests' own. "
            + $"Unset it and run {ServerSource.Command}.",
        _ => null,
    };

    /// <summary>`dotnet test` prints the name of what is skipped and not the reason, so the name says how to run it.</summary>
    private void SkipFor(Needs needs)
    {
        Skip = Reason(needs, ServerSource.Current, ServerSource.IsRequired);
        DisplayName = Skip is null ? null : $"{_test} (to run it: {ServerSource.Command})";
    }
}
