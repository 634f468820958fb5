namespace Rx.Kube.Tests.Checker;

/// <summary>What happens at one time of a schedule. <see cref="ActionTable"/> has the parameters of each kind.</summary>
internal enum ActionKind
{
    // Writes.
    Put,
    Move,
    Delete,
    Recreate,
    Burst,
    Spoil,
    Bump,
    RemoveNamespace,

    // The server.
    Compact,
    Restart,
    Restore,
    Throttle,
    ServerError,
    Unauthorized,
    Rotate,
    Forbidden,
    NotFound,
    OddStatus,
    TooLarge,
    OldList,
    Lag,
    ExpireContinue,
    TwoVersions,
    EndlessPages,
    InstantClose,
    Close,
    Gone,
    GoneAgain,
    ErrorEvent,
    Garbage,
    Bookmark,
    NoBookmarks,
    Lose,
    Duplicate,
    Reorder,
    Outdated,

    // The network.
    Refuse,
    NoAnswer,
    LateHeaders,
    Buffer,
    Split,
    Coalesce,
    Delay,
    Stall,
    Blackhole,
    Fin,
    Reset,

    // The process and its observers.
    Slow,
    Throw,
    Reenter,
    Dispose,
    DisposeConnection,
    JumpClock,
    Starve,
}
