using System.Text;
using Rx.Kube.Fuzz.Documents;

namespace Rx.Kube.Fuzz.Targets;

/// <summary>Proxy addresses and NO_PROXY: an address, or an error that does not repeat it, because it may have a password.</summary>
internal sealed class ProxyTarget() : Target("proxy", 3)
{
    private const string Password = "pw-canary";
    private static readonly Uri[] _servers =
    [
        new("https://server.example:6443"), new("https://10.0.0.1"), new("https://[fd00::1]:6443"), new("http://server.example"),
        new("https://localhost"),
    ];

    public override (Doc Document, object Meaning) Make(Dice dice)
    {
        var scheme = dice.Of<string>(["http", "https", "socks5", "socks5h"]);
        var host = dice.Of<string>(["proxy.example", "10.1.2.3", "[fd00::2]"]);
        var login = dice.OneIn(2) ? $"me:{Password}@" : dice.OneIn(2) ? "m%65:%70w@" : "";
        return (Doc.Raw($"{scheme}://{login}{host}:{1 + dice.Below(65_535)}"), scheme);
    }

    public override byte[] Write(Doc document, Dice dice) => new DocText().Add(document).ToArray();

    public override void Check(byte[] input, object? meaning, Dice dice)
    {
        var text = Encoding.UTF8.GetString(input);
        var proxy = EnvironmentProxy.Parse(text);
        Require(
            meaning is not string scheme || (proxy is not null && scheme.StartsWith(proxy.Scheme, StringComparison.Ordinal)),
            "a valid proxy is none");
        if (proxy is not null)
        {
            Require(proxy.Port > 0 && proxy.Host.Length > 0, "a proxy without a host or a port");
            var login = ProxyRoute.AuthorizationOf(proxy);
            Require(login is null || !login.Any(char.IsControl), "a login is not a header");
        }

        var exempt = dice.OneIn(2) ? "*.example, 10.0.0.0/8,[fd00::1]:6443" : text;
        var environment = new KubeEnvironment(
            name => name == "NO_PROXY" ? exempt : name is "HTTPS_PROXY" or "HTTP_PROXY" ? text : null, "/");
        try
        {
            EnvironmentProxy.For(dice.Of<Uri>(_servers), environment);
        }
        catch (KubeConfigurationException e)
        {
            Require(!e.ToString().Contains(Password, StringComparison.Ordinal), "an error has the password of the proxy");
        }
    }
}
