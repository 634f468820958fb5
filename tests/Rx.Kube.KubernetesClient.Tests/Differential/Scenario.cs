using System.Net;
using System.Text;

namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>A configuration, and what the server sees of a client that uses it.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Config">
/// The kubeconfig. Placeholders: <c>$server</c>, <c>$port</c>, <c>$proxy</c>, <c>$login-proxy</c>, <c>$folder</c>, and <c>$ca</c>,
/// <c>$other-ca</c>, <c>$intermediate</c>, <c>$bundle</c>, <c>$broken-bundle</c>, <c>$cert</c>, <c>$key</c>, <c>$bob-cert</c>,
/// <c>$bob-key</c> for base64 of PEM.
/// </param>
/// <param name="Expected">
/// What the server sees of Rx.Kube and of kubectl: a line of <see cref="RecordingServer"/>, or <c>untrusted</c> where the client
/// refuses the server's certificate, or <c>refused</c> where it refuses the configuration, or another constant of <see cref="Clients"/>.
/// </param>
internal sealed record Scenario(string Name, string Config, string Expected)
{
    /// <summary>Gets what the server sees of KubernetesClient where that differs; null where it does not.</summary>
    public string? Theirs { get; init; }

    /// <summary>Gets what the server sees of kubectl where that differs from Rx.Kube; null where it does not.</summary>
    public string? Kubectl { get; init; }

    /// <summary>Gets why the expected behaviour is the right one.</summary>
    public string Why { get; init; } = "";

    /// <summary>Gets the files beside the kubeconfig: PEM for <c>$name</c>, a script if it begins with <c>#!</c>.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the files of KUBECONFIG, relative to the folder; the first one is <see cref="Config"/>.</summary>
    public IReadOnlyList<string> Merged { get; init; } = ["config"];

    /// <summary>Gets the context to use; null for the current one.</summary>
    public string? Context { get; init; }

    /// <summary>Gets the encoding of the kubeconfig; the file then begins with its mark.</summary>
    public Encoding? Encoding { get; init; }

    public bool PlainHttp { get; init; }

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Gets the names in the server's certificate.</summary>
    public string[] ServerNames { get; init; } = ["127.0.0.1", "::1", "localhost"];

    /// <summary>Gets whether an intermediate CA signed the server's certificate.</summary>
    public bool SignedByIntermediate { get; init; }

    /// <summary>Gets whether the server sends that intermediate.</summary>
    public bool SendsIntermediate { get; init; }

    public override string ToString() => Name;
}
