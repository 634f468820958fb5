namespace Rx.Kube;

/// <summary>
/// Creates a connection target from a kubeconfig's context. Source: client-go tools/clientcmd/api/v1 types.go and client_config.go.
/// </summary>
internal static class KubeconfigLoader
{
    public static ConnectionTarget Load(KubeConnectionOptions options, CancellationToken lifetime) =>
        Load(KubeconfigFiles.Find(options), options, lifetime);

    /// <summary>Loads a configuration from files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="options">The options.</param>
    /// <param name="lifetime">Stops exec plugins.</param>
    public static ConnectionTarget Load(KubeconfigFiles files, KubeConnectionOptions options, CancellationToken lifetime)
    {
        if (files.Existing.Count == 0)
        {
            throw new KubeConfigurationException(
                $"There is no kubeconfig. Looked for: {files.LookedFor}. To fix: set KUBECONFIG to a kubeconfig file.");
        }

        return Load(new MergedKubeconfig(files.Existing, options.Limits), files.Why, options, lifetime);
    }

    /// <summary>Loads a configuration that has been read.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="why">Why it was chosen.</param>
    /// <param name="options">The options.</param>
    /// <param name="lifetime">Stops exec plugins.</param>
    public static ConnectionTarget Load(MergedKubeconfig config, string why, KubeConnectionOptions options, CancellationToken lifetime)
    {
        var context = config.Context(options.Context, isOptional: options.Cluster is not null);
        var cluster = options.Cluster is { } chosen ? config.Chosen("cluster", chosen)
            : config.Referred("cluster", context!.Text("cluster") ?? throw context.Error("it names no cluster"), context);
        var user = options.User is { } login ? config.Chosen("user", login)
            : context?.Text("user") is { } name ? config.Referred("user", name, context) : null;
        UserReader.NoteSecrets(user, options.Outside);
        var server = Server(cluster, user);

        // As kubectl does: without TLS, anybody on the way could use them. Source: client-go tools/clientcmd, ClientConfig.
        var withheld = server.Scheme == "http" && user is not null && UserReader.HasCredentials(user)
            ? $"the credentials of {user.Description} are not sent, because {server.Authority} is plain http"
            : null;
        return new ConnectionTarget
        {
            Server = server,
            Source = cluster.Description,
            Chosen = $"{context?.Description ?? cluster.Description} ({why})",
            Withheld = withheld,
            Namespace = NamespaceOf(context),
            Authority = Authority(cluster, options),
            SkipVerification = cluster.Flag("insecure-skip-tls-verify"),
            TlsServerName = TlsServerName(cluster),
            Proxy = Proxy(cluster) ?? EnvironmentProxy.For(server, options.Environment),
            Credentials = user is null
                ? new StaticCredentials(Credential.Anonymous, $"anonymous requests ({context?.Description ?? "no context"} names no user)")
                : withheld is not null ? new StaticCredentials(Credential.Anonymous, $"anonymous requests ({withheld})")
                : UserReader.Read(user, cluster, server, options, lifetime),
            Impersonation = ImpersonationReader.Read(user, options),
        };
    }

    private static string NamespaceOf(YamlSection? context) => context?.Text("namespace") is not { } name ? "default"
        : KubeNames.IsNamespace(name) ? name
        : throw context.Error(
            $"namespace is \"{Printable.Of(name, 100)}\", but {KubeNames.NamespaceRule}", context.Child("namespace"),
            "correct it there, or set it with: kubectl config set-context --current --namespace=NAME");

    private static Uri Server(YamlSection cluster, YamlSection? user)
    {
        var text = cluster.Text("server")
            ?? throw cluster.Error("it has no server", fix: "set it with: kubectl config set-cluster NAME --server=https://HOST:PORT");
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            // As kubectl does: https if the entries configure TLS.
            string[] tls = ["certificate-authority", "certificate-authority-data", "insecure-skip-tls-verify"];
            string[] tlsUser = ["client-certificate", "client-certificate-data"];
            var secure = tls.Any(key => cluster.Text(key) is not null) || tlsUser.Any(key => user?.Text(key) is not null);
            text = $"{(secure ? "https" : "http")}://{text}";
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
            ? uri
            : throw cluster.Error(
                "server is not an http or https address, or contains a login or a query", cluster.Child("server"),
                "write it as https://HOST:PORT; a login belongs in the user entry");
    }

    private static CertificateAuthority? Authority(YamlSection cluster, KubeConnectionOptions options)
    {
        const string Fix = "To fix: put the cluster's CA there, or correct certificate-authority";
        var insecure = cluster.Flag("insecure-skip-tls-verify");
        PemSource? source = null;
        cluster.RequireOneOf("certificate-authority", "certificate-authority-data");
        if (cluster.Data("certificate-authority-data") is { } data)
        {
            source = PemSource.Data(data, $"certificate-authority-data of {cluster.Description}");
        }
        else if (cluster.FilePath("certificate-authority") is { } path)
        {
            source = PemSource.File(path, "the certificate-authority file", $"{Fix} of {cluster.Description}.", options.Limits);
        }

        return source is null ? null : insecure
            ? throw cluster.Error(
                "it has both a certificate-authority and insecure-skip-tls-verify: true", cluster.Child("insecure-skip-tls-verify"),
                "remove insecure-skip-tls-verify")
            : new CertificateAuthority(source, options.Notices);
    }

    private static string? TlsServerName(YamlSection cluster) => cluster.Text("tls-server-name") is not { } name ? null
        : Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 ? name
        : throw cluster.Error("tls-server-name is not a host name", cluster.Child("tls-server-name"));

    private static Uri? Proxy(YamlSection cluster)
    {
        if (cluster.Text("proxy-url") is not { } text)
        {
            return null;
        }

        return EnvironmentProxy.Parse(text) ?? throw cluster.Error(
            "proxy-url is not an http, https or socks5 address", cluster.Child("proxy-url"),
            "write it as http://HOST:PORT or socks5://HOST:PORT");
    }
}
