using System.Text;
using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Answers of exec plugins, in JSON and in YAML: a credential, or an error that repeats nothing of the answer.</summary>
internal sealed class ExecTarget() : Target("exec", 4)
{
    private const string Token = "token-canary";
    private static readonly ExecPlugin _plugin = new()
    {
        ApiVersion = "client.authentication.k8s.io/v1",
        Command = "plugin",
        Arguments = [],
        Environment = [],
        ExecInfo = "",
        InstallHint = "",
        Description = "the exec plugin",
        SearchPath = null,
    };

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var expires = dice.OneIn(2) ? null : dice.OneIn(4) ? "2026-01-01T00:00:00+14:00" : "2026-01-01T00:00:00Z";
        var status = Doc.Map().With("token", Token).With("expirationTimestamp", expires);
        if (dice.OneIn(30))
        {
            status.With("clientCertificateData", Identity.Certificate).With("clientKeyData", Identity.Key);
        }

        return (
            Models.Docs.Vary(
                Doc.Map().With("apiVersion", _plugin.ApiVersion).With("kind", "ExecCredential")
                    .With("spec", Doc.Map().With("interactive", false)).With("status", Models.Docs.Vary(status, dice)),
                dice),
            expires is not null);
    }

    public override byte[] Write(Doc document, Dice dice) =>
        dice.OneIn(3) ? DocYaml.Of(document, dice) : new DocText(dice).Add(document).ToArray();

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        try
        {
            var (credential, expires) = ExecCredentialReader.Read(_plugin, input, ConnectionLimits.Default, new OutsideText());
            Require(
                meaning is not bool hasEnd || (credential.Authorization?.Parameter == Token && expires is not null == hasEnd),
                "a valid answer is read as another one");
            Require(credential.Authorization is not null || credential.Certificate is not null, "a credential is empty");
            credential.Certificate?.Certificate.Dispose();
        }
        catch (KubeConfigurationException e)
        {
            Require(meaning is null, () => $"a valid answer is rejected: {e.Message}: {Encoding.UTF8.GetString(input)}");
            Require(
                !e.ToString().Contains(Token, StringComparison.Ordinal)
                || e.Message.Contains("answered in version", StringComparison.Ordinal),
                "an error has the token"); // the damage may have made it the version
            Require(!e.Message.Any(char.IsControl), "an error has control characters");
        }
    }
}
