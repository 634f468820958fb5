using System.Collections.Immutable;

namespace Rx.Kube.Testing;

/// <summary>A line of a recording after the header: the closed set of those that are known.</summary>
/// <param name="At">The time since the start.</param>
internal abstract record RecordedLine(TimeSpan At)
{
    /// <summary>Gets the version that the stream has reached with this line; null if it has none.</summary>
    public virtual string? VersionReached => null;

    /// <summary>A complete list, whose objects are encoded.</summary>
    public sealed record List(
        TimeSpan At, string Version, ImmutableArray<ReadOnlyMemory<byte>> Items, ImmutableArray<SkippedObject> SkippedItems,
        Continuity Continuity) : RecordedLine(At)
    {
        public override string VersionReached => Version;
    }

    /// <summary>A change: <c>ADDED</c>, <c>MODIFIED</c> or <c>DELETED</c>.</summary>
    public sealed record Change(TimeSpan At, string Type, ReadOnlyMemory<byte> Object, string Version) : RecordedLine(At)
    {
        public override string VersionReached => Version;
    }

    public sealed record Bookmark(TimeSpan At, string Version, bool EndsInitialEvents) : RecordedLine(At)
    {
        public override string VersionReached => Version;
    }

    public sealed record Skipped(TimeSpan At, SkippedObject Object, string Version, bool IsDeletion) : RecordedLine(At)
    {
        public override string VersionReached => Version;
    }

    public sealed record Opened(TimeSpan At) : RecordedLine(At);

    /// <summary>The connection is lost; the times are since the start, on the wall clock.</summary>
    public sealed record Gap(
        TimeSpan At, InterruptionKind Cause, string Message, TimeSpan Since, TimeSpan FailedAt, TimeSpan RetryAfter, int Attempts)
        : RecordedLine(At)
    {
        public WatchInterruption Interruption(DateTimeOffset start) =>
            new(Cause, Message, After(start, Since), After(start, FailedAt), RetryAfter) { FailedAttempts = Attempts };

        // The header may have any time. The next attempt after it must be a time, too.
        private static DateTimeOffset After(DateTimeOffset start, TimeSpan time) =>
            new(Math.Clamp(start.UtcTicks + time.Ticks, 0, DateTime.MaxValue.Ticks - RecordingFormat.Longest.Ticks), TimeSpan.Zero);
    }

    public sealed record Resumed(TimeSpan At) : RecordedLine(At);

    public sealed record Mark(TimeSpan At, string Text) : RecordedLine(At);

    /// <summary>The stream failed.</summary>
    public sealed record Failed(TimeSpan At, Exception Error) : RecordedLine(At);

    /// <summary>The stream completed, or only the recording ended.</summary>
    public sealed record End(TimeSpan At, bool IsCompletion) : RecordedLine(At);
}
