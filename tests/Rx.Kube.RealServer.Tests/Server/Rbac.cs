namespace Rx.Kube.RealServer.Tests.Server;

/// <summary>Grants the rights of the four users in one namespace, on servers with RBAC.</summary>
public static class Rbac
{
    public static string Manifest(string @namespace, string subjectKind)
    {
        var resources = """{ apiGroups: ["", "discovery.k8s.io"], resources: [endpointslices, endpoints, pods, services], """;
        (string User, string Verbs)[] users = [("admin", "*"), ("reader", "get, list, watch"), ("lister", "get, list")];
        return string.Concat(users.Select(user =>
            $$"""
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: { name: rxkube-{{user.User}}, namespace: {{@namespace}} }
            rules: [{{resources}}verbs: [{{(user.Verbs == "*" ? "'*'" : user.Verbs)}}] }]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: { name: rxkube-{{user.User}}, namespace: {{@namespace}} }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: rxkube-{{user.User}} }
            subjects: [{ {{Subject(subjectKind, user.User, @namespace)}} }]

            """));
    }

    private static string Subject(string kind, string user, string @namespace) => kind == "User"
        ? $"apiGroup: rbac.authorization.k8s.io, kind: User, name: {user}"
        : $"kind: {kind}, name: {user}, namespace: {@namespace}";
}
