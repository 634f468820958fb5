using System.Text;

namespace Rx.Kube;

/// <summary>
/// An event of a watch. This is a closed hierarchy: the nested types are the only cases. There are no partial lists: a list arrives as a
/// whole, as <see cref="Listed"/>, and replaces everything before it.
/// </summary>
/// <typeparam name="T">The decoded object.</typeparam>
/// <remarks>
/// <para><c>List</c> emits one <see cref="Listed"/>. <c>Watch</c> emits <see cref="Opened"/>, then <see cref="Added"/>,
/// <see cref="Modified"/>, <see cref="Deleted"/>, <see cref="Bookmark"/> and <see cref="Skipped"/>.
/// <see cref="Interrupted"/> and <see cref="Resumed"/> appear only on a resumed stream, which has no <see cref="Opened"/>.</para>
/// <para>An interruption ends with <see cref="Resumed"/> (nothing was missed) or with <see cref="Listed"/> (a new complete state).</para>
/// </remarks>
public abstract record WatchEvent<T>
{
    private WatchEvent()
    {
    }

    /// <summary>Returns the event and its object, with control and format characters escaped.</summary>
    /// <returns>The text.</returns>
    public sealed override string ToString()
    {
        var members = new StringBuilder();
        PrintMembers(members);
        return Printable.Of($"{GetType().Name} {{ {members} }}", int.MaxValue);
    }

    /// <summary>The version that the stream has reached with this event; null if the event has no version.</summary>
    internal string? VersionReached => this switch
    {
        Modified e => e.ResourceVersion,
        Added e => e.ResourceVersion,
        Deleted e => e.ResourceVersion,
        Bookmark e => e.ResourceVersion,
        Listed e => e.ResourceVersion,
        Skipped e => e.ResourceVersion,
        _ => null,
    };

    /// <summary>The complete state at one version.</summary>
    /// <param name="Items">All objects, in the server's order.</param>
    /// <param name="ResourceVersion">The version of the list, from which a watch starts.</param>
    public sealed record Listed(EquatableArray<T> Items, string ResourceVersion) : WatchEvent<T>
    {
        /// <summary>Gets the objects of this list that could not be decoded, and so are missing from <see cref="Items"/>.</summary>
        public EquatableArray<SkippedObject> SkippedItems { get; init; }

        /// <summary>Gets how this list relates to the state before it. On a list that is not part of a resumed stream: first.</summary>
        public Continuity Continuity { get; init; }

        /// <summary>Gets when the server was last heard, on a resumed stream; no part of the equality.</summary>
        public WatchEvidence Evidence { get; init; } = WatchEvidence.None;

        /// <summary>Gets which objects were selected; null when the source does not say.</summary>
        public ResourceSelection? Selection { get; init; }
    }

    /// <summary>The server accepted the watch. Events follow when there are changes.</summary>
    public sealed record Opened : WatchEvent<T>;

    /// <summary>An object appeared.</summary>
    /// <param name="Object">The object.</param>
    /// <param name="ResourceVersion">The version of the object, and the version that the watch has reached.</param>
    public sealed record Added(T Object, string ResourceVersion) : WatchEvent<T>;

    /// <summary>An object changed.</summary>
    /// <param name="Object">The current object.</param>
    /// <param name="ResourceVersion">The version of the object, and the version that the watch has reached.</param>
    public sealed record Modified(T Object, string ResourceVersion) : WatchEvent<T>;

    /// <summary>An object disappeared, or no longer matches the selectors.</summary>
    /// <param name="Object">The last state of the object.</param>
    /// <param name="ResourceVersion">The version of the deletion, and the version that the watch has reached.</param>
    public sealed record Deleted(T Object, string ResourceVersion) : WatchEvent<T>;

    /// <summary>All changes up to this version have been sent. Bookmarks come about once a minute and are never guaranteed.</summary>
    /// <param name="ResourceVersion">The version that the watch has reached.</param>
    public sealed record Bookmark(string ResourceVersion) : WatchEvent<T>
    {
        /// <summary>
        /// Gets whether the initial events of a streaming list end here: every object at this version has been sent
        /// (<see cref="WatchOptions.SendInitialEvents"/>; the annotation <c>k8s.io/initial-events-end</c>).
        /// </summary>
        public bool EndsInitialEvents { get; init; }
    }

    /// <summary>An event whose object could not be decoded. It is reported and skipped; the stream continues.</summary>
    /// <param name="Object">The known parts of the object, and why it could not be decoded.</param>
    /// <param name="ResourceVersion">The version that the watch has reached.</param>
    public sealed record Skipped(SkippedObject Object, string ResourceVersion) : WatchEvent<T>
    {
        /// <summary>Gets whether the event was the deletion of the object, so that it no longer exists.</summary>
        public bool IsDeletion { get; init; }
    }

    /// <summary>
    /// The connection is lost. The state from earlier events may be out of date until <see cref="Resumed"/> or <see cref="Listed"/>.
    /// </summary>
    /// <param name="Interruption">When and why the connection was lost, and when the next attempt starts.</param>
    public sealed record Interrupted(WatchInterruption Interruption) : WatchEvent<T>
    {
        /// <summary>Gets when the server was last heard; no part of the equality.</summary>
        public WatchEvidence Evidence { get; init; } = WatchEvidence.None;

        /// <summary>Gets which objects were selected; null when the source does not say.</summary>
        public ResourceSelection? Selection { get; init; }
    }

    /// <summary>The watch continues from the last version; nothing was missed.</summary>
    public sealed record Resumed : WatchEvent<T>;

    /// <summary>Inside a resumed stream: a list or a watch is requested.</summary>
    /// <param name="Request">The request.</param>
    internal sealed record Asked(RequestKind Request) : WatchEvent<T>;

    /// <summary>Inside a resumed stream: a list or watch has ended, and another attempt follows.</summary>
    /// <param name="End">What ended it.</param>
    /// <param name="Interruption">The same as users see it, and when the next attempt starts.</param>
    /// <param name="IsRefusal">Whether this is reported at once, however short the gap becomes: waiting does not fix it.</param>
    internal sealed record Lost(AttemptEnd End, WatchInterruption Interruption, bool IsRefusal) : WatchEvent<T>;
}

/// <summary>How a complete list relates to the state before it.</summary>
public enum Continuity
{
    /// <summary>The first list of a stream.</summary>
    First,

    /// <summary>
    /// A list after a gap in the changes. It contains the result of the changes in the gap, but not each of them: an object may have been
    /// deleted and created again.
    /// </summary>
    Relisted,

    /// <summary>
    /// The server's state went back to an older version, for example because etcd was restored from a backup. Changes that were seen before
    /// may be undone, and versions may occur a second time.
    /// </summary>
    WentBack,
}

/// <summary>An object that could not be decoded.</summary>
/// <param name="Namespace">The namespace; empty if it could not be read.</param>
/// <param name="Name">The name; empty if it could not be read.</param>
/// <param name="ResourceVersion">The version; empty if it could not be read.</param>
/// <param name="Reason">Why it could not be decoded.</param>
/// <remarks>
/// In what a <see cref="KubeConnection"/> emits, all texts are safe to print: the connection's credentials are redacted, control and format
/// characters are escaped, and the length is limited (253 characters for names, 1,000 for the reason).
/// </remarks>
public sealed record SkippedObject(string Namespace, string Name, string ResourceVersion, string Reason)
{
    /// <summary>Gets the identity as the server sent it, by which the object is found; not for messages.</summary>
    internal ResourceKey Key
    {
        get => field == default ? new(Namespace, Name) : field;
        init => field = value == new ResourceKey(Namespace, Name) ? default : value;
    }

    /// <summary>
    /// Gets the reason without the place in the bytes, which moves with every change before it: of the decoders of this library, and of
    /// System.Text.Json.
    /// </summary>
    internal ReadOnlySpan<char> Fault
    {
        get
        {
            var reason = Reason.AsSpan();
            foreach (var place in (ReadOnlySpan<string>)[" (byte ", " | LineNumber: "])
            {
                reason = reason.LastIndexOf(place) is var at && at >= 0 ? reason[..at] : reason;
            }

            return reason;
        }
    }

    /// <summary>Returns the object and the reason, escaped.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Printable.Of(
        $"{nameof(SkippedObject)} {{ Namespace = {Namespace}, Name = {Name}, ResourceVersion = {ResourceVersion}, Reason = {Reason} }}",
        int.MaxValue);
}
