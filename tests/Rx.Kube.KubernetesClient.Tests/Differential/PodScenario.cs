namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>Where a process can find a cluster: each place that exists names a server of its own.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Asks">The place whose server is asked; null for none.</param>
internal sealed record PodScenario(string Name, string? Asks)
{
    public const string Variable = "KUBECONFIG";
    public const string Home = "home";
    public const string Pod = "pod";

    /// <summary>The text of a kubeconfig that chooses the server of its place.</summary>
    public const string Whole = "whole";

    /// <summary>The same without <c>current-context</c>.</summary>
    public const string WithoutCurrent = "without current-context";

    /// <summary>The path of a file that does not exist.</summary>
    public const string Missing = "missing";

    private const string WithoutEntries = "apiVersion: v1\nkind: Config\nclusters: []\n";

    public static IReadOnlyList<PodScenario> All { get; } =
    [
        new("in a pod, KUBECONFIG set", Variable) { Kubeconfig = Whole },
        new("in a pod, a kubeconfig at home", Home) { AtHome = Whole },
        new("in a pod, KUBECONFIG set and a kubeconfig at home", Variable) { Kubeconfig = Whole, AtHome = Whole },
        new("in a pod, no kubeconfig", Pod),
        new("in a pod, KUBECONFIG names a file that is not there", Pod) { Kubeconfig = Missing },
        new("in a pod, KUBECONFIG names a file that is not there, and a kubeconfig at home", Pod) { Kubeconfig = Missing, AtHome = Whole },
        new("in a pod, an empty kubeconfig", Pod) { Kubeconfig = "" },
        new("in a pod, a kubeconfig without entries", Pod) { Kubeconfig = WithoutEntries },
        new("in a pod, a kubeconfig without a current context", Pod) { Kubeconfig = WithoutCurrent },
        new("in a pod, a kubeconfig without a current context, and a context is named", Variable)
        {
            Kubeconfig = WithoutCurrent,
            Context = "dev",
        },
        new("in a pod, a kubeconfig whose current context is not there", null) { Kubeconfig = "current-context: gone\n" },
        new("in a pod, a kubeconfig that is not YAML", null) { Kubeconfig = "[broken\n" },
        new("in a pod, no kubeconfig, and a context is named", null) { Context = "dev" },
        new("a pod without a service account, KUBECONFIG set", Variable) { Kubeconfig = Whole, HasAccount = false },
        new("a pod without a service account, no kubeconfig", null) { HasAccount = false },
        new("a service account, but no address of the cluster", null) { HasAddress = false },
    ];

    /// <summary>Gets the text of KUBECONFIG's file, or one of the constants; null where KUBECONFIG is not set.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Gets the text of <c>.kube/config</c>, or one of the constants; null where it does not exist.</summary>
    public string? AtHome { get; init; }

    /// <summary>Gets the context that the user names.</summary>
    public string? Context { get; init; }

    /// <summary>Gets whether the token and the CA of a service account are mounted.</summary>
    public bool HasAccount { get; init; } = true;

    /// <summary>Gets whether KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are set.</summary>
    public bool HasAddress { get; init; } = true;

    public override string ToString() => Name;
}
