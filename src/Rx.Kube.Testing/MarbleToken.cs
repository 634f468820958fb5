namespace Rx.Kube.Testing;

internal enum MarbleKind
{
    Next,
    Error,
    Completed,

    /// <summary><c>^</c>: frame zero of a hot diagram, the start of a subscription, the answer of a server.</summary>
    Start,

    /// <summary><c>!</c>: the end of a subscription.</summary>
    Unsubscribe,
}

/// <summary>One mark of a diagram that is not time.</summary>
/// <param name="Kind">The kind of the mark.</param>
/// <param name="Frame">The frame.</param>
/// <param name="Column">The column in the diagram, counted from 1; 0 without a diagram.</param>
/// <param name="Key">The character of a value.</param>
/// <param name="Name">The name of an error; empty for a plain <c>#</c>.</param>
internal readonly record struct MarbleToken(MarbleKind Kind, long Frame, int Column = 0, char Key = default, string Name = "");
