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

    /// <summary>The rule for DNS subdomains: of API groups, and of most objects.</summary>
    public const string SubdomainRule = "at most 253 characters: labels of a-z, 0-9 and -, separated by dots";

    private static readonly SearchValues<char> _labelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Gets whether a text is a valid name of a namespace.</summary>
    public static bool IsNamespace(string name) => IsLabel(name);

    /// <summary>Gets the rule for namespaces, for a message.</summary>
    public static string NamespaceRule => $"a namespace is a DNS label: {Rule}";

    /// <summary>Returns an API group.</summary>
    /// <exception cref="ArgumentException">It is not a valid name: a DNS subdomain, or empty.</exception>
    public static string Group(string name, string parameter) =>
        name.Length == 0 || IsSubdomain(name) ? name : throw new ArgumentException(
            $"An API group has {SubdomainRule}; '{Printable.Of(name, 100)}' is not one. "
            + "To fix: correct it; it is empty for the core group.",
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
        $"The name of a Service is {Rule}; '{Printable.Of(name, 100)}' is not. To fix: {Fix(name, AsArguments)}.", parameter);

    /// <summary>Gets whether a text is a DNS label.</summary>
    public static bool IsLabel(string name) =>
        name.Length is > 0 and <= 63 && name[0] != '-' && name[^1] != '-' && !name.AsSpan().ContainsAnyExcept(_labelCharacters);

    /// <summary>Gets whether a text is a DNS subdomain: labels, separated by dots. Source: IsDNS1123Subdomain.</summary>
    public static bool IsSubdomain(string name) => name.Length is > 0 and <= 253 && name.Split('.').All(IsLabel);

    /// <summary>Gets the remedy for the name of a Service that is not a label: <c>write 'cache'</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="inNamespace">Formats the remedy for <c>SERVICE.NAMESPACE</c>, a host name of the cluster.</param>
    public static string Fix(string name, Func<string, string, string> inNamespace) => name.Split('.') switch
    {
        [var service, var @namespace, ..] when IsLabel(service) && IsLabel(@namespace) => inNamespace(service, @namespace),
        _ => Fix(name, IsLabel),
    };

    /// <summary>Gets the remedy for a name that is not valid: the name in lower case, if that is valid.</summary>
    public static string Fix(string name, Func<string, bool> isValid) =>
        isValid(name.ToLowerInvariant()) ? $"write '{name.ToLowerInvariant()}'" : "correct the name";

    private static string AsArguments(string service, string @namespace) =>
        $"pass the namespace '{@namespace}' and the Service '{service}' as two arguments";
}
