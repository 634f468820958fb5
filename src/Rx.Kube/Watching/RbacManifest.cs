using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rx.Kube;

/// <summary>Creates the manifest that grants exactly what a watch needs: to list and watch one resource.</summary>
internal static partial class RbacManifest
{
    /// <summary>Gets the user that a refusal of the API server names; null when it names none.</summary>
    public static string? UserIn(string refusal) => Refused().Match(refusal) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>Creates the manifest for a permission.</summary>
    public static string For(MissingPermission permission)
    {
        var scope = permission.Namespace is null ? "Cluster" : "";
        var name = $"watch-{permission.Resource}";
        var metadata = permission.Namespace is null ? $"  name: {name}" : $"  name: {name}\n  namespace: {permission.Namespace}";
        return $"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: {scope}Role
            metadata:
            {metadata}
            rules:
              - apiGroups: ["{permission.Group}"]
                resources: ["{permission.Resource}"]
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
        if (user is null)
        {
            return """
                  - kind: User   # or: kind: ServiceAccount, name: …, namespace: …, without the apiGroup
                    apiGroup: rbac.authorization.k8s.io
                    name: "<who you are: kubectl auth whoami>"
                """;
        }

        return ServiceAccount().Match(user) is { Success: true } account
            ? $"""
                  - kind: ServiceAccount
                    name: {account.Groups[2].Value}
                    namespace: {account.Groups[1].Value}
                """
            : $"""
                  - kind: User
                    apiGroup: rbac.authorization.k8s.io
                    name: {Quote(user)}
                """;
    }

    /// <summary>Quotes a text. A JSON string is a YAML string, and JSON escapes what a terminal or YAML could interpret.</summary>
    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    [GeneratedRegex("""\bUser "([^"]{1,253})" cannot\b""", RegexOptions.CultureInvariant)]
    private static partial Regex Refused();

    [GeneratedRegex("^system:serviceaccount:([a-z0-9-]{1,63}):([a-z0-9.-]{1,253})$", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceAccount();
}
