using System.Diagnostics;
using System.Net;
using System.Reactive.Concurrency;
using System.Security.Cryptography.X509Certificates;
using Rx.Kube.Tests.Connection.Support;

namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>
/// The files and variables of a <see cref="PodScenario"/>, and a server for each place. Each place has a token of its own.
/// </summary>
internal sealed class PodSite : IAsyncDisposable
{
    private static readonly string[] Places = [PodScenario.Variable, PodScenario.Home, PodScenario.Pod];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, RecordingServer> _servers = [];
    private readonly Dictionary<string, string> _variables = [];
    private readonly PodScenario _scenario;
    private readonly bool _isMounted;

    private PodSite(PodScenario scenario, bool isMounted) => (_scenario, _isMounted) = (scenario, isMounted);

    /// <summary>
    /// Gets whether files can be put at the path of the service account, which is fixed in kubectl: that takes a user namespace, in which
    /// this process is root. A container often forbids it. Then the variables of the pod are set, but there is no service account.
    /// </summary>
    public static Lazy<bool> CanMount { get; } = new(() =>
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("unshare", ["-rm", "sh", "-c", Mount("true")])
            {
                RedirectStandardError = true,
                WorkingDirectory = Path.GetTempPath(),
            })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // This is not Linux.
        }
    });

    /// <summary>What a client does that asks the server of a place for its version, with that place's token.</summary>
    public static string Outcome(string? place) => place is null ? "asks none" : $"{place}: /version, Bearer of-{place}";

    public static async Task<PodSite> BuildAsync(PodScenario scenario, bool isMounted = true)
    {
        var site = new PodSite(scenario, isMounted && scenario.HasAccount);
        var authority = new TestAuthority("root");
        foreach (var place in Places)
        {
            using var certificate = authority.IssueServer("127.0.0.1");
            site._servers[place] = await RecordingServer.StartAsync(
                IPAddress.Loopback, X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null), null);
        }

        site._folder.Write("ca.crt", authority.Pem);
        site._variables["HOME"] = site._folder.Path;
        if (scenario.Kubeconfig is { } kubeconfig)
        {
            site._variables["KUBECONFIG"] = site.Write(PodScenario.Variable, "kubeconfig", kubeconfig);
        }

        if (scenario.AtHome is { } atHome)
        {
            site.Write(PodScenario.Home, ".kube/config", atHome);
        }

        if (site._isMounted)
        {
            site._folder.Write("account/token", $"of-{PodScenario.Pod}");
            site._folder.Write("account/ca.crt", authority.Pem);
        }

        if (scenario.HasAddress)
        {
            site._variables["KUBERNETES_SERVICE_HOST"] = "127.0.0.1";
            site._variables["KUBERNETES_SERVICE_PORT"] = $"{site._servers[PodScenario.Pod].Url.Port}";
        }

        return site;
    }

    public async Task<string> RxKubeAsync()
    {
        try
        {
            using var kube = KubeConnection.Default(new KubeConnectionOptions
            {
                Context = _scenario.Context,
                Environment = new KubeEnvironment(_variables.GetValueOrDefault, _folder["account"]),
                Scheduler = DefaultScheduler.Instance,
            });
            (await kube.GetAsync("version", default)).Dispose();
        }
        catch (KubeConfigurationException)
        {
            // The servers tell that none was asked.
        }

        return Seen();
    }

    public async Task<string> KubectlAsync()
    {
        // Without --request-timeout: with a setting on the command line, kubectl does not look for a service account.
        string[] kubectl = ["kubectl", "version", .. _scenario.Context is { } context ? [$"--context={context}"] : Array.Empty<string>()];
        string[] command = _isMounted
            ? ["unshare", "-rm", "sh", "-c", Mount("cp \"$0\"/* \"$account\" && exec \"$@\""), _folder["account"], .. kubectl]
            : kubectl;
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var variable in (string[])["KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "POD_NAMESPACE"])
        {
            start.Environment.Remove(variable);
        }

        foreach (var (name, value) in _variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(Patience);
        await process.WaitForExitAsync();
        return Seen();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        _folder.Dispose();
    }

    // /var/run is a link to /run; the mount is seen only by this shell and what it starts.
    private static string Mount(string then) =>
        "account=/var/run/secrets/kubernetes.io/serviceaccount; "
        + $"mount -t tmpfs none \"$(readlink -f /var/run)\" && mkdir -p \"$account\" && {then}";

    private string Seen()
    {
        var seen = Places.SelectMany(place => _servers[place].Requests.Select(line => $"{place}: {line}")).Distinct().ToList();
        foreach (var server in _servers.Values)
        {
            server.Requests.Clear();
        }

        return seen.Count == 0 ? Outcome(null) : string.Join("; ", seen);
    }

    private string Write(string place, string path, string text)
    {
        var whole = ConfigText.Of(
            $"server: https://127.0.0.1:{_servers[place].Url.Port}\ncertificate-authority: {_folder["ca.crt"]}", $"token: of-{place}");
        return text switch
        {
            PodScenario.Whole => _folder.Write(path, whole),
            PodScenario.WithoutCurrent => _folder.Write(path, whole.Replace("current-context: dev\n", "", StringComparison.Ordinal)),
            PodScenario.Missing => _folder[path],
            _ => _folder.Write(path, text),
        };
    }
}
