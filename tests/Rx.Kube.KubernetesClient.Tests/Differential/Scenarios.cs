using System.Net;
using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>The configurations that Rx.Kube, KubernetesClient and kubectl are given alike.</summary>
internal static class Scenarios
{
    private const string Trusted = "server: $server\ncertificate-authority-data: $ca";
    private const string Pods = "/api/v1/namespaces/default/pods";
    private const string AsToken = Pods + ", Bearer a-token";
    private static readonly string ValidToken = Jwt(4_102_444_800); // in the year 2100
    private static readonly string ExpiredToken = Jwt(1_577_836_800); // in the year 2020

    /// <summary>Gets a plugin that tells the user what to do, as those do that give out a device code.</summary>
    public static Scenario Chatty { get; } =
        new("an exec plugin that writes to its standard error",
            ConfigText.Of(Trusted, Exec("$folder/plugin")), Pods + ", Bearer from-plugin")
        {
            Files = new Dictionary<string, string>
            {
                ["plugin"] = Says("from-plugin").Replace("#!/bin/sh\n", "#!/bin/sh\necho 'enter ABCD' >&2\n", StringComparison.Ordinal),
            },
        };

    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. Servers(),
        .. Files(),
        .. Identities(),
        .. Plugins(),
        .. Trust(),
    ];

    private static IEnumerable<Scenario> Servers() =>
    [
        new("a token, and the CA in the file", ConfigText.Of(Trusted, "token: a-token"), AsToken),
        new("the namespace of the context", ConfigText.Of(Trusted, "token: a-token", "namespace: prod"),
            "/api/v1/namespaces/prod/pods, Bearer a-token"),
        new("plain http", ConfigText.Of("server: $server", "token: a-token"), Pods)
        {
            PlainHttp = true,
            Theirs = AsToken,
            Why = "without TLS, anybody on the way could use the credentials",
        },
        new("plain http and an exec plugin", ConfigText.Of("server: $server", Exec("$folder/plugin")), Pods)
        {
            PlainHttp = true,
            Files = new Dictionary<string, string> { ["plugin"] = Says("from-plugin") },
            Theirs = Pods + ", Bearer from-plugin",
            Why = "without TLS, anybody on the way could use the credentials",
        },
        new("plain http and impersonation",
            ConfigText.Of("server: $server", "token: a-token\nas: carol"), Pods + ", impersonate-user carol")
        {
            PlainHttp = true,
            Theirs = AsToken,
            Why = "impersonation is not a credential: without one, the server refuses it",
        },
        new("an IPv6 address", ConfigText.Of(Trusted, "token: a-token"), AsToken) { Address = IPAddress.IPv6Loopback },
        new("a base path", ConfigText.Of("server: $server/k8s/clusters/c-1\ncertificate-authority-data: $ca", "token: a-token"),
            "/k8s/clusters/c-1" + AsToken),
        new("a base path that ends with a slash", ConfigText.Of("server: $server/k8s/\ncertificate-authority-data: $ca", "token: a-token"),
            "/k8s" + AsToken),
        new("a server without a scheme",
            ConfigText.Of("server: 127.0.0.1:$port\ncertificate-authority-data: $ca", "token: a-token"), AsToken)
        {
            Theirs = Clients.Refused,
            Kubectl = Clients.Unreachable,
            Why = "a CA is only meaningful with https; kubectl tries plain http, which the server does not answer",
        },
        new("proxy-url", ConfigText.Of(Trusted + "\nproxy-url: $proxy", "token: a-token"), AsToken + ", through the proxy")
        {
            Theirs = AsToken,
            Why = "the proxy may be the only way to the server",
        },
        new("proxy-url with a login, and a proxy that also offers Negotiate and NTLM, and closes",
            ConfigText.Of(Trusted + "\nproxy-url: $login-proxy", "token: a-token"), AsToken + ", through the proxy")
        {
            Theirs = AsToken,
            Why = "the login is sent at once, as Basic",
        },
    ];

    private static IEnumerable<Scenario> Files() =>
    [
        new("a chosen context", Contexts("dev"), "/api/v1/namespaces/other/pods, Bearer other-token") { Context = "other" },
        new("the current context among several", Contexts("other"), "/api/v1/namespaces/other/pods, Bearer other-token"),
        new("contexts whose names differ only in case", Contexts("DEV"), "/api/v1/namespaces/upper/pods, Bearer upper-token")
        {
            Theirs = AsToken,
            Why = "names are exact; the other context may be another cluster",
        },
        new("files relative to the kubeconfig",
            ConfigText.Of("server: $server\ncertificate-authority: pki/ca.pem", "client-certificate: pki/a.pem\nclient-key: pki/a.key"),
            Pods + ", certificate CN=alice")
        {
            Files = new Dictionary<string, string> { ["pki/ca.pem"] = "$ca", ["pki/a.pem"] = "$cert", ["pki/a.key"] = "$key" },
        },
        new("two merged files", "apiVersion: v1\nkind: Config\ncurrent-context: dev\n", AsToken)
        {
            Merged = ["config", "second"],
            Files = new Dictionary<string, string> { ["second"] = ConfigText.Of(Trusted, "token: a-token") },
        },
        new("an entry that two merged files have",
            ConfigText.Of(Trusted, "token: a-token"), AsToken)
        {
            Merged = ["config", "second"],
            Files = new Dictionary<string, string> { ["second"] = ConfigText.Of("server: https://elsewhere.invalid", "token: second") },
        },
        new("a file relative to the second of two merged ones", "apiVersion: v1\nkind: Config\ncurrent-context: dev\n", AsToken)
        {
            Merged = ["config", "more/second"],
            Files = new Dictionary<string, string>
            {
                ["more/second"] = ConfigText.Of("server: $server\ncertificate-authority: ca.pem", "token: a-token"),
                ["more/ca.pem"] = "$ca",
            },
            Theirs = Clients.Refused,
            Why = "paths are relative to the file that has them",
        },
        new("KUBECONFIG names a file that is not there", ConfigText.Of(Trusted, "token: a-token"), AsToken)
        {
            Merged = ["config", "missing"],
            Theirs = Clients.Refused,
            Why = "client-go reads the files that exist",
        },
        new("a merge key", "base: &aws {server: $server, certificate-authority-data: $ca}\n" + ConfigText.Of("<<: *aws", "token: a-token"),
            AsToken),
        new("a merge key after the key that it sets",
            "base: &aws {server: $server}\n"
            + ConfigText.Of("server: https://elsewhere.invalid\ncertificate-authority-data: $ca\n<<: *aws", "token: a-token"),
            AsToken),
        new("a key given twice", ConfigText.Of("server: https://elsewhere.invalid\n" + Trusted, "token: a-token"), AsToken),
        new("UTF-16 with a byte order mark", ConfigText.Of(Trusted, "token: a-token"), AsToken) { Encoding = Encoding.Unicode },
        new("UTF-16, big-endian, with a byte order mark", ConfigText.Of(Trusted, "token: a-token"), AsToken)
        {
            Encoding = Encoding.BigEndianUnicode,
        },
        new("a second, broken document", ConfigText.Of(Trusted, "token: a-token") + "\n---\n[broken\n", AsToken)
        {
            Theirs = Clients.Refused,
            Why = "go-yaml reads the first document alone",
        },
        new("\"yes\" for true", ConfigText.Of("server: $server\ninsecure-skip-tls-verify: yes", "token: a-token"), AsToken),
        new("\"true\" in quotes", ConfigText.Of("server: $server\ninsecure-skip-tls-verify: \"true\"", "token: a-token"), Clients.Refused)
        {
            Theirs = AsToken,
            Why = "a text is not a flag",
        },
    ];

    private static IEnumerable<Scenario> Identities() =>
    [
        new("a client certificate in the file",
            ConfigText.Of(Trusted, "client-certificate-data: $cert\nclient-key-data: $key"), Pods + ", certificate CN=alice"),
        new("a client certificate and a token",
            ConfigText.Of(Trusted, "client-certificate-data: $cert\nclient-key-data: $key\ntoken: a-token"),
            AsToken + ", certificate CN=alice"),
        new("a client certificate both in the file and beside it",
            ConfigText.Of(
                Trusted, "client-certificate-data: $cert\nclient-key-data: $key\nclient-certificate: bob.pem\nclient-key: bob.key"),
            Clients.Refused)
        {
            Files = new Dictionary<string, string> { ["bob.pem"] = "$bob-cert", ["bob.key"] = "$bob-key" },
            Theirs = Pods + ", certificate CN=bob",
            Why = "which of two identities is meant cannot be known",
        },
        new("a username and a password", ConfigText.Of(Trusted, "username: alice\npassword: secret"), Pods + ", Basic YWxpY2U6c2VjcmV0"),
        new("no user", ConfigText.Of(Trusted).Replace("    user: u\n", "", StringComparison.Ordinal), Pods)
        {
            Kubectl = Clients.Asks,
            Why = "client-go sends anonymous requests; kubectl asks for a name at the terminal first",
        },
        new("a user without credentials", ConfigText.Of(Trusted, "{}"), Pods)
        {
            Theirs = Clients.Refused,
            Kubectl = Clients.Asks,
            Why = "client-go sends anonymous requests, and the server decides; kubectl asks for a name at the terminal first",
        },
        new("a token file", ConfigText.Of(Trusted, "tokenFile: token"), Pods + ", Bearer from-file")
        {
            Files = new Dictionary<string, string> { ["token"] = "from-file\n" },
            Theirs = Clients.Refused,
            Why = "tokenFile is a field that client-go reads, and rotating tokens are mounted as files",
        },
        new("a token and a token file", ConfigText.Of(Trusted, "token: stale\ntokenFile: token"), Pods + ", Bearer from-file")
        {
            Files = new Dictionary<string, string> { ["token"] = "from-file" },
            Theirs = Pods + ", Bearer stale",
            Why = "tokenFile takes precedence (client-go's api/v1 types.go): the token beside it may have expired",
        },
        new("impersonation of a user and groups",
            ConfigText.Of(Trusted, "token: a-token\nas: carol\nas-groups: [dev, ops]"),
            AsToken + ", impersonate-group dev+ops, impersonate-user carol")
        {
            Theirs = AsToken,
            Why = "without the headers the requests have the rights of the user itself, which are usually wider",
        },
        new("impersonation with a uid and extra values",
            ConfigText.Of(Trusted, "token: a-token\nas: carol\nas-uid: u-1\nas-user-extra: {scope: [read]}"),
            AsToken + ", impersonate-extra-scope read, impersonate-uid u-1, impersonate-user carol")
        {
            Theirs = Clients.Refused,
            Why = "both are fields of client-go",
        },
        new("the auth-provider oidc with a valid id-token", ConfigText.Of(Trusted, Oidc(ValidToken)), Pods + ", Bearer " + ValidToken)
        {
            Theirs = Clients.Refused,
            Why = "the token is used as it is, until it expires",
        },
        new("the auth-provider oidc with an expired id-token and no refresh-token", ConfigText.Of(Trusted, Oidc(ExpiredToken)),
            Clients.Refused)
        {
            Kubectl = Clients.Unreachable,
            Why = "both say that the token has expired; for kubectl, that is an error of a connection",
        },
        new("a token and the auth-provider oidc", ConfigText.Of(Trusted, "token: a-token\n" + Oidc(ValidToken)), AsToken)
        {
            Theirs = Pods + ", Bearer " + ValidToken,
            Why = "client-go asks the provider only where no other credential sets the header",
        },
        new("the auth-provider gcp", ConfigText.Of(Trusted, "auth-provider: {name: gcp}"), Clients.Refused),
    ];

    private static IEnumerable<Scenario> Plugins() =>
    [
        new("an exec plugin", ConfigText.Of(Trusted, Exec("$folder/plugin")), Pods + ", Bearer from-plugin")
        {
            Files = new Dictionary<string, string> { ["plugin"] = Says("from-plugin") },
        },
        new("an exec plugin whose answer has a zero expiry", ConfigText.Of(Trusted, Exec("$folder/plugin")), Pods + ", Bearer from-plugin")
        {
            Files = new Dictionary<string, string> { ["plugin"] = Says("from-plugin", "0001-01-01T00:00:00Z") },
        },
        new("an exec plugin whose answer has expired", ConfigText.Of(Trusted, Exec("$folder/plugin")), Pods + ", Bearer from-plugin")
        {
            Files = new Dictionary<string, string> { ["plugin"] = Says("from-plugin", "2020-01-01T00:00:00Z") },
        },
        Chatty,
        new("an exec plugin that answers in YAML", ConfigText.Of(Trusted, Exec("$folder/plugin")), Pods + ", Bearer from-yaml")
        {
            Files = new Dictionary<string, string>
            {
                ["plugin"] = """
                    #!/bin/sh
                    echo 'apiVersion: client.authentication.k8s.io/v1'
                    echo 'kind: ExecCredential'
                    echo 'status: {token: from-yaml, expirationTimestamp: 2100-01-01T00:00:00Z}'
                    """,
            },
            Theirs = Clients.Refused,
            Why = "client-go decodes an ExecCredential as it decodes any object",
        },
        new("an exec plugin with variables of its own",
            ConfigText.Of(Trusted, Exec("$folder/plugin", "env: [{name: WHO, value: from-env}]")), Pods + ", Bearer from-env")
        {
            Files = new Dictionary<string, string> { ["plugin"] = Says("$WHO") },
        },
        new("an exec plugin that gives a client certificate",
            ConfigText.Of(Trusted, Exec("$folder/plugin")), Pods + ", certificate CN=alice")
        {
            Files = new Dictionary<string, string>
            {
                ["plugin"] = """
                    #!/bin/sh
                    one_line() { echo "$1" | base64 -d | awk '{printf "%s\\n", $0}'; }
                    printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":'
                    printf '{"clientCertificateData":"%s","clientKeyData":"%s"}}' "$(one_line $cert)" "$(one_line $key)"
                    """,
            },
        },
        new("an exec plugin relative to the kubeconfig", ConfigText.Of(Trusted, Exec("./bin/plugin")), Pods + ", Bearer from-plugin")
        {
            Files = new Dictionary<string, string> { ["bin/plugin"] = Says("from-plugin") },
            Theirs = Clients.Refused,
            Why = "a command with a slash is a path, and paths are relative to the kubeconfig",
        },
        new("an exec plugin with a space in an argument",
            ConfigText.Of(Trusted, Exec("$folder/plugin", "args: [\"two words\"]")), Pods + ", Bearer arguments-1")
        {
            Files = new Dictionary<string, string> { ["plugin"] = Says("arguments-$#") },
            Theirs = Pods + ", Bearer arguments-2",
            Why = "a space does not split an argument in two",
        },
        new("an exec plugin that asks for the cluster",
            ConfigText.Of(Trusted, Exec("$folder/plugin", "provideClusterInfo: true")), Pods + ", Bearer for-the-cluster")
        {
            Files = new Dictionary<string, string>
            {
                ["plugin"] = Says("$who").Replace(
                    "#!/bin/sh\n",
                    "#!/bin/sh\ncase $KUBERNETES_EXEC_INFO in *$server*) who=for-the-cluster;; *) who=for-any;; esac\n",
                    StringComparison.Ordinal),
            },
            Theirs = Pods + ", Bearer for-any",
            Why = "the plugin may need the cluster's address and CA to log in there",
        },
        new("a token and an exec plugin", ConfigText.Of(Trusted, "token: a-token\n" + Exec("$folder/plugin")), AsToken)
        {
            Files = new Dictionary<string, string> { ["plugin"] = Says("from-plugin") },
            Theirs = Pods + ", Bearer from-plugin",
            Why = "client-go asks the plugin only where no other credential sets the header",
        },
    ];

    private static IEnumerable<Scenario> Trust() =>
    [
        new("several CAs in one bundle", Signed("$bundle"), AsToken),
        new("a CA bundle with an entry that cannot be parsed", Signed("$broken-bundle"), AsToken)
        {
            Theirs = Clients.Refused,
            Why = "one bad entry of a bundle does not make the others untrusted",
        },
        new("a CA in the file and another one beside it",
            ConfigText.Of(Trusted + "\ncertificate-authority: other.pem", "token: a-token"), Clients.Refused)
        {
            Files = new Dictionary<string, string> { ["other.pem"] = "$other-ca" },
            Theirs = AsToken,
            Why = "which of two CAs is meant cannot be known",
        },
        new("a CA that did not sign the server's certificate", Signed("$other-ca"), Clients.Untrusted),
        new("no CA, and a server that no public CA has signed", ConfigText.Of("server: $server", "token: a-token"), Clients.Untrusted),
        new("an intermediate CA that the server sends", Signed("$ca"), AsToken) { SignedByIntermediate = true, SendsIntermediate = true },
        new("an intermediate CA as the trusted one", Signed("$intermediate"), AsToken)
        {
            SignedByIntermediate = true,
            Theirs = Clients.Untrusted,
            Why = "for Go each configured certificate is an anchor, whether or not it is a root",
        },
        new("a certificate for another name", Signed("$ca"), Clients.Untrusted)
        {
            ServerNames = ["elsewhere.example"],
            Theirs = AsToken,
            Why = "if the name is not checked, any holder of a certificate from this CA, such as a kubelet, can pose as the API server",
        },
        new("tls-server-name",
            ConfigText.Of(Trusted + "\ntls-server-name: kube.internal", "token: a-token"), AsToken)
        {
            ServerNames = ["kube.internal"],
            Theirs = AsToken + ", host kube.internal",
            Why = "the name is for the handshake; the Host header follows the server's address, by which a gateway routes",
        },
        new("a tls-server-name that the certificate does not have",
            ConfigText.Of(Trusted + "\ntls-server-name: kube.internal", "token: a-token"), Clients.Untrusted)
        {
            Theirs = AsToken + ", host kube.internal",
            Why = "the name is what the configuration asks the server to prove",
        },
        new("insecure-skip-tls-verify",
            ConfigText.Of("server: $server\ninsecure-skip-tls-verify: true", "token: a-token"), AsToken)
        {
            ServerNames = ["elsewhere.example"],
        },
        new("insecure-skip-tls-verify and a CA",
            ConfigText.Of(Trusted + "\ninsecure-skip-tls-verify: true", "token: a-token"), Clients.Refused)
        {
            Theirs = AsToken,
            Why = "one of the two is a mistake, and guessing wrong would trust any server",
        },
    ];

    private static string Signed(string authority) =>
        ConfigText.Of($"server: $server\ncertificate-authority-data: {authority}", "token: a-token");

    private static string Contexts(string current) =>
        $"""
        apiVersion: v1
        kind: Config
        current-context: {current}
        contexts:
        - name: dev
          context: {"{cluster: c, user: u}"}
        - name: DEV
          context: {"{cluster: c, user: upper, namespace: upper}"}
        - name: other
          context: {"{cluster: c, user: other, namespace: other}"}
        clusters:
        - name: c
          cluster: {"{server: $server, certificate-authority-data: $ca}"}
        users:
        - name: u
          user: {"{token: a-token}"}
        - name: upper
          user: {"{token: upper-token}"}
        - name: other
          user: {"{token: other-token}"}
        """;

    private static string Exec(string command, string more = "") =>
        $"exec:\n  apiVersion: client.authentication.k8s.io/v1\n  interactiveMode: Never\n  command: {command}\n  {more}";

    private static string Says(string token, string? expires = null) =>
        "#!/bin/sh\necho '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"'\""
        + token + "\"'\"" + (expires is null ? "" : $",\"expirationTimestamp\":\"{expires}\"") + "}}'\n";

    private static string Oidc(string token) =>
        $"auth-provider: {{name: oidc, config: {{client-id: x, idp-issuer-url: \"https://issuer.invalid\", id-token: {token}}}}}";

    private static string Jwt(long expires) =>
        $"e30.{Convert.ToBase64String(Encoding.ASCII.GetBytes($"{{\"exp\":{expires}}}")).TrimEnd('=')}.c2ln";
}
