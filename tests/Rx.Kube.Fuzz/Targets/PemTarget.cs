using System.Text;
using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Bundles of certificates: every entry is read, or skipped and counted.</summary>
internal sealed class PemTarget() : Target("pem", 1)
{
    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var (text, certificates) = (new StringBuilder(), 0);
        for (var i = dice.Below(4); i >= 0; i--)
        {
            var isCertificate = dice.OneIn(3);
            certificates += isCertificate ? 1 : 0;
            text.Append(isCertificate ? Identity.Certificate : dice.OneIn(2) ? Identity.Key : "# a comment\n\n");
        }

        return (Doc.Raw(text.ToString()), certificates);
    }

    public override byte[] Write(Doc document, Dice dice) => new DocText().Add(document).ToArray();

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        var (certificates, skipped) = PemCertificates.Read(Encoding.UTF8.GetString(input));
        Require(
            meaning is not int expected || (certificates.Count == expected && skipped.Count == 0),
            "a valid bundle is read as another one");
        foreach (var certificate in certificates)
        {
            certificate.Dispose();
        }

        if (!dice.OneIn(20))
        {
            return;
        }

        try
        {
            using var pair = ClientCertificateLoader.Load(input, input, "certificate", "key").Certificate;
        }
        catch (KubeConfigurationException)
        {
            // It is no pair.
        }
    }
}
