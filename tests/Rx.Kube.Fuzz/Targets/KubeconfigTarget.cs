using System.Reactive.Concurrency;
using System.Text;
using Rx.Kube.Fuzz.Documents;
using YamlDotNet.Core;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Kubeconfigs, in YAML and in JSON: a server with an identity, or an error with the file and without a secret.</summary>
internal sealed class KubeconfigTarget() : Target("kubeconfig", 4)
{
    private const string Secret = "token-canary";
    private const string IdToken = "eyJhbGciOiJub25lIn0.eyJleHAiOjQxMDI0NDQ4MDB9." + Secret; // {"exp":4102444800}
    private const string FilePath = "/nonexistent/kubeconfig";
    private static readonly KubeConnectionOptions _options = new()
    {
        Environment = new KubeEnvironment(_ => null, "/nonexistent"),
        Scheduler = Scheduler.Immediate,
    };

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var server = $"https://server-{dice.Below(9)}.example:{1 + dice.Below(65_535)}";
        var cluster = Doc.Map().With("server", server);
        switch (dice.Below(8))
        {
            case 0:
                cluster.With("insecure-skip-tls-verify", true);
                break;
            case 1:
                cluster.With("proxy-url", $"http://me:{Secret}@proxy.example:3128");
                break;
            case 2:
                cluster.With("tls-server-name", "name.example");
                break;
            case 3 when dice.OneIn(4):
                cluster.With("certificate-authority-data", Convert.ToBase64String(Encoding.UTF8.GetBytes(Identity.Certificate)));
                break;
        }

        var @namespace = "ns-" + dice.Below(100);
        var document = Doc.Map().With("apiVersion", "v1").With("kind", "Config").With("current-context", "context-a")
            .With("clusters", Doc.List(Entry("cluster", "cluster-a", cluster)))
            .With("contexts", Doc.List(Entry(
                "context", "context-a", Doc.Map().With("cluster", "cluster-a").With("user", "user-a").With("namespace", @namespace))))
            .With("users", Doc.List(Entry("user", "user-a", User(dice))));
        return (Models.Docs.Vary(document, dice), (new Uri(server), @namespace));
    }

    public override byte[] Write(Doc document, Dice dice) =>
        dice.OneIn(4) ? new DocText(dice, lines: true).Add(document).ToArray() : DocYaml.Of(document, dice);

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        try
        {
            var target = KubeconfigLoader.Load(
                new MergedKubeconfig([KubeconfigFile.Parse(FilePath, input, ConnectionLimits.Default)]), "a test", _options,
                CancellationToken.None);
            Require(
                meaning is not (Uri server, string @namespace) || (target.Server == server && target.Namespace == @namespace),
                "a valid kubeconfig is read as another one");
            RequireNoSecret(target.Credentials.Description, input);
        }
        catch (KubeConfigurationException e)
        {
            Require(meaning is null, () => $"a valid kubeconfig is rejected: {e.Message}");
            RequireNoSecret(e.ToString(), input);
            Require(!e.Message.Any(char.IsControl), "an error has control characters");
        }
    }

    private static void RequireNoSecret(string text, byte[] input) => Require(
        !text.Contains(Secret, StringComparison.Ordinal) || IsInName(Tree(input), isSecret: false),
        "an error or a description has a secret");

    // The damage may have made the secret a name, which errors do quote.
    private static bool IsInName(YamlNode? node, bool isSecret) => node switch
    {
        YamlScalar scalar => !isSecret && scalar.Text.Contains(Secret, StringComparison.Ordinal),
        YamlSequence sequence => sequence.Items.Any(item => IsInName(item, isSecret)),
        YamlMapping mapping => mapping.Children.Any(child => child.Key.Contains(Secret, StringComparison.Ordinal)
            || IsInName(child.Value, child.Key is "token" or "password" or "id-token" or "value" or "args" or "proxy-url")),
        _ => false,
    };

    private static YamlNode? Tree(byte[] input)
    {
        try
        {
            return YamlTree.Load(YamlTree.Decode(input), maxDepth: 40, maxNodes: 200_000);
        }
        catch (Exception e) when (e is YamlException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static Doc Entry(string kind, string name, Doc body) => Doc.List(Doc.Map().With("name", name).With(kind, body)).Items[0];

    private static Doc User(Dice dice) => dice.Below(7) switch
    {
        0 => Doc.Map().With("username", "admin").With("password", Secret),
        1 => Doc.Map().With("exec", Doc.Map().With("apiVersion", "client.authentication.k8s.io/v1").With("command", "plugin")
            .With("args", Doc.List(Doc.Of("get-token"), Doc.Of(Secret))).With("provideClusterInfo", dice.OneIn(2))
            .With("env", Doc.List(Doc.Map().With("name", "NAME").With("value", Secret)))),
        2 => Doc.Map().With("auth-provider", Doc.Map().With("name", "oidc").With("config", Doc.Map().With("id-token", IdToken))),
        3 => Doc.Map().With("token", Secret).With("as", "someone").With("as-groups", Doc.List(Doc.Of("group-a")))
            .With("as-user-extra", Doc.Map().With("key", Doc.List(Doc.Of("value")))),
        _ => Doc.Map().With("token", Secret),
    };
}
