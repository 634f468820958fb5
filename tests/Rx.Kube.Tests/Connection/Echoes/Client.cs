using System.Net.Http.Headers;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection.Echoes;

/// <summary>The ways in which a secret is sent to a server. Add a row for a new way.</summary>
internal static class Client
{
    /// <summary>Each connection, and the secret that it sends.</summary>
    public static Dictionary<string, (string Secret, bool IsTls, Func<Place, KubeConnection> Connect)> All { get; } = new()
    {
        ["token of a kubeconfig"] = (Secret.Token, true, place => place.Kubeconfig($"token: {Secret.Token}")),
        ["password of a kubeconfig"] = (Secret.Password, true, place => place.Kubeconfig($"username: bob\npassword: '{Secret.Password}'")),
        ["token file of a kubeconfig"] = (Secret.Token, true, place =>
        {
            place.Folder.Write("token", Secret.Token);
            return place.Kubeconfig("tokenFile: token");
        }
        ),
        ["token of an exec plugin"] = (Secret.Token, true, place => place.Plugin(place.Printing(Secret.Token))),
        ["service account of a pod"] = (Secret.Token, true, place =>
        {
            place.Folder.Write("token", Secret.Token);
            place.Folder.Write("ca.crt", place.Authority.Pem);
            return KubeConnection.InCluster(TestOptions.Pod(place.Folder, "127.0.0.1", place.Server.Port) with { OnNotice = place.Told });
        }
        ),
        ["login of a forwarding proxy"] = (Secret.Password, false, place => place.Kubeconfig(
            "{}",
            "server: http://cluster.example\n"
            + $"proxy-url: http://bob:{Uri.EscapeDataString(Secret.Password)}@127.0.0.1:{place.Server.Port}")),
        ["callback"] = (Secret.Token, false, place => KubeConnection.From(
            place.Own(), new Uri(place.Server.Url),
            (request, _) =>
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secret.Token);
                return Task.CompletedTask;
            })),
        ["callback of a login"] = (Secret.Password, false, place => KubeConnection.From(
            place.Own(), new Uri(place.Server.Url),
            (request, _) =>
            {
                var login = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("bob:" + Secret.Password));
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", login);
                return Task.CompletedTask;
            })),
        ["default header"] = (Secret.Token, false, place => place.WithHeader("Authorization", $"Bearer {Secret.Token}")),
        ["default header without a scheme"] = (Secret.Token, false, place => place.WithHeader("Authorization", Secret.Token)),
        ["default header of a proxy"] = (Secret.Token, false, place => place.WithHeader("Proxy-Authorization", $"Bearer {Secret.Token}")),
        ["default header of a gateway"] = (Secret.Token, false, place => place.WithHeader("X-Auth-Token", Secret.Token)),
        ["cookie"] = (Secret.Token, false, place => place.WithHeader("Cookie", $"theme=dark; session={Secret.Token}; a=b")),
        ["handler of the client"] = (Secret.Token, false, place => KubeConnection.From(
            place.Own(new Adding { InnerHandler = new SocketsHttpHandler() }), new Uri(place.Server.Url))),
    };

    private sealed class Adding : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Api-Key", Secret.Token);
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>A server, and what a connection to it needs.</summary>
internal sealed class Place : IDisposable
{
    private readonly List<HttpClient> _clients = [];

    public Place(bool isTls) => Server = new RawServer(isTls ? Authority.IssueServer() : null);

    public TempFolder Folder { get; } = new();

    public TestAuthority Authority { get; } = new();

    public RawServer Server { get; }

    public Heard Heard { get; } = new();

    public Action<ConnectionNotice> Told => notice => Heard.Add(notice.ToString());

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        Server.Dispose();
        Folder.Dispose();
    }

    public HttpClient Own(HttpMessageHandler? handler = null)
    {
        var client = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
        _clients.Add(client);
        return client;
    }

    public KubeConnection WithHeader(string name, string value)
    {
        var client = Own();
        Assert.True(client.DefaultRequestHeaders.TryAddWithoutValidation(name, value));
        return KubeConnection.From(client, new Uri(Server.Url), options: new KubeConnectionOptions { OnNotice = Told });
    }

    public KubeConnection Kubeconfig(string user, string? cluster = null)
    {
        Folder.Write("ca.crt", Authority.Pem);
        var path = Folder.Write("config", ConfigText.Of(cluster ?? $"server: {Server.Url}\ncertificate-authority: ca.crt", user));
        var options = TestOptions.With(new() { ["PATH"] = "/usr/bin:/bin" }) with { OnNotice = Told };
        return KubeConnection.FromKubeconfig(path, options: options);
    }

    /// <summary>Connects with a plugin that is a shell script.</summary>
    public KubeConnection Plugin(string script) => Kubeconfig(
        $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: sh, args: ['{Folder.Write("plugin.sh", script)}']}}");

    /// <summary>The script of a plugin that returns a token.</summary>
    public string Printing(string token, string version = "client.authentication.k8s.io/v1") =>
        $$$"""echo '{"apiVersion":"{{{version}}}","kind":"ExecCredential","status":{"token":"{{{token}}}"}}'""";
}
