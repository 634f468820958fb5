using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Security.Authentication;
using k8s;

namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>The clients that are compared. Each asks for the pods of its context's namespace; the answer is what the server saw.</summary>
internal static class Clients
{
    public const string Untrusted = "untrusted";
    public const string Refused = "refused";
    public const string Unreachable = "unreachable";
    public const string Asks = "asks for a login";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<string> RxKubeAsync(Site site)
    {
        using var environment = new Kubeconfig(site);
        return await AskAsync(site, async () =>
        {
            using var kube = KubeConnection.FromKubeconfig(context: site.Scenario.Context);
            await ListAsync(kube);
        });
    }

    public static async Task<string> KubernetesClientAsync(Site site)
    {
        using var environment = new Kubeconfig(site);
        return await AskAsync(site, async () =>
        {
            var configuration = Configuration(site);
            using var kubernetes = new Kubernetes(configuration);
            await kubernetes.CoreV1.ListNamespacedPodAsync(configuration.Namespace ?? "default");
        });
    }

    public static async Task<string> AdapterAsync(Site site)
    {
        using var environment = new Kubeconfig(site);
        return await AskAsync(site, async () =>
        {
            var configuration = Configuration(site);
            using var kubernetes = new Kubernetes(configuration);
            using var kube = kubernetes.ToRxKube(configuration);
            await ListAsync(kube);
        });
    }

    public static async Task<string> KubectlAsync(Site site)
    {
        site.Begin();
        var @namespace = "default";
        if (site.Scenario.Config.Contains("namespace:", StringComparison.Ordinal))
        {
            (_, @namespace, _) = await RunAsync(site, "config", "view", "--minify", "-o", "jsonpath={..namespace}");
        }

        // The server's version: a list takes discovery first, and --raw leaves out the base path.
        var (code, output, errors) = await RunAsync(site, "version", "--request-timeout=20s");
        return code == 0
            ? site.Seen()!.Replace("/version", $"/api/v1/namespaces/{@namespace}/pods", StringComparison.Ordinal)
            : errors.Contains("x509:", StringComparison.Ordinal) ? Untrusted
            : errors.Contains("Unable to connect", StringComparison.Ordinal) ? Unreachable
            : output.Contains("Please enter", StringComparison.Ordinal) ? Asks
            : Refused;
    }

    /// <summary>Makes a request, and returns the notices of plugins.</summary>
    public static async Task<IReadOnlyList<string>> RxKubeNoticesAsync(Site site)
    {
        var notices = new ConcurrentQueue<ConnectionNotice>();
        using var kube = KubeConnection.FromKubeconfig(site.Kubeconfigs[0], options: new() { OnNotice = notices.Enqueue });
        await ListAsync(kube);
        return [.. notices.Where(n => n.Kind == ConnectionNoticeKind.PluginOutput).Select(n => n.Message)];
    }

    /// <summary>Makes a request, and returns what kubectl shows beside its answer.</summary>
    public static async Task<string> KubectlErrorsAsync(Site site) => (await RunAsync(site, "version", "--request-timeout=20s")).Errors;

    private static KubernetesClientConfiguration Configuration(Site site) => site.Kubeconfigs is [var one]
        ? KubernetesClientConfiguration.BuildConfigFromConfigFile(one, site.Scenario.Context)
        : KubernetesClientConfiguration.BuildDefaultConfig();

    private static async Task ListAsync(KubeConnection kube) =>
        await kube.Resources(KubernetesKinds.Pods, new() { Namespace = kube.Namespace })
            .List(ListOptions.MostRecent).Timeout(Patience).ToTask();

    private static async Task<string> AskAsync(Site site, Func<Task> ask)
    {
        site.Begin();
        Exception? error = null;
        try
        {
            await ask();
        }
        catch (Exception e)
        {
            error = e;
        }

        return site.Seen() ?? (IsUntrusted(error) ? Untrusted : IsConfiguration(error) ? Refused : $"{error}");
    }

    private static bool IsUntrusted(Exception? error) =>
        error is AuthenticationException or KubeTransportException { IsUntrusted: true }
        || (error is not null && IsUntrusted(error.InnerException));

    // KubernetesClient throws many types for a configuration, plain Exception among them; what it throws for a request it is not.
    private static bool IsConfiguration(Exception? error) =>
        error is KubeConfigurationException or (not null and not HttpRequestException and not KubeException);

    private static async Task<(int Code, string Output, string Errors)> RunAsync(Site site, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (site.Scenario.Context is { } context)
        {
            start.ArgumentList.Add($"--context={context}");
        }

        start.Environment["KUBECONFIG"] = string.Join(Path.PathSeparator, site.Kubeconfigs);
        start.Environment["HOME"] = site.Folder;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output).Trim(), errors);
    }

    /// <summary>KUBECONFIG of this process for the time of a request.</summary>
    private sealed class Kubeconfig : IDisposable
    {
        private const string Name = "KUBECONFIG";
        private readonly string? _before = Environment.GetEnvironmentVariable(Name);

        public Kubeconfig(Site site) => Environment.SetEnvironmentVariable(Name, string.Join(Path.PathSeparator, site.Kubeconfigs));

        public void Dispose() => Environment.SetEnvironmentVariable(Name, _before);
    }
}
