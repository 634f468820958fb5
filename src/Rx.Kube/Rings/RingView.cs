namespace Rx.Kube;

/// <summary>
/// A ring, and the version of the Service's state from which it was built, so that processes can tell whether they see the same state. Send
/// the fingerprint and the version with a request: the receiver then knows whether both processes place keys identically, and if not, which
/// one is behind. Immutable and thread-safe.
/// </summary>
public sealed class RingView
{
    internal RingView(HashRing<RingMember> ring, string version, int replicationFactor = 1) =>
        (Ring, Version, Replicas) = (ring, version, new(ring, replicationFactor));

    /// <summary>Gets the ring.</summary>
    public HashRing<RingMember> Ring { get; }

    /// <summary>
    /// Gets the ring with its replication factor, which is 1 unless
    /// <see cref="KubeObservable.WithReplicas(IObservable{RingView}, int)"/> set it.
    /// </summary>
    public ReplicatedRing<RingMember> Replicas { get; }

    /// <summary>
    /// Gets the resourceVersion of the first snapshot that produced this ring. Opaque: compare it with <see cref="IsOlderThan(RingView)"/>.
    /// </summary>
    public string Version { get; }

    /// <summary>
    /// Gets the fingerprint of <see cref="Replicas"/>; equal fingerprints mean identical placement, whatever the versions. With one replica
    /// it is the ring's fingerprint.
    /// </summary>
    public ulong Fingerprint => Replicas.Fingerprint;

    /// <summary>
    /// Gets whether this view shows an earlier state than another view and places keys differently, so that a newer view should follow
    /// soon.
    /// </summary>
    /// <param name="other">A view of the same Service.</param>
    /// <returns>
    /// False if both views place keys identically, if their versions are equal, or if the versions cannot be compared because one of them
    /// is not a decimal number. API servers have guaranteed decimal numbers since Kubernetes 1.35.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    public bool IsOlderThan(RingView other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsOlderThan(other.Version, other.Fingerprint);
    }

    /// <summary>Gets whether this view is older than a view in another process, known by its version and fingerprint.</summary>
    /// <param name="version">The version of the other view.</param>
    /// <param name="fingerprint">The fingerprint of the other view.</param>
    /// <returns>The same as for the overload that takes a view.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="version"/> is null.</exception>
    public bool IsOlderThan(string version, ulong fingerprint)
    {
        ArgumentNullException.ThrowIfNull(version);
        return Fingerprint != fingerprint && ResourceVersion.IsOlder(Version, version);
    }

    /// <summary>Gets the number of members, the fingerprint in hexadecimal, and the version.</summary>
    /// <returns>The text, such as <c>3 members, ring 0f3a61c2b7d40e95, at 17</c>.</returns>
    public override string ToString() => $"{Ring.Members.Length} members, ring {Fingerprint:x16}, at {Version}";
}
