namespace Rx.Kube;

/// <summary>
/// resourceVersions are opaque strings. If both are canonical decimals, as API servers promise since 1.35, they may be
/// ordered, as a guard against going back in time. Nothing else is computed from them.
/// </summary>
internal static class ResourceVersion
{
    /// <summary>Whether a version is certainly older than another one.</summary>
    public static bool IsOlder(string version, string than) =>
        IsDecimal(version) && IsDecimal(than) &&
        (version.Length != than.Length ? version.Length < than.Length : string.CompareOrdinal(version, than) < 0);

    /// <summary>
    /// Whether an API server may use a version: not empty, not "0", at most 128 printable ASCII characters without spaces.
    /// </summary>
    public static bool IsValid(string version) =>
        version.Length is > 0 and <= 128 && version != "0" && !version.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool IsDecimal(string version) =>
        version.Length > 0 && version[0] != '0' && !version.AsSpan().ContainsAnyExceptInRange('0', '9');
}
