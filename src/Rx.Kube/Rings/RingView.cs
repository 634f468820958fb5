namespace Rx.Kube;

/// <summary>
/// A ring, and which state of the Service it was made of, so that processes can tell whether they see the same: send fingerprint and version along with a request, and
/// who gets it knows whether both place keys alike, and who lags behind if not. Immutable and safe on any thread.
/// </summary>
public sealed class RingView
{
    internal RingView(HashRing<RingMember> ring, string version) => (Ring, Version) = (ring, version);

    /// <summary>The ring.</summary>
    public HashRing<RingMember> Ring { get; }

    /// <summary>The resourceVersion of the first snapshot that gave this ring. Opaque: <see cref="IsOlderThan(RingView)"/> compares.</summary>
    public string Version { get; }

    /// <summary>That of the ring: views with the same one place every key alike, whatever their versions.</summary>
    public ulong Fingerprint => Ring.Fingerprint;

    /// <summary>Whether this view is of an earlier state than the other, and places keys differently: then who has it will have another one soon.</summary>
    /// <param name="other">A view of the same Service.</param>
    /// <returns>
    /// False if both place keys alike, if the versions are equal, and if that cannot be told, because they are not both the decimal numbers that API
    /// servers promise since Kubernetes 1.35.
    /// </returns>
    /// <exception cref="ArgumentNullException">The other one is null.</exception>
    public bool IsOlderThan(RingView other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsOlderThan(other.Version, other.Fingerprint);
    }

    /// <summary>The same for a view in another process, which has told its version and fingerprint.</summary>
    /// <param name="version">The version of the other view.</param>
    /// <param name="fingerprint">The fingerprint of the other view.</param>
    /// <returns>As for a view.</returns>
    /// <exception cref="ArgumentNullException">The version is null.</exception>
    public bool IsOlderThan(string version, ulong fingerprint)
    {
        ArgumentNullException.ThrowIfNull(version);
        return Fingerprint != fingerprint && ResourceVersion.IsOlder(Version, version);
    }

    /// <summary>The view in short: <c>3 members, ring 0f3a61c2b7d40e95, at 17</c>.</summary>
    public override string ToString() => $"{Ring.Members.Length} members, ring {Fingerprint:x16}, at {Version}";
}
