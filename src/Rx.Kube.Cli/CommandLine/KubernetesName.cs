namespace Rx.Kube.Cli.CommandLine;

/// <summary>Which names the API server can know. Source: apimachinery util/validation, IsDNS1123Label.</summary>
internal static class KubernetesName
{
    private const int MaxLength = 63;

    /// <summary>Whether it can be the name of a namespace: an RFC 1123 label.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True if it can.</returns>
    public static bool IsLabel(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') &&
        name[0] != '-' && name[^1] != '-';

    /// <summary>Whether it can be the name of a Service. Recent servers also take one that starts with a digit.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True if it can.</returns>
    public static bool IsServiceName(string name) => IsLabel(name);
}
