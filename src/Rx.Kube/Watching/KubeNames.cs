using System.Buffers;

namespace Rx.Kube;

/// <summary>
/// Checks names that become a part of a request: a DNS label cannot lead to another path or another selector. Source: apimachinery
/// util/validation, IsDNS1123Label, which is the rule for namespaces, and for Services since Kubernetes 1.34.
/// </summary>
internal static class KubeNames
{
    private const string Rule = "1 to 63 of a-z, 0-9 and -, and neither its first nor its last character is a -";
    private static readonly SearchValues<char> _labelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Returns a namespace.</summary>
    /// <exception cref="ArgumentException">It is not a valid name.</exception>
    public static string Namespace(string name) => IsLabel(name) ? name : throw new ArgumentException(
        $"A namespace is a DNS label: {Rule}. To fix: correct the name, or leave it null for all namespaces.");

    /// <summary>Returns the name of a Service.</summary>
    /// <exception cref="ArgumentException">It is not a valid name.</exception>
    public static string Service(string name, string parameter) => IsLabel(name) ? name : throw new ArgumentException(
        $"The name of a Service is {Rule}; '{Printable.Of(name, 100)}' is not. To fix: {Fix(name)}.", parameter);

    private static bool IsLabel(string name) =>
        name.Length is > 0 and <= 63 && name[0] != '-' && name[^1] != '-' && !name.AsSpan().ContainsAnyExcept(_labelCharacters);

    private static string Fix(string name) => name.Split('.') switch
    {
        [var service, var @namespace, ..] when IsLabel(service) && IsLabel(@namespace) =>
            $"pass the namespace '{@namespace}' and the Service '{service}' as two arguments",
        _ when IsLabel(name.ToLowerInvariant()) => $"write '{name.ToLowerInvariant()}'",
        _ => "correct the name",
    };
}
