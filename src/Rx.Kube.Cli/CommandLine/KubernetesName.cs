namespace Rx.Kube.Cli.CommandLine;

/// <summary>Checks names by the rules of the API server. Source: apimachinery util/validation, IsDNS1123Label.</summary>
internal static class KubernetesName
{
    private const int MaxLength = 63;
    private const int MaxSubdomain = 253;

    /// <summary>Checks whether a text is a valid namespace name: an RFC 1123 label.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True if it is valid.</returns>
    public static bool IsLabel(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') &&
        name[0] != '-' && name[^1] != '-';

    /// <summary>Checks whether a text is a valid Service name. Recent servers also accept a leading digit.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True if it is valid.</returns>
    public static bool IsServiceName(string name) => IsLabel(name);

    /// <summary>Checks whether a text is a valid name of most objects: an RFC 1123 subdomain.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True if it is valid.</returns>
    public static bool IsSubdomain(string name) => name.Length is > 0 and <= MaxSubdomain && name.Split('.').All(IsLabel);
}
