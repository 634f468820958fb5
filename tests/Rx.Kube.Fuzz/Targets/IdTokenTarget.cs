using System.Buffers.Text;
using Rx.Kube.Fuzz.Documents;
using Rx.Kube.Testing;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>The claims of an id-token: an identity until they expire, or an error.</summary>
internal sealed class IdTokenTarget() : Target("id-token", 1)
{
    private static readonly KubeConnectionOptions _options = new()
    {
        Scheduler = new VirtualClock(),
        Environment = new KubeEnvironment(_ => null, "/") { OffThread = OnThisThread },
    };

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var expires = dice.Below(8) switch
        {
            0 => -62_135_596_800 + dice.Below(200), // the first seconds of the first year
            1 => 253_402_300_799 - dice.Below(200), // the last ones of year 9999
            2 => dice.Below(2000),
            _ => 4_102_444_800 + dice.Below(1000),
        };
        return (Models.Docs.Vary(Doc.Map().With("iss", "x").With("exp", Doc.Of(expires)).With("sub", Words.Any(dice)), dice), expires);
    }

    public override byte[] Write(Doc document, Dice dice) => new DocText(dice).Add(document).ToArray();

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        var token = $"e30.{Base64Url.EncodeToString(input)}.x";
        var isCurrent = meaning is long expires && expires > _options.Scheduler.Now.ToUnixTimeSeconds() + 3600;
        try
        {
            var credentials = new OidcCredentials(token, () => token, "user", _options);
            var credential = credentials.GetAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            RequireEqual(token, credential.Authorization?.Parameter, "the id-token");
        }
        catch (KubeConfigurationException e)
        {
            Require(!isCurrent, () => $"a current id-token is rejected: {e.Message}");
            Require(!e.ToString().Contains(token, StringComparison.Ordinal), "an error has the id-token");
        }
    }

    private static Task<Credential> OnThisThread(Func<Credential> read)
    {
        var task = new Task<Credential>(read);
        task.RunSynchronously(TaskScheduler.Default);
        return task;
    }
}
