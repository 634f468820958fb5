namespace Rx.Kube;

/// <summary>
/// resourceVersions are opaque strings. If both are canonical decimals, as API servers have guaranteed since 1.35, they may be
/// ordered, as a guard against going back in time. Nothing else is computed from them.
/// </summary>
internal static class ResourceVersion
{
    // An unsigned number of 64 bits has no more.
    private const int MaxDecimals = 20;

    /// <summary>Whether a version is certainly older than another one.</summary>
    public static bool IsOlder(string version, string than) =>
        IsDecimal(version) && IsDecimal(than) &&
        (version.Length != than.Length ? version.Length < than.Length : string.CompareOrdinal(version, than) < 0);

    /// <summary>
    /// Checks a version that the server sent before it is used: it becomes the start of a watch, and part of a URL. "0" is not a version;
    /// in a request it means any.
    /// </summary>
    /// <param name="version">The version; empty if it is absent.</param>
    /// <param name="of">What has the version, such as <c>an event</c>.</param>
    /// <param name="outside">
    /// The secrets that it may not contain, because it is shown in snapshots and messages; null for none. Decimals are not searched.
    /// </param>
    /// <param name="maxLength">The most characters.</param>
    /// <returns>The same version.</returns>
    /// <exception cref="KubeProtocolException">
    /// It is missing, 0, too long, or has characters other than printable ASCII, or a secret.
    /// </exception>
    public static string Checked(string version, string of, OutsideText? outside = null, int maxLength = WireLimits.LongestVersion)
    {
        if (outside is not null && (!IsDecimal(version) || version.Length > MaxDecimals) && outside.HasSecret(version))
        {
            throw new KubeProtocolException(
                $"the server sent {of} whose resourceVersion has a part of this connection's credentials. "
                + "To fix: check the server, and a proxy in front of it.");
        }

        if (version.Length > 0 && version.Length <= maxLength && version != "0" && !version.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return version;
        }

        throw new KubeProtocolException(
            version.Length == 0
                ? $"the server sent {of} without a resourceVersion: its place in the order of changes is unknown"
                : version.Length > maxLength
                ? $"the server sent {of} whose resourceVersion is longer than {maxLength} characters. "
                    + "To fix: check the server, and a proxy in front of it, or raise "
                    + $"{nameof(WireLimits)}.{nameof(WireLimits.MaxVersionLength)}."
                : $"the server sent {of} whose resourceVersion is not one: \"{Printable.Of(version, 40)}\"");
    }

    private static bool IsDecimal(string version) =>
        version.Length > 0 && version[0] != '0' && !version.AsSpan().ContainsAnyExceptInRange('0', '9');
}
