using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rx.Kube;

/// <summary>
/// Reads the configuration that the kubelet gives a pod. Source: Kubernetes documentation "Accessing the API from within a Pod".
/// </summary>
internal static class InClusterLoader
{
    private const string Fix =
        "To fix: run in a pod with automountServiceAccountToken left on (and a serviceAccountName that may list and watch).";

    /// <summary>Returns what is missing for an in-cluster configuration; null when nothing is missing.</summary>
    public static string? Missing(KubeEnvironment environment)
    {
        foreach (var variable in (string[])["KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"])
        {
            if (environment[variable] is null)
            {
                return $"{variable} is not set";
            }
        }

        foreach (var file in (string[])["token", "ca.crt"])
        {
            if (Path.Combine(environment.ServiceAccountDirectory, file) is var path && !File.Exists(path))
            {
                return $"{path} does not exist";
            }
        }

        return null;
    }

    /// <summary>Loads the configuration.</summary>
    /// <param name="options">The options.</param>
    /// <param name="why">Why it was chosen; null if the application asked for it.</param>
    public static ConnectionTarget Load(KubeConnectionOptions options, string? why = null)
    {
        var environment = options.Environment;
        if (Missing(environment) is { } missing)
        {
            throw new KubeConfigurationException($"This process does not run in a pod: {missing}. {Fix}");
        }

        string PathOf(string file) => Path.Combine(environment.ServiceAccountDirectory, file);
        var credentials = new TokenFileCredentials(PathOf("token"), "the service account's token file", Fix, options);
        var authority = new CertificateAuthority(
            PemSource.File(PathOf("ca.crt"), "the service account's CA file", Fix, options.Limits), options.Notices);
        return new ConnectionTarget
        {
            Server = Server(environment["KUBERNETES_SERVICE_HOST"]!, environment["KUBERNETES_SERVICE_PORT"]!),
            Source = "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT",
            Chosen = $"the pod's service account in {Printable.Of(environment.ServiceAccountDirectory)} "
                + $"({why ?? "as the application asked"})",

            // Source: client-go tools/clientcmd, inClusterClientConfig.Namespace.
            Namespace = environment["POD_NAMESPACE"] is { } own
                ? Namespace(own, "POD_NAMESPACE", "set it to the namespace of the pod, with fieldPath: metadata.namespace, or remove it")
                : File.Exists(PathOf("namespace"))
                ? Namespace(
                    NonEmpty(Encoding.UTF8.GetString(
                        ConfigFile.Read(PathOf("namespace"), "the service account's namespace file", Fix, options.Limits))),
                    Printable.Of(PathOf("namespace")), "restore the file, as Kubernetes writes it, or set POD_NAMESPACE")
                : "default",
            Authority = authority,
            Credentials = credentials,
            Impersonation = ImpersonationReader.Read(null, options),
        };
    }

    private static string Namespace(string name, string source, string fix) => KubeNames.IsNamespace(name) ? name
        : throw new KubeConfigurationException(
            $"{source} is \"{Printable.Of(name, 100)}\", but {KubeNames.NamespaceRule}. To fix: {fix}.");

    private static Uri Server(string host, string port)
    {
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
        {
            throw new KubeConfigurationException($"KUBERNETES_SERVICE_PORT is \"{Printable.Of(port)}\", which is not a port. {Fix}");
        }

        var bracketed = IPAddress.TryParse(host, out var ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{ip}]" : host;
        return Uri.CheckHostName(bracketed) != UriHostNameType.Unknown
            && Uri.TryCreate($"https://{bracketed}:{number}", UriKind.Absolute, out var uri)
            ? uri
            : throw new KubeConfigurationException($"KUBERNETES_SERVICE_HOST is \"{Printable.Of(host)}\", which is not a host name. {Fix}");
    }

    private static string NonEmpty(string text) => text.Trim() is { Length: > 0 } name ? name : "default";
}
