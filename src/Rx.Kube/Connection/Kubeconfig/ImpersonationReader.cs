namespace Rx.Kube;

/// <summary>Reads <c>as</c>, <c>as-uid</c>, <c>as-groups</c> and <c>as-user-extra</c> of a kubeconfig's user.</summary>
internal static class ImpersonationReader
{
    public static Impersonation? Read(YamlSection user)
    {
        var (name, uid, groups) = (user.Text("as"), user.Text("as-uid"), user.Texts("as-groups"));
        var extra = user.Section("as-user-extra");
        if (name is null)
        {
            return uid is null && groups.Count == 0 && extra is null
                ? null
                : throw user.Error("as-uid, as-groups and as-user-extra need an \"as\" key that names the user", fix: "add as: NAME");
        }

        var extras = extra?.Keys.Select(key => KeyValuePair.Create(key, extra.Texts(key))).ToList() ?? [];
        string[] all = [name, .. uid is null ? [] : (string[])[uid], .. groups, .. extras.SelectMany(e => e.Value)];
        return all.All(Impersonation.IsValid)
            ? new Impersonation(name, uid, groups, extras)
            : throw user.Error("an \"as\" value is empty or has control characters", user.Child("as"));
    }
}
