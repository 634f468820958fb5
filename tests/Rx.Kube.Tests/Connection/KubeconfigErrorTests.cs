using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>
/// Every wrong kubeconfig is one clear error: which file, what is wrong, how to fix it, and nothing of the secrets in it.
/// </summary>
public sealed class KubeconfigErrorTests : IDisposable
{
    private const string Canary = "canary-5c1f";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "has no context \"nope\"", "nope")]
    [InlineData("current-context: gone", "has no context \"gone\"")]
    [InlineData("clusters: []", "sets no current-context")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: gone}}]", "has no cluster \"gone\"")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {}}]", "context \"x\" in FILE, line 2: it names no cluster")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c, user: gone}}]\n" +
        "clusters: [{name: c, cluster: {server: 'https://s'}}]", "has no user \"gone\"")]
    [InlineData("users:\n- {name: u}\n- {name: u}", "line 3: user \"u\" exists twice")]
    [InlineData("users:\n- {nome: u}", "line 2: an entry of users has no name")]
    [InlineData("users: 5", "users must be a list")]
    [InlineData("users: [5]", "users must be a list of mappings")]
    [InlineData("- a", "is not a mapping")]
    [InlineData("kind: Pod", "it is a Pod, not a Config")]
    [InlineData("a: b\nusers:\n\t- x", "broken YAML at line ")]
    [InlineData("a: \"" + Canary, "broken YAML at line 1")]
    [InlineData("a: {[b]: 2}", "because of line 1, column 5: a key must be text")]
    [InlineData("a: &x [*x]", "because of line 1, column 8: an alias")]
    [InlineData("a: *gone", "an alias names an anchor that is unknown")]
    public void A_wrong_structure_is_an_error_with_its_place(string text, string expected, string? context = null) =>
        Check(text, expected, context);

    [Theory]
    [InlineData("{}", "cluster \"c\" in FILE, line 13: it has no server")]
    [InlineData("server: ftp://x", "server is not an http or https address")]
    [InlineData("server: https://user:" + Canary + "@host", "server is not an http or https address")]
    [InlineData("server: [a]", "server must be text")]
    [InlineData("server: https://s\ncertificate-authority: gone.crt", "The certificate-authority file DIR/gone.crt does not exist")]
    [InlineData("server: https://s\ncertificate-authority-data: '%%%'", "line 14: certificate-authority-data is not base64")]
    [InlineData("server: https://s\ncertificate-authority-data: bm90IHBlbQ==",
        "certificate-authority-data of cluster \"c\" in FILE contains no PEM certificate. ")]
    [InlineData(
        "server: https://s\ncertificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tClFRPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=",
        "certificate-authority-data of cluster \"c\" in FILE contains no PEM certificate that can be parsed")]
    [InlineData("server: https://s\ninsecure-skip-tls-verify: maybe", "insecure-skip-tls-verify must be true or false")]
    [InlineData("server: https://s\ninsecure-skip-tls-verify: true\ncertificate-authority: ca",
        "both a certificate-authority and insecure-skip-tls-verify")]
    [InlineData("server: https://s\ncertificate-authority: ca\ncertificate-authority-data: x",
        "both certificate-authority and certificate-authority-data")]
    [InlineData("server: https://s\ntls-server-name: 'a b'", "tls-server-name is not a host name")]
    [InlineData("server: https://s\nproxy-url: gopher://u:" + Canary + "@p", "proxy-url is not an http, https or socks5 address")]
    public void A_wrong_cluster_is_an_error_with_its_place(string cluster, string expected) => Check(ConfigText.Of(cluster), expected);

    [Theory]
    [InlineData("auth-provider: {name: gcp, config: {access-token: " + Canary + "}}",
        "auth-provider gcp was removed from kubectl and client-go in 1.26")]
    [InlineData("auth-provider: {name: azure, config: {access-token: " + Canary + "}}",
        "auth-provider azure was removed from kubectl and client-go in 1.26")]
    [InlineData("auth-provider: {name: openstack}", "auth-provider openstack was removed from kubectl and client-go in 1.20")]
    [InlineData("auth-provider: {name: mine}", "auth-provider \"mine\" is not known")]
    [InlineData("auth-provider: {config: {}}", "auth-provider has no name")]
    [InlineData("auth-provider: {name: oidc, config: {refresh-token: " + Canary + "}}", "auth-provider oidc has no id-token")]
    [InlineData("auth-provider: {name: oidc, config: {id-token: " + Canary + "}}", "id-token of user \"u\" in FILE is not a JWT")]
    [InlineData("auth-provider: {name: oidc, config: {id-token: a.b.c}}", "is not a JWT with an expiry")]
    [InlineData("exec: {command: x, apiVersion: client.authentication.k8s.io/v1}\nauth-provider: {name: oidc}",
        "both an exec plugin and an auth-provider")]
    [InlineData("tokenFile: gone", "The token file of user \"u\" in FILE, DIR/gone does not exist")]
    [InlineData("tokenFile: .", "is a directory")]
    [InlineData("token: \"" + Canary + "\\nX-Evil: 1\"", "token has characters that an HTTP header cannot contain")]
    [InlineData("token: " + Canary + "\nusername: u\npassword: " + Canary, "both a token and a username")]
    [InlineData("client-certificate: gone\nclient-key: gone", "The client-certificate file of user \"u\" in FILE, DIR/gone does not exist")]
    [InlineData("client-certificate: x\nclient-certificate-data: x\nclient-key: x", "both client-certificate and client-certificate-data")]
    [InlineData("client-certificate: x", "a client-certificate without a client-key")]
    [InlineData("client-key-data: Y2FuYXJ5LTVjMWY=", "a client-key without a client-certificate")]
    [InlineData("client-certificate-data: '" + Canary + "!'\nclient-key-data: x", "client-certificate-data is not base64")]
    [InlineData("client-certificate-data: Y2FuYXJ5LTVjMWY=\nclient-key-data: Y2FuYXJ5LTVjMWY=",
        "client-certificate-data of user \"u\" in FILE is not a PEM certificate")]
    [InlineData("client-certificate-data: CERT\nclient-key-data: Y2FuYXJ5LTVjMWY=",
        "client-key-data of user \"u\" in FILE is not a PEM private key")]
    [InlineData("client-certificate-data: CERT\nclient-key-data: OTHERKEY", "client-key-data of user \"u\" in FILE does not belong to")]
    [InlineData("client-certificate-data: CERT\nclient-key-data: ENCRYPTED", "is encrypted with a passphrase")]
    [InlineData("as-groups: [a]", "need an \"as\"")]
    [InlineData("as: \"a\\r\\nb\"", "has control characters")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1}", "exec has no command")]
    [InlineData("exec: {command: x}", "exec has no apiVersion")]
    [InlineData("exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}", "v1alpha1, which is not supported")]
    [InlineData("exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}", "needs a terminal")]
    [InlineData("exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Perhaps}", "interactiveMode must be")]
    public void A_wrong_user_is_an_error_with_its_place(string user, string expected)
    {
        var authority = new TestAuthority();
        var (certificate, _) = TestAuthority.PemOf(authority.Issue("a", []));
        var (_, key) = TestAuthority.PemOf(authority.Issue("b", []));
        user = user.Replace("CERT", Base64(certificate), StringComparison.Ordinal)
            .Replace("OTHERKEY", Base64(key), StringComparison.Ordinal)
            .Replace(
                "ENCRYPTED",
                Base64("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"),
                StringComparison.Ordinal);
        Check(ConfigText.Of("server: https://s", user), expected);
    }

    [Fact]
    public void An_alias_bomb_is_refused_at_once()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Check(text.ToString(), "it has more than 200000 nodes, with its aliases expanded");
    }

    [Fact]
    public void Merge_keys_count_for_the_size_as_well()
    {
        var text = new StringBuilder("a: &a {");
        text.AppendJoin(", ", Enumerable.Range(0, 1000).Select(i => $"k{i}: x")).Append("}\n");
        text.AppendJoin("\n", Enumerable.Range(0, 300).Select(i => $"b{i}: {{<<: *a}}"));

        Check(text.ToString(), "it has more than 200000 nodes, with its aliases expanded");
    }

    [Fact]
    public void Aliases_count_for_the_depth_as_well()
    {
        var text = new StringBuilder("a0: &a0 x\n");
        for (var i = 1; i < 50; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}]\n");
        }

        Check(text.ToString(), "nested deeper");
    }

    [Fact]
    public void Deep_nesting_is_refused() => Check("a: " + new string('[', 100_000), "nested deeper");

    [Fact]
    public void A_huge_file_is_refused() => Check("# " + new string('x', 5 * 1024 * 1024), "larger than 4 MiB");

    [Fact]
    public void Binary_is_refused()
    {
        File.WriteAllBytes(_folder["config"], [0xff, 0xfe, 0x00, 0xd8, 0x20]);

        var error = Assert.Throws<KubeConfigurationException>(() => Load(null));

        Assert.Contains("neither UTF-8 text nor UTF-16", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("a/b")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")] // 64
    [InlineData("\"a\\n\"")]
    [InlineData("\u3164")]
    public void A_namespace_that_is_not_a_dns_label_is_an_error_with_its_line(string name)
    {
        Check(ConfigText.Of("server: https://s", context: $"namespace: {name}"), "line 9: namespace is \"");
        Check(ConfigText.Of("server: https://s", context: $"namespace: {name}"), "but a namespace is a DNS label: 1 to 63 of a-z");
    }

    [Theory]
    [InlineData("certificate-authority: \"a\\0b\"", "", "line 14: certificate-authority has a zero byte")]
    [InlineData("proxy-url: \"http://p\\0q\"", "", "line 14: proxy-url has a zero byte")]
    [InlineData("", "tokenFile: \"a\\0b\"", "tokenFile has a zero byte")]
    [InlineData("", "token: \"a\\0b\"", "token has a zero byte")]
    [InlineData("", "client-certificate: \"a\\0b\"", "client-certificate has a zero byte")]
    [InlineData("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: \"./a\\0b\"}", "command has a zero byte")]
    [InlineData("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, args: [a, \"a\\0b\"]}", "args has a zero byte")]
    [InlineData("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, env: [{name: a, value: \"a\\0b\"}]}",
        "value has a zero byte")]
    [InlineData("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, env: [{name: \"a\\0b\", value: a}]}",
        "name has a zero byte")]
    public void A_zero_byte_in_a_text_is_an_error_with_its_line(string cluster, string user, string expected) =>
        Check(ConfigText.Of("server: https://s\n" + cluster, user), expected);

    [Fact]
    public void A_namespace_of_63_letters_is_read()
    {
        _folder.Write("config", ConfigText.Of("server: https://s", context: "namespace: " + new string('a', 63)));
        Assert.Equal(63, Load(null).Namespace.Length);
    }

    [Theory]
    [InlineData("hangul\u3164\u115f\u1160\uffa0", "hangul\\u{3164}\\u{115f}\\u{1160}\\u{ffa0}")]
    [InlineData("braille\u2800", "braille\\u{2800}")]
    [InlineData("blank\u00a0\u3000", "blank\\u{a0}\\u{3000}")]
    [InlineData("soft\u00ad\u200b", "soft\\u{ad}\\u{200b}")]
    [InlineData("variation\ufe0f\U000e0100", "variation\\u{fe0f}\\u{e0100}")]
    [InlineData("tag\U000e0041", "tag\\u{e0041}")]
    [InlineData("e\u0301\u0302", "e\u0301\u0302")]
    [InlineData("e\u0301\u0302\u0303\u0304a\u0301", "e\u0301\u0302\\u{303}\\u{304}a\u0301")]
    [InlineData("\u0301", "\\u{301}")]
    [InlineData("Zürich → 東京 🚀", "Zürich → 東京 🚀")]
    public void Invisible_letters_and_floods_of_accents_are_escaped(string text, string shown) => Assert.Equal(shown, Printable.Of(text));

    [Fact]
    public void Names_in_errors_are_escaped()
    {
        _folder.Write("config", "current-context: \"\\e[2J\\u202Eevil\"\n");

        var error = Assert.Throws<KubeConfigurationException>(() => Load(null));

        Assert.DoesNotContain(error.Message, c => char.IsControl(c) || c == '\u202e');
    }

    [Fact]
    public void Random_damage_is_always_a_configuration_error()
    {
        var whole = Encoding.UTF8.GetBytes(ConfigText.Of("server: https://s", "token: abc\nas: &x bob\nas-groups: [*x, \"b\"]"));
        var random = new Random(11);
        for (var i = 0; i < 3_000; i++)
        {
            var damaged = (byte[])whole.Clone();
            for (var hits = random.Next(1, 5); hits > 0; hits--)
            {
                damaged[random.Next(damaged.Length)] = (byte)" \n\t:-{}[]&*!|>'\"%@`#,?xé"[random.Next(24)];
            }

            File.WriteAllBytes(_folder["config"], damaged);
            try
            {
                using var kube = Load(null);
            }
            catch (KubeConfigurationException)
            {
                // Any other exception fails the test.
            }
        }
    }

    private void Check(string text, string expected, string? context = null)
    {
        var path = _folder.Write("config", text);

        var error = Assert.Throws<KubeConfigurationException>(() => Load(context));

        expected = expected.Replace("FILE", path, StringComparison.Ordinal).Replace("DIR", _folder.Path, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("To fix:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Y2FuYXJ5", error.ToString(), StringComparison.Ordinal);
    }

    private KubeConnection Load(string? context) => KubeConnection.FromKubeconfig(_folder["config"], context, TestOptions.With());

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
