namespace Rx.Kube;

/// <summary>
/// Reads <c>as</c>, <c>as-uid</c>, <c>as-groups</c> and <c>as-user-extra</c> of a kubeconfig's user. Options replace them, one by one, as
/// the flags of kubectl do. Source: client-go tools/clientcmd, client_config.go.
/// </summary>
internal static class ImpersonationReader
{
    public static Impersonation? Read(YamlSection? user, KubeConnectionOptions options)
    {
        var name = options.ImpersonateUser ?? user?.Text("as");
        var uid = options.ImpersonateUid ?? user?.Text("as-uid");
        var groups = options.ImpersonateGroups is { Count: > 0 } given ? given : user?.Texts("as-groups") ?? [];
        var extra = user?.Section("as-user-extra");
        if (name is null)
        {
            return uid is null && groups.Count == 0 && extra is null
                ? null
                : throw (options.ImpersonateUid is null && options.ImpersonateGroups is not { Count: > 0 }
                    ? user!.Error("as-uid, as-groups and as-user-extra need an \"as\" key that names the user", fix: "add as: NAME")
                    : new KubeConfigurationException(
                        "A group or a UID can be impersonated only together with a user. "
                        + "To fix: name the user, too (ImpersonateUser; --as on a command line; \"as\" in a kubeconfig)."));
        }

        var extras = extra?.Keys.Select(key => KeyValuePair.Create(key, extra.Texts(key))).ToList() ?? [];
        string[] all = [name, .. uid is null ? [] : (string[])[uid], .. groups, .. extras.SelectMany(e => e.Value)];
        return all.All(Impersonation.IsValid)
            ? new Impersonation(name, uid, groups, extras)
            : throw (user?.Child("as") is { } node
                ? user.Error("an \"as\" value is empty or has control characters", node)
                : new KubeConfigurationException(
                    "A name to impersonate is empty or has control characters. To fix: correct ImpersonateUser, ImpersonateGroups "
                    + "or ImpersonateUid (--as, --as-group, --as-uid on a command line)."));
    }
}
