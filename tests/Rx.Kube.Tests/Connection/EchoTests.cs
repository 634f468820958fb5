using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using System.Text.Json;
using Rx.Kube.Tests.Connection.Echoes;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.Tests.Connection;

/// <summary>
/// A server, a proxy or a plugin echoes a secret, in every form and at every place, over real sockets. Neither the secret, nor a piece of
/// eight characters of any form of it, nor a control character is in any text that the library emits.
/// </summary>
public sealed class EchoTests
{
    private static readonly ResourceKind<string> _quoting = new("example.com", "v1", "things", Decode);

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var client in Client.All.Keys)
        {
            foreach (var place in Echo.Lists.Keys.Select(p => "list: " + p).Concat(Echo.Watches.Keys.Select(p => "watch: " + p)))
            {
                data.Add(client, place);
            }

            data.Add(client, "watch: chunk size");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_echo_shows_no_secret(string client, string place)
    {
        var (secret, isTls, connect) = Client.All[client];
        using var there = new Place(isTls);
        using var tracing = Trace(there.Heard);
        using var kube = connect(there);
        var things = kube.Resources(_quoting);

        // All forms of two clients; of the others, those that the place selects.
        var forms = client.StartsWith("callback", StringComparison.Ordinal) ? Secret.Forms
            : [Secret.Forms[0], Secret.Forms[((3 * place.Length) + client.Length) % Secret.Forms.Length]];
        foreach (var (_, of) in forms)
        {
            there.Server.Answer = Answer(place, of(secret));
            there.Heard.Add(await ErrorOfAsync(things.List(new ListOptions()).Do(there.Heard.Add)));
            there.Heard.Add(await ErrorOfAsync(things.Watch(new WatchOptions("7")).Do(there.Heard.Add)));
        }

        there.Server.Answer = Answer(place, secret);
        await ResumedAsync(things, there.Heard);
        there.Heard.Add($"{kube} {kube.Source} {kube.WaitingFor}");

        Assert.NotEmpty(there.Heard.Texts);
        AssertSafe(there.Heard, secret);
    }

    [Theory]
    [InlineData("HTTP/1.1 407 {0}\r\n\r\n")]
    [InlineData("HTTP/1.1 502 {0}\r\nX: {0}\r\n\r\n{0}")]
    [InlineData("HTTP/1.1 {0}\r\n\r\n")]
    [InlineData("{0}\r\n\r\n")]
    [InlineData("{0}")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n{0}{0}{0}{0}{0}{0}{0}{0}")]
    public async Task An_echo_of_a_proxy_shows_no_login(string answer)
    {
        using var there = new Place(isTls: false);
        foreach (var scheme in (string[])["http", "socks5"])
        {
            using var kube = there.Kubeconfig(
                $"token: {Secret.Token}",
                "server: https://cluster.example\n"
                + $"proxy-url: {scheme}://bob:{Uri.EscapeDataString(Secret.Password)}@127.0.0.1:{there.Server.Port}");
            foreach (var (_, of) in scheme == "http" ? Secret.Forms : [])
            {
                there.Server.Answer = _ => string.Format(CultureInfo.InvariantCulture, answer, of(Secret.Password) + "\u001b[1m");
                there.Heard.Add(await ErrorOfAsync(kube.Resources(_quoting).List(new ListOptions())));
            }
        }

        AssertSafe(there.Heard, Secret.Password, Secret.Token);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public async Task An_echo_of_a_socks_proxy_shows_no_login(byte method)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync((byte[])[5, method, .. Encoding.UTF8.GetBytes(Secret.Password + Secret.Password)]);
            await client.GetStream().CopyToAsync(Stream.Null);
        });
        using var there = new Place(isTls: false);
        using var kube = there.Kubeconfig(
            $"token: {Secret.Token}",
            "server: https://cluster.example\nproxy-url: "
            + $"socks5://bob:{Uri.EscapeDataString(Secret.Password)}@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        there.Heard.Add(await ErrorOfAsync(kube.Resources(_quoting).List(new ListOptions())));

        AssertSafe(there.Heard, Secret.Password, Secret.Token);
    }

    [Fact]
    public async Task A_certificate_shows_no_secret()
    {
        foreach (var (_, of) in Secret.Forms)
        {
            var name = of(Secret.Token);
            var authority = new TestAuthority(name.Replace(",", "", StringComparison.Ordinal));
            using var server = new RawServer(authority.Issue("server", []));
            using var there = new Place(isTls: true);
            using var kube = there.Kubeconfig($"token: {Secret.Token}", $"server: {server.Url}\ncertificate-authority: ca.crt");

            // Nothing was sent, but the token is known: it is in the kubeconfig.
            there.Heard.Add(await ErrorOfAsync(kube.Resources(_quoting).List(new ListOptions())));

            AssertSafe(there.Heard, Secret.Token);
        }
    }

    [Fact]
    public async Task A_token_that_was_rotated_is_still_a_secret()
    {
        using var there = new Place(isTls: true);
        there.Folder.Write("token", Secret.Token);
        using var kube = there.Kubeconfig("tokenFile: token");
        there.Server.Answer = _ =>
        {
            there.Folder.Write("token", "Zt8Yr4Wn6Vb1Mc3Xk5Lq");
            return Echo.Lists["message of a 401"](Secret.Token);
        };

        var error = await ErrorOfAsync(kube.Resources(_quoting).List(new ListOptions()));
        there.Heard.Add(error);
        there.Server.Answer = _ => Echo.Lists["message"](Secret.Token + " Zt8Yr4Wn6Vb1Mc3Xk5Lq");
        there.Heard.Add(await ErrorOfAsync(kube.Resources(_quoting).List(new ListOptions())));

        Assert.Equal(401, Assert.IsType<KubeStatusException>(error).Status.Code);
        AssertSafe(there.Heard, Secret.Token, "Zt8Yr4Wn6Vb1Mc3Xk5Lq");
    }

    public static TheoryData<string> Plugins() =>
    [
        "echo '{0}'; exit 1",
        "echo '{0}' >&2; exit 1",
        "printf '{{\"token\":t{0}'",
        "printf '{0}: [' ",
        Printing("\"token\":\"{0}\"", version: "{0}"),
        Printing("\"token\":\"{0}\"", kind: "{0}"),
        Printing("\"token\":\"{0}\",\"expirationTimestamp\":\"{0}\""),
        Printing("\"token\":\"{0}\\u001b\""),
        Printing("\"clientCertificateData\":\"{0}\",\"clientKeyData\":\"{0}\""),
    ];

    [Theory]
    [MemberData(nameof(Plugins))]
    public async Task What_a_plugin_prints_shows_no_secret(string script)
    {
        using var there = new Place(isTls: true);
        there.Server.Answer = _ => Echo.Lists["message of a 401"](Secret.Token);

        // The first run returns the token; the second, after the 401, prints it elsewhere.
        var second = string.Format(CultureInfo.InvariantCulture, script, Secret.Token);
        var ran = there.Folder["ran"];
        using var kube = there.Plugin($"if [ -e {ran} ]; then {second}; else {there.Printing(Secret.Token)}; fi; touch {ran}");

        there.Heard.Add(await ErrorOfAsync(kube.Resources(_quoting).List(new ListOptions())));
        await Task.Delay(script.Contains("&2", StringComparison.Ordinal) ? 300 : 0); // the notice of the line comes on another thread

        AssertSafe(there.Heard, Secret.Token);
    }

    public static TheoryData<string, string> Kubeconfigs() => new()
    {
        { "server: https://bob:{0}@h.example", "{{}}" },
        { "server: https://h.example/?{0}", "{{}}" },
        { "server: '{0}://h'", "{{}}" },
        { "server: https://h.example\nproxy-url: ftp://bob:{0}@h", "{{}}" },
        { "server: https://h.example\nproxy-url: http://bob:{0}", "{{}}" },
        { "server: https://h.example\ntls-server-name: '{0}/'", "token: '{0}'" },
        { "server: https://h.example\ncertificate-authority-data: '{0}'", "token: '{0}'" },
        { "server: https://h.example", "token: ['{0}']" },
        { "server: https://h.example", "token: '{0} {0}'" },
        { "server: https://h.example", "token: '{0}'\npassword: '{0}'" },
        { "server: https://h.example", "token: \"{0}" },
        { "server: https://h.example", "token: {0}\n\tpassword: {0}" },
        { "server: https://h.example", "token: *{0}" },
        { "server: https://h.example", "client-key-data: '{0}'\nclient-certificate-data: '{0}'" },
        { "server: https://h.example", "client-key-data: '{0}'" },
        { "server: https://h.example", "auth-provider: {{name: oidc, config: {{id-token: '{0}'}}}}" },
        { "server: https://h.example", "auth-provider: {{name: '{0}', config: {{id-token: '{0}'}}}}" },
        { "server: https://h.example", "exec: {{apiVersion: '{0}', command: x, env: [{{name: API_TOKEN, value: '{0}'}}]}}" },
    };

    [Theory]
    [MemberData(nameof(Kubeconfigs))]
    public void An_error_of_a_kubeconfig_shows_no_secret(string cluster, string user)
    {
        using var there = new Place(isTls: false);

        var texts = ((string[])[user, cluster]).Select(text => string.Format(CultureInfo.InvariantCulture, text, Secret.Token)).ToArray();
        var error = Record.Exception(() => there.Kubeconfig(texts[0], texts[1]));

        there.Heard.Add(Assert.IsType<KubeConfigurationException>(error));
        AssertSafe(there.Heard, Secret.Token);
    }

    [Fact]
    public async Task A_token_file_that_is_no_token_is_not_quoted()
    {
        using var there = new Place(isTls: true);
        there.Folder.Write("token", $"{Secret.Token} {Secret.Token}");
        there.Heard.Add(Record.Exception(() => there.Kubeconfig("tokenFile: token")));
        there.Folder.Write("token", Secret.Token);
        using var kube = there.Kubeconfig("tokenFile: token");
        there.Server.Answer = _ =>
        {
            there.Folder.Write("token", $"\u001b{Secret.Token}");
            return Echo.Lists["message of a 401"](Secret.Token);
        };

        there.Heard.Add(await ErrorOfAsync(kube.Resources(_quoting).List(new ListOptions())));

        AssertSafe(there.Heard, Secret.Token);
    }

    [Fact]
    public async Task A_callback_that_fails_with_its_token_shows_no_secret()
    {
        using var there = new Place(isTls: false);
        using var kube = KubeConnection.From(there.Own(), new Uri(there.Server.Url), (request, _) =>
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Secret.Token}");
            throw new FormatException($"cannot use {Secret.Token}", new IOException($"\u001b {Secret.Token}"));
        });

        var error = await ErrorOfAsync(kube.Resources(_quoting).List(new ListOptions()));

        there.Heard.Add(error);
        AssertSafe(there.Heard, Secret.Token);
        Assert.Contains("System.FormatException: cannot use ***", error!.InnerException!.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(error.InnerException.InnerException);
    }

    private static string Printing(
        string status, string version = "client.authentication.k8s.io/v1", string kind = "ExecCredential") =>
        $"printf '%s' '{{{{\"apiVersion\":\"{version}\",\"kind\":\"{kind}\",\"status\":{{{{{status}}}}}}}}}'";

    private static Func<string, string> Answer(string place, string echoed)
    {
        var name = place[(place.IndexOf(':', StringComparison.Ordinal) + 2)..];
        var isList = place.StartsWith("list", StringComparison.Ordinal);
        return line => (isList, line.Contains("watch=true", StringComparison.Ordinal)) switch
        {
            (true, false) => Echo.Lists[name](echoed),
            (false, true) when name == "chunk size" => Echo.BrokenChunk(echoed),
            (false, true) => Echo.Watch(Echo.Watches[name](echoed)),
            (false, false) => Echo.EmptyList,
            (true, true) => Echo.Watch(""),
        };
    }

    // To the first interruption of the stream, or to what was skipped.
    private static async Task ResumedAsync(IWatchable<string> things, Heard heard) => await ResumeOperator
        .Create(things, new ResumeOptions(), ResumeRules.Default with { Grace = TimeSpan.Zero }, Scheduler.Default)
        .Do(heard.Add)
        .TakeUntil(e => e is WatchEvent<string>.Interrupted or WatchEvent<string>.Skipped)
        .Timeout(TimeSpan.FromSeconds(30))
        .LastOrDefaultAsync();

    private static async Task<Exception?> ErrorOfAsync<T>(IObservable<T> request)
    {
        try
        {
            await request.LastOrDefaultAsync().Timeout(TimeSpan.FromSeconds(30)).ToTask();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static ActivityListener Trace(Heard heard)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Kube",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                var events = string.Join(' ', activity.Events.SelectMany(e => e.Tags));
                heard.Add($"{activity.StatusDescription} {string.Join(' ', activity.TagObjects)} {events}");
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static void AssertSafe(Heard heard, params string[] secrets) => Assert.All(heard.Texts.ToArray(), text =>
    {
        var found = Secret.Find(text, secrets);
        Assert.True(found is null, $"{found} is in: {text}");
    });

    private static string Decode(ReadOnlySpan<byte> json)
    {
        using var document = JsonDocument.Parse(json.ToArray());
        var root = document.RootElement;
        return root.TryGetProperty("spec", out var spec) && spec.ValueKind != JsonValueKind.Object
            ? throw new JsonException($"the spec is {spec.GetRawText()} and not an object")
            : root.TryGetProperty("quote", out var quote) && quote.ValueKind == JsonValueKind.String
            ? throw new FormatException($"the object is {root.GetRawText()}: {quote.GetString()}")
            : "decoded";
    }
}
