using System.Security.Cryptography.X509Certificates;
using System.Text;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>The server, the proxy and the files of a scenario.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LoopbackProxy _proxy = new();
    private readonly LoopbackProxy _loginProxy = new("user:p@ss");

    private int _tunnels;

    private Site(Scenario scenario, RecordingServer server) => (Scenario, Server) = (scenario, server);

    public Scenario Scenario { get; }

    public RecordingServer Server { get; }

    public string Folder => _folder.Path;

    public IReadOnlyList<string> Kubeconfigs => [.. Scenario.Merged.Select(name => _folder[name])];

    public static async Task<Site> BuildAsync(Scenario scenario)
    {
        var authority = new TestAuthority("root");
        var intermediate = new TestAuthority("intermediate", authority);
        using var certificate = (scenario.SignedByIntermediate ? intermediate : authority).IssueServer(scenario.ServerNames);
        var sent = scenario.SendsIntermediate
            ? new X509Certificate2Collection(X509Certificate2.CreateFromPem(intermediate.Pem))
            : null;
        var server = await RecordingServer.StartAsync(
            scenario.Address,
            scenario.PlainHttp ? null : X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null),
            sent);
        var site = new Site(scenario, server);
        var (cert, key) = TestAuthority.PemOf(authority.Issue("alice", []));
        var (bobCert, bobKey) = TestAuthority.PemOf(authority.Issue("bob", []));
        var pems = new Dictionary<string, string>
        {
            ["$ca"] = authority.Pem,
            ["$other-ca"] = new TestAuthority("another root").Pem,
            ["$intermediate"] = intermediate.Pem,
            ["$cert"] = cert,
            ["$key"] = key,
            ["$bob-cert"] = bobCert,
            ["$bob-key"] = bobKey,
        };
        pems["$bundle"] = pems["$other-ca"] + "\n" + pems["$ca"];
        pems["$broken-bundle"] = "-----BEGIN CERTIFICATE-----\nTm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n" + pems["$ca"];
        site.Write("config", scenario.Config, pems);
        foreach (var (name, text) in scenario.Files)
        {
            site.Write(name, pems.GetValueOrDefault(text, text), pems);
        }

        return site;
    }

    private int Tunnels => _proxy.Tunnels + _loginProxy.Tunnels;

    /// <summary>Gets the first request that the server has seen since <see cref="Begin"/>; null for none.</summary>
    public string? Seen()
    {
        Server.Requests.TryDequeue(out var first);
        Server.Requests.Clear();
        return first is not null && Tunnels > _tunnels ? $"{first}, through the proxy" : first;
    }

    /// <summary>Forgets what other clients did.</summary>
    public void Begin()
    {
        Server.Requests.Clear();
        _tunnels = Tunnels;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _proxy.Dispose();
        _loginProxy.Dispose();
        _folder.Dispose();
    }

    private void Write(string name, string text, Dictionary<string, string> pems)
    {
        text = text.Replace("$server", Server.Url.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("$folder", _folder.Path, StringComparison.Ordinal)
            .Replace("$port", $"{Server.Url.Port}", StringComparison.Ordinal)
            .Replace("$login-proxy", $"http://user:p%40ss@{_loginProxy.Url.Authority}", StringComparison.Ordinal)
            .Replace("$proxy", _proxy.Url.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        foreach (var (placeholder, pem) in pems.OrderByDescending(p => p.Key.Length))
        {
            text = text.Replace(placeholder, Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)), StringComparison.Ordinal);
        }

        var path = _folder.Write(name, text);
        if (Scenario.Encoding is { } encoding && name == "config")
        {
            File.WriteAllText(path, text, encoding);
        }

        if (text.StartsWith("#!", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
