namespace Rx.Kube;

/// <summary>
/// Reads a user's <c>auth-provider</c>, the predecessor of exec plugins. Of the providers, kubectl still has <c>oidc</c> only. Source:
/// client-go plugin/pkg/client/auth.
/// </summary>
internal static class AuthProviderReader
{
    private const string Fix = "use an exec plugin instead (kubelogin, oidc-login, gke-gcloud-auth-plugin …)";

    public static CredentialSource Read(YamlSection provider, YamlSection user, KubeConnectionOptions options) =>
        provider.Text("name") switch
        {
            "oidc" => new OidcCredentials(
                IdTokenOf(provider) ?? throw user.Error(
                    "auth-provider oidc has no id-token, and Rx.Kube does not log in by itself", provider.Node,
                    "log in (kubectl does, if there is a refresh-token), or " + Fix),
                () => KubeconfigFile.Read(user.File, options.Limits, isPipe: false)
                    .Find("user", user.Name)?.Section("auth-provider") is { } now
                    ? IdTokenOf(now) : null,
                user.Description, options),
            "gcp" or "azure" => throw user.Error(
                $"auth-provider {provider.Text("name")} was removed from kubectl and client-go in 1.26", provider.Node, Fix),
            "openstack" => throw user.Error("auth-provider openstack was removed from kubectl and client-go in 1.20", provider.Node, Fix),
            null => throw user.Error("auth-provider has no name", provider.Node, "name it, or " + Fix),
            var unknown => throw user.Error(
                $"auth-provider \"{Printable.Of(unknown, 80)}\" is not known, to kubectl neither", provider.Node, Fix),
        };

    private static string? IdTokenOf(YamlSection provider) => provider.Section("config")?.Text("id-token");
}
