using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rx.Kube.Cli.Tests.Harness;
using Rx.Kube.Tests.Connection.Echoes;

namespace Rx.Kube.Cli.Tests.Errors;

/// <summary>A server echoes the token at every place: the tool prints no piece of it and no control character.</summary>
public class EchoTests
{
    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task The_tool_prints_no_secret_that_a_server_echoes(string format)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        (string Place, bool IsList, Func<string, string> Of)[] places =
        [
            .. Echo.Lists.Select(e => (e.Key, true, e.Value)),
            .. Echo.Watches.Select(e => (e.Key, false, (Func<string, string>)(text => Echo.Watch(e.Value(text))))),
            ("chunk size", false, Echo.BrokenChunk),
        ];

        foreach (var some in places.Chunk(20))
        {
            await Task.WhenAll(some.Select(async (place, i) =>
            {
                var echoed = place.Of(Secret.Forms[(i * 7) % Secret.Forms.Length].Of(Secret.Token));
                using var server = new RawServer(certificate)
                {
                    Answer = line => line.Contains("watch=true", StringComparison.Ordinal)
                        ? place.IsList ? Echo.Watch("") : echoed
                        : place.IsList ? echoed : Echo.EmptyList,
                };
                using var config = new Kubeconfig(new Uri(server.Url), Secret.Token);
                var tool = new InProcessTool();

                tool.Start("watch", "cache", "--kubeconfig", config.Path, "-o", format, "--timeout", "2s");
                await Task.Delay(TimeSpan.FromSeconds(2.5));
                _ = await tool.StopAsync();

                var printed = $"{tool.Rest()}\n{tool.Error}";
                var found = Secret.Find(printed, [Secret.Token]);
                Assert.True(found is null, $"{place.Place}: {found} is in: {printed}");
                Assert.True(printed.Trim().Length > 0, place.Place);
            }));
        }
    }
}
