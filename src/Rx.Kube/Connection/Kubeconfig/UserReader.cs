using System.Net.Http.Headers;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// Creates credentials from a kubeconfig's user. Precedence as in client-go: tokenFile, token, username and password, exec plugin or
/// auth-provider.
/// </summary>
internal static class UserReader
{
    private const string Fix = "To fix: log in again, or correct the path in";

    private static readonly string[] _keys =
    [
        "token", "tokenFile", "username", "password", "exec", "auth-provider",
        "client-certificate", "client-certificate-data", "client-key", "client-key-data",
    ];

    /// <summary>Whether a user has any credentials; they may be wrong.</summary>
    public static bool HasCredentials(YamlSection user) =>
        _keys.Any(key => user.Child(key) is not (null or YamlScalar { IsNull: true } or YamlScalar { Text: "" }));

    /// <summary>Notes the secrets of a user, before anything is told about it. Nothing is checked.</summary>
    public static void NoteSecrets(YamlSection? user, OutsideText outside)
    {
        foreach (var key in (string[])["token", "password", "client-key-data"])
        {
            outside.NoteLasting(TextOf(user?.Child(key)));
        }

        var config = (user?.Child("auth-provider") as YamlMapping)?.Children.GetValueOrDefault("config") as YamlMapping;
        foreach (var (key, value) in config?.Children ?? new Dictionary<string, YamlNode>())
        {
            outside.NoteLasting(OutsideText.IsSecret(key) ? TextOf(value) : null);
        }

        var variables = (user?.Child("exec") as YamlMapping)?.Children.GetValueOrDefault("env") as YamlSequence;
        foreach (var variable in variables?.Items.OfType<YamlMapping>() ?? [])
        {
            outside.NoteLasting(TextOf(variable.Children.GetValueOrDefault("name")) is { } name && OutsideText.IsSecret(name)
                ? TextOf(variable.Children.GetValueOrDefault("value")) : null);
        }

        static string? TextOf(YamlNode? node) => (node as YamlScalar)?.Text;
    }

    public static CredentialSource Read(
        YamlSection user, YamlSection cluster, Uri server, KubeConnectionOptions options, CancellationToken lifetime)
    {
        var certificate = Certificate(user, options);
        var authorization = Authorization(user, cluster, server, options, lifetime);
        return (certificate, authorization) switch
        {
            (null, null) => new StaticCredentials(Credential.Anonymous, $"anonymous requests ({user.Description} has no credentials)"),
            ({ } one, null) => one,
            (null, { } one) => one,
            ({ } first, { } second) => new CombinedCredentials(first, second),
        };
    }

    private static CredentialSource? Authorization(
        YamlSection user, YamlSection cluster, Uri server, KubeConnectionOptions options, CancellationToken lifetime)
    {
        var (token, tokenFile) = (user.Text("token"), user.FilePath("tokenFile"));
        var (name, password) = (user.Text("username"), user.Text("password"));
        if ((token ?? tokenFile) is not null && (name ?? password) is not null)
        {
            throw user.Error("it has both a token and a username with password", fix: "remove one of them");
        }

        if (tokenFile is not null)
        {
            return new TokenFileCredentials(tokenFile, $"the token file of {user.Description},", $"{Fix} tokenFile.", options);
        }

        if (token is not null)
        {
            var bearer = Secrets.Token(token)
                ?? throw user.Error("token has characters that an HTTP header cannot contain", user.Child("token"), "log in again");
            return new StaticCredentials(Credential.Bearer(bearer), $"the token of {user.Description}");
        }

        if ((name ?? password) is not null)
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));
            return new StaticCredentials(
                new Credential { Authorization = new AuthenticationHeaderValue("Basic", basic) },
                $"the username and password of {user.Description}");
        }

        var (exec, provider) = (user.Section("exec"), user.Section("auth-provider"));
        return (exec, provider) switch
        {
            ({ }, { }) => throw user.Error("it has both an exec plugin and an auth-provider", provider.Node, "remove one of them"),
            ({ }, null) => new ExecCredentials(
                ExecPluginReader.Read(exec, user, cluster, server, options), options, options.Notices, lifetime),
            (null, { }) => AuthProviderReader.Read(provider, user, options),
            _ => null,
        };
    }

    private static ClientCertificateCredentials? Certificate(YamlSection user, KubeConnectionOptions options)
    {
        var certificate = Pem(user, "client-certificate", options.Limits);
        var key = Pem(user, "client-key", options.Limits);
        if ((certificate is null) != (key is null))
        {
            throw user.Error(
                certificate is null
                    ? "it has a client-key without a client-certificate"
                    : "it has a client-certificate without a client-key",
                fix: "add the other one, as a file or as -data");
        }

        return certificate is null ? null : new ClientCertificateCredentials(certificate, key!, options);
    }

    private static PemSource? Pem(YamlSection user, string key, ConnectionLimits limits)
    {
        user.RequireOneOf(key, key + "-data");
        if (user.Data(key + "-data") is { } data)
        {
            return PemSource.Data(data, $"{key}-data of {user.Description}");
        }

        return user.FilePath(key) is { } path
            ? PemSource.File(path, $"the {key} file of {user.Description},", $"{Fix} {key}.", limits)
            : null;
    }
}
