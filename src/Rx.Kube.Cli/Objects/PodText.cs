using System.Globalization;
using Rx.Kube.Cli.Output;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Objects;

/// <summary>Says why a pod serves or not, and why it has gone. All texts are escaped.</summary>
internal static class PodText
{
    private const int MaxMessage = 300;

    // Source: Kubernetes documentation "Disruptions", pod disruption conditions.
    private const string Disruption = "DisruptionTarget";

    /// <summary>Says what keeps a pod from being ready.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="node">Its node; null if unknown.</param>
    /// <returns>A clause whose subject is the pod; null if the pod is ready.</returns>
    public static string? Problem(PodObject pod, NodeObject? node)
    {
        if (Ended(pod) is { } ended)
        {
            return ended;
        }

        if (pod.Condition("PodScheduled") is { Status: "False" } unscheduled)
        {
            return $"is not scheduled to a node: {Reason(unscheduled)}";
        }

        if (node is { IsReady: false })
        {
            return $"is on node {EndpointFormat.Name(node.Metadata.Name)}, which is not ready" +
                (node.Ready is { } condition ? $": {Reason(condition)}" : "");
        }

        if ((pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []).OfType<ContainerObject>()
            .Select(Problem).OfType<string>().FirstOrDefault() is { } container)
        {
            return container;
        }

        return pod switch
        {
            { IsReady: true } => null,
            _ when (pod.Status?.ContainerStatuses ?? []).FirstOrDefault(c => c is { Ready: false }) is { } waiting =>
                $"runs, but container {EndpointFormat.Name(waiting.Name)} is not ready: its readiness probe fails, " +
                "or has not succeeded yet",
            _ when pod.Condition("Ready") is { Status: not "True" } condition => $"is not ready: {Reason(condition)}",
            { Status.Phase: { } phase } => $"is {EndpointFormat.Name(phase)}",
            _ => "has no status yet",
        };
    }

    /// <summary>Says why a pod ended, or is about to.</summary>
    /// <param name="pod">The last known state of the pod.</param>
    /// <returns>A clause whose subject is the pod; null if the pod goes on.</returns>
    public static string? Ended(PodObject pod) => (Disrupted(pod), pod) switch
    {
        ({ } cause, _) => cause,
        (_, { Status.Phase: "Failed" }) => $"has failed{Because(pod.Status.Reason, pod.Status.Message)}",
        (_, { Status.Phase: "Succeeded" }) => "has ended",
        (_, { Metadata.DeletionTimestamp: not null }) => "is being deleted",
        _ => null,
    };

    private static string? Disrupted(PodObject pod) => (pod.Status?.Reason, pod.Condition(Disruption)) switch
    {
        ("Evicted", _) => $"was evicted by its node{Because(null, pod.Status!.Message)}",
        (_, { Status: "True", Reason: "EvictionByEvictionAPI" }) => "was evicted through the API, as kubectl drain does",
        (_, { Status: "True", Reason: "PreemptionByScheduler" }) => "was preempted for a pod of a higher priority",
        (_, { Status: "True", Reason: "DeletionByTaintManager" }) =>
            "was deleted because of a taint of its node, as when the node does not report",
        (_, { Status: "True", Reason: "DeletionByPodGC" }) => "was removed because its node is gone",
        (_, { Status: "True", Reason: "TerminationByKubelet" }) =>
            $"was evicted by its node{Because(null, pod.Condition(Disruption)!.Message)}",
        (_, { Status: "True" } other) => $"was disrupted: {Reason(other)}",
        _ => null,
    };

    private static string? Problem(ContainerObject container)
    {
        var restarts = container.RestartCount > 0 ? $" ({HumanFormat.Count(container.RestartCount, "restart")}" +
            (container.LastState?.Terminated is { } last ? $", the last after {End(last)}" : "") + ")" : "";
        return container.State switch
        {
            { Waiting: { Reason: not ("PodInitializing" or "ContainerCreating" or null) } waiting } =>
                $"cannot start container {EndpointFormat.Name(container.Name)}: {EndpointFormat.Name(waiting.Reason)}{restarts}",
            { Waiting: not null } => $"is starting container {EndpointFormat.Name(container.Name)}",
            { Terminated: { } ended } when ended.ExitCode is not 0 =>
                $"has no container {EndpointFormat.Name(container.Name)} any more: {End(ended)}{restarts}",
            _ => null,
        };
    }

    private static string End(ContainerReasonObject end) => end.ExitCode is { } code
        ? string.Create(CultureInfo.InvariantCulture, $"{EndpointFormat.Name(end.Reason ?? "an error")}, exit code {code}")
        : EndpointFormat.Name(end.Reason ?? "an error");

    private static string Reason(ConditionObject condition) =>
        EndpointFormat.Name(condition.Reason ?? condition.Status) + Because(null, condition.Message);

    private static string Because(string? reason, string? message)
    {
        var parts = new[] { EndpointFormat.Name(reason), TerminalText.Escape(message ?? "", MaxMessage) }
            .Where(part => part.Length > 0).ToList();
        return parts.Count == 0 ? "" : ": " + string.Join(": ", parts).TrimEnd('.', ' ');
    }
}
