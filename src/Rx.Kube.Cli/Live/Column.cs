namespace Rx.Kube.Cli.Live;

/// <summary>The columns, from left to right.</summary>
internal enum Column
{
    /// <summary>What happened lately: <c>+ ~ -</c>.</summary>
    Mark,

    /// <summary>The member.</summary>
    Member,

    /// <summary>Ready, terminating, …</summary>
    State,

    /// <summary>The addresses.</summary>
    Address,

    /// <summary>The ports.</summary>
    Ports,

    /// <summary>The zone.</summary>
    Zone,

    /// <summary>The node.</summary>
    Node,

    /// <summary>How long ago it changed.</summary>
    Changed,
}
