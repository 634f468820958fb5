using System.Buffers;

namespace Rx.Kube;

/// <summary>
/// Checks names that become a part of a request: a DNS label cannot lead to another path or another selector. Source: apimachinery
/// util/validation, IsDNS1123Label, which is the rule for namespaces, and for Services since Kubernetes 1.34.
/// </summary>
internal static class KubeNames
{
    /// <summary>The rule for DNS labels: of namespaces, and of Services.</summary>
    public const string Rule = "1 to 63 of a-z, 0-9 and -, and neither its first nor its last character is a -";
    private static readonly SearchValues<char> _labelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private const string GroupRule = "at most 253 characters: labels of a-z, 0-9 and -, separated by dots";

    /// <summary>Gets whether a text is a valid name of a namespace.</summary>
    public static bool IsNamespace(string name) => IsLabel(name);

    /// <summary>Gets the rule for namespaces, for a message.</summary>
    public static string NamespaceRule => $"a namespace is a DNS label: {Rule}";

    /// <summary>Returns an API group.</summary>
    /// <exception cref="ArgumentException">It is not a valid name: a DNS subdomain, or empty.</exception>
    public static string Group(string name, string parameter) =>
        name.Length == 0 || (name.Length <= 253 && name.Split('.').All(IsLabel)) ? name : throw new ArgumentException(
            $"An API group has {GroupRule}; '{Printable.Of(name, 100)}' is not one. To fix: correct it; it is empty for the core group.",
            parameter);

    /// <summary>Returns the version or the plural of a resource, which are parts of a path.</summary>
    /// <exception cref="ArgumentException">It is not a valid name.</exception>
    public static string PathPart(string name, string what, string parameter) => IsLabel(name) ? name : throw new ArgumentException(
        $"The {what} of a resource is {Rule}; '{Printable.Of(name, 100)}' is not. To fix: correct it, as kubectl api-resources shows it.",
        parameter);

    /// <summary>Returns a namespace.</summary>
    /// <exception cref="ArgumentException">It is not a valid name.</exception>
    public static string Namespace(string name) => IsLabel(name) ? name : throw new ArgumentException(
        $"A namespace is a DNS label: {Rule}; '{Printable.Of(name, 100)}' is not. "
        + "To fix: correct the name, or leave it null for all namespaces.");

    /// <summary>Returns the name of a Service.</summary>
    /// <exception cref="ArgumentException">It is not a valid name.</exception>
    public static string Service(string name, string parameter) => IsLabel(name) ? name : throw new ArgumentException(
        $"The name of a Service is {Rule}; '{Printable.Of(name, 100)}' is not. To fix: {Fix(name)}.", parameter);

    /// <summary>Gets whether a text is a DNS label.</summary>
    public static bool IsLabel(string name) =>
        name.Length is > 0 and <= 63 && name[0] != '-' && name[^1] != '-' && !name.AsSpan().ContainsAnyExcept(_labelCharacters);

    private static string Fix(string name) => name.Split('.') switch
    {
        [var service, var @namespace, ..] when IsLabel(service) && IsLabel(@namespace) =>
            $"pass the namespace '{@namespace}' and the Service '{service}' as two arguments",
        _ when IsLabel(name.ToLowerInvariant()) => $"write '{name.ToLowerInvariant()}'",
        _ => "correct the name",
    };
}
