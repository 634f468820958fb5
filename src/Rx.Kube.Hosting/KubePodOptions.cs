namespace Rx.Kube;

/// <summary>
/// Which pod this process is, and where it runs: for <see cref="ServiceTopology.For"/> and <c>Ownership</c>. Injectable itself, and as
/// options. Read from the configuration section <c>Kube:Pod</c>, else from what the downward API provides. No permission is needed.
/// </summary>
/// <remarks>
/// Pods have the zone of their node as a label since Kubernetes 1.35 (KEP-4742), so that the downward API can provide it, as an environment
/// variable or in a volume.
/// </remarks>
public sealed class KubePodOptions
{
    /// <summary>
    /// Gets or sets the name of the pod. The default is the environment variable <c>POD_NAME</c>, else the name of the machine, which is
    /// the name of the pod unless it uses the network of its node.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>Gets or sets the node. The default is the environment variable <c>NODE_NAME</c>; null when unknown.</summary>
    public string? Node { get; set; }

    /// <summary>
    /// Gets or sets the zone. The default is the environment variable <c>NODE_ZONE</c>, else the label
    /// <c>topology.kubernetes.io/zone</c> in <see cref="LabelsFile"/>; null when unknown.
    /// </summary>
    public string? Zone { get; set; }

    /// <summary>
    /// Gets or sets the file with the labels of the pod, as a volume of the downward API provides it. The default is
    /// <c>/etc/podinfo/labels</c>. It need not exist, and is read once; without effect if it is larger than 4 MiB or takes more than 5 s.
    /// </summary>
    public string LabelsFile { get; set; } = "/etc/podinfo/labels";

    /// <summary>Gets what is wrong with the configuration section, for the validation.</summary>
    internal List<string> Faults { get; } = [];
}
