using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Examines the permissions of a user: those that a watch needs, and those with which the tool can say more.</summary>
internal static class Permissions
{
    private static readonly (string Verb, string Group, string Resource, bool IsNeeded)[] _all =
    [
        ("list", "discovery.k8s.io", "endpointslices", true), ("watch", "discovery.k8s.io", "endpointslices", true),
        ("list", "", "services", false), ("list", "", "pods", false), ("list", "", "nodes", false),
    ];

    /// <summary>Asks the server about each permission. The evidence are a list and a watch, which come later.</summary>
    /// <param name="questions">Asks the server.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="ct">Ends the requests.</param>
    /// <returns>The check.</returns>
    public static async Task<Check> AskAsync(Questions questions, string @namespace, CancellationToken ct)
    {
        var answers = new List<(MissingPermission Permission, bool IsNeeded, SelfAccess Access)>();
        foreach (var (verb, group, resource, isNeeded) in _all)
        {
            var place = resource == "nodes" ? null : @namespace;
            if (await questions.AskAsync(SelfReview.Access(verb, group, resource, place), SelfReviewAnswer.ReadAccess, ct)
                .ConfigureAwait(false) is not { } access)
            {
                return new("permissions", CheckState.Unknown,
                    "the server does not answer questions about them (SelfSubjectAccessReview); a list and a watch tell");
            }

            answers.Add((new(verb, group, resource, place), isNeeded, access));
        }

        var refused = answers.Where(a => a.IsNeeded && !a.Access.IsAllowed).ToList();
        return new("permissions", refused.Count == 0 ? CheckState.Ok : CheckState.Unknown, refused.Count == 0
            ? "all that a watch needs" : $"the server says no to: {string.Join("; ", refused.Select(a => a.Permission))}")
        {
            Details =
            [
                .. answers.Select(a => $"{(a.Access.IsAllowed ? "yes" : "no")}: {a.Permission}" +
                    (a.IsNeeded ? "" : ", which doctor and tree use if they may")),
            ],
        };
    }

    /// <summary>Creates the check of a missing permission.</summary>
    /// <param name="id">The name of the check.</param>
    /// <param name="missing">The permission.</param>
    /// <param name="identity">Who the user is; null if unknown.</param>
    /// <param name="reason">The server's reason, safe to print; empty for none.</param>
    /// <returns>The check, with the manifest that grants the permission.</returns>
    public static Check Missing(string id, MissingPermission missing, SelfIdentity? identity, string reason)
    {
        var permission = missing with { User = missing.User ?? identity?.User };
        if (permission.IsAnonymous)
        {
            return new("identity", CheckState.Problem,
                $"the server takes this user for an anonymous one, who may not {permission}: no credentials were sent, or it ignores them",
                "log in, or use a context whose user has credentials (kubectl auth whoami shows who you are)");
        }

        var who = string.IsNullOrEmpty(permission.User) ? "this user" : $"the user {EndpointFormat.Name(permission.User)}";
        return new(id, CheckState.Problem, $"{who} may not {permission}",
            "a cluster administrator applies this manifest with kubectl apply -f")
        {
            Details = reason.Length == 0 ? [] : [$"the server says: {reason}"],
            Manifest = permission.ToManifest(),
        };
    }
}
