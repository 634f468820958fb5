using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rx.Kube.Cli.Errors;

/// <summary>The Role and RoleBinding that the tool needs: to list and watch EndpointSlices of one namespace, and nothing else.</summary>
internal static partial class RbacManifest
{
    /// <summary>The manifest to apply.</summary>
    /// <param name="namespace">The namespace that is watched.</param>
    /// <param name="serverMessage">What the server said; it names the user.</param>
    /// <returns>YAML.</returns>
    public static string For(string @namespace, string serverMessage) => $"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: rxkube
          namespace: {@namespace}
        rules:
          - apiGroups: ["discovery.k8s.io"]
            resources: ["endpointslices"]
            verbs: ["list", "watch"]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: rxkube
          namespace: {@namespace}
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: rxkube
        subjects:
        {Subject(serverMessage)}
        """;

    private static string Subject(string serverMessage)
    {
        var user = UserIn().Match(serverMessage) is { Success: true } match ? match.Groups[1].Value : null;
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

    /// <summary>A JSON string is a YAML string, and JSON escapes what a terminal or YAML could act on.</summary>
    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    [GeneratedRegex("""\bUser "([^"]{1,253})" cannot\b""", RegexOptions.CultureInvariant)]
    private static partial Regex UserIn();

    [GeneratedRegex("^system:serviceaccount:([a-z0-9-]{1,63}):([a-z0-9.-]{1,253})$", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceAccount();
}
