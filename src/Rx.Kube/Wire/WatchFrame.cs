namespace Rx.Kube;

/// <summary>The types of watch events. Source: apimachinery watch.go.</summary>
internal enum FrameType
{
    Unknown,
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,

    /// <summary>The frame is only the beginning of an event.</summary>
    Incomplete,
}

/// <summary>One event of a watch, its object still undecoded.</summary>
internal readonly ref struct WatchFrame(FrameType type, ReadOnlySpan<byte> @object, ReadOnlySpan<byte> rest = default)
{
    /// <summary>Gets the type of the event.</summary>
    public FrameType Type { get; } = type;

    /// <summary>Gets the bytes of the object, in the format of the event.</summary>
    public ReadOnlySpan<byte> Object { get; } = @object;

    /// <summary>Gets what follows the event: usually nothing. The shortcut does not always know.</summary>
    public ReadOnlySpan<byte> Rest { get; } = rest;
}
