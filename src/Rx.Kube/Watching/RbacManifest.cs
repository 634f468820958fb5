using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rx.Kube;

/// <summary>
/// Creates the manifest that grants exactly what a watch needs: to list and watch one resource. The user's name is the server's text, so it
/// may be hostile: the manifest never grants to anonymous requests or to what names many. Source: Kubernetes documentation "Using RBAC
/// Authorization", "Referring to subjects": names with the prefix system: are reserved.
/// </summary>
internal static partial class RbacManifest
{
    private const string Anonymous = "system:anonymous";

    // Plain, these would be flags or null: for YAML 1.1, which kubectl reads.
    private static readonly HashSet<string> _words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

    /// <summary>Gets whether a user is the one of requests without valid credentials.</summary>
    public static bool IsAnonymous(string? user) => user?.Trim() == Anonymous;

    /// <summary>Gets the user that a refusal of the API server names; null when it names none.</summary>
    public static string? UserIn(string refusal) => Refused().Match(refusal) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Creates the manifest for a permission.</summary>
    public static string For(MissingPermission permission)
    {
        var scope = permission.Namespace is null ? "Cluster" : "";
        var name = Scalar($"watch-{permission.Resource}");
        var metadata = permission.Namespace is null ? $"  name: {name}" : $"  name: {name}\n  namespace: {Scalar(permission.Namespace)}";
        return $"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: {scope}Role
            metadata:
            {metadata}
            rules:
              - apiGroups: [{Quote(permission.Group)}]
                resources: [{Quote(permission.Resource)}]
                verbs: ["list", "watch"]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: {scope}RoleBinding
            metadata:
            {metadata}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: {scope}Role
              name: {name}
            subjects:
            {Subject(permission.User)}
            """;
    }

    private static string Subject(string? user)
    {
        if (ServiceAccount().Match(user ?? "") is { Success: true } account)
        {
            return $"""
                  - kind: ServiceAccount
                    name: {Scalar(account.Groups[2].Value)}
                    namespace: {Scalar(account.Groups[1].Value)}
                """;
        }

        if (user is null || user.Trim() is "" or "*" || user.Trim().StartsWith("system:", StringComparison.OrdinalIgnoreCase))
        {
            return """
                  - kind: User   # or: kind: ServiceAccount, name: …, namespace: …, without the apiGroup
                    apiGroup: rbac.authorization.k8s.io
                    name: "<who you are: kubectl auth whoami>"
                """;
        }

        return $"""
              - kind: User
                apiGroup: rbac.authorization.k8s.io
                name: {Quote(user)}
            """;
    }

    private static string Scalar(string text) => PlainName().IsMatch(text) && !_words.Contains(text) ? text : Quote(text);

    /// <summary>Quotes a text. A JSON string is a YAML string, and JSON escapes what a terminal or YAML could interpret.</summary>
    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    [GeneratedRegex("""\bUser "([^"]{1,253})" cannot\b""", RegexOptions.CultureInvariant)]
    private static partial Regex Refused();

    [GeneratedRegex(@"\Asystem:serviceaccount:([a-z0-9-]{1,63}):([a-z0-9.-]{1,253})\z", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceAccount();

    [GeneratedRegex(@"\A[a-z][a-z0-9.-]{0,252}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainName();
}
