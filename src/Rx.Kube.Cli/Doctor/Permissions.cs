using Rx.Kube.Cli.Output;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Describes the permission to list or watch EndpointSlices that a user lacks.</summary>
internal static class Permissions
{
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

        var who = string.IsNullOrEmpty(permission.User) ? "this user" : EndpointFormat.Name(permission.User);
        return new(id, CheckState.Problem, $"{who} may not {permission}", "a cluster administrator applies the manifest below")
        {
            Details = reason.Length == 0 ? [] : [$"the server says: {reason}"],
            Manifest = permission.ToManifest(),
        };
    }
}
