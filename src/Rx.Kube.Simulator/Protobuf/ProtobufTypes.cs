using System.Collections.Frozen;
using System.Globalization;

namespace Rx.Kube.Simulator.Protobuf;

/// <summary>
/// The messages of the kinds that are served in protobuf. The tables have the fields that users of a topology meet; a field that is not in
/// them is in JSON alone. Source: generated.proto of k8s.io/api and k8s.io/apimachinery.
/// </summary>
internal static class ProtobufTypes
{
    /// <summary>
    /// The messages, each with its fields, which go on where a line is indented: the name in JSON, the number, then <c>!</c> for a field
    /// that is written even if it is empty, <c>*</c> for a repeated one; then its type: s text, b boolean, i integer, t time, j JSON,
    /// m map of texts, n map of quantities, or a message.
    /// </summary>
    private const string Table = """
        ListMeta: selfLink=1!s resourceVersion=2!s continue=3!s remainingItemCount=4i
        ObjectMeta: name=1!s generateName=2!s namespace=3!s selfLink=4!s uid=5!s resourceVersion=6!s generation=7!i
          creationTimestamp=8!t deletionTimestamp=9t deletionGracePeriodSeconds=10i labels=11m annotations=12m
          ownerReferences=13*OwnerReference finalizers=14*s managedFields=17*ManagedFields
        OwnerReference: kind=1!s name=3!s uid=4!s apiVersion=5!s controller=6b blockOwnerDeletion=7b
        ManagedFields: manager=1!s operation=2!s apiVersion=3!s time=4t fieldsType=6!s fieldsV1=7j subresource=8!s
        ObjectReference: kind=1!s namespace=2!s name=3!s uid=4!s apiVersion=5!s resourceVersion=6!s fieldPath=7!s

        Status: metadata=1!ListMeta status=2!s message=3!s reason=4!s details=5StatusDetails code=6!i
        StatusDetails: name=1!s group=2!s kind=3!s causes=4*StatusCause retryAfterSeconds=5!i uid=6!s
        StatusCause: reason=1!s message=2!s field=3!s

        EndpointSlice: metadata=1!ObjectMeta endpoints=2*Endpoint ports=3*SlicePort addressType=4!s
        Endpoint: addresses=1*s conditions=2!EndpointConditions hostname=3s targetRef=4ObjectReference deprecatedTopology=5m
          nodeName=6s zone=7s hints=8EndpointHints
        EndpointConditions: ready=1b serving=2b terminating=3b
        EndpointHints: forZones=1*Hint forNodes=2*Hint
        Hint: name=1!s
        SlicePort: name=1s protocol=2s port=3i appProtocol=4s

        Endpoints: metadata=1!ObjectMeta subsets=2*EndpointSubset
        EndpointSubset: addresses=1*EndpointAddress notReadyAddresses=2*EndpointAddress ports=3*EndpointPort
        EndpointAddress: ip=1!s targetRef=2ObjectReference hostname=3!s nodeName=4s
        EndpointPort: name=1!s port=2!i protocol=3!s appProtocol=4s

        Pod: metadata=1!ObjectMeta spec=2!PodSpec status=3!PodStatus
        PodSpec: containers=2*Container restartPolicy=3!s terminationGracePeriodSeconds=4i dnsPolicy=6!s nodeSelector=7m
          serviceAccountName=8!s serviceAccount=9!s nodeName=10!s hostNetwork=11!b hostPID=12!b hostIPC=13!b hostname=16!s
          subdomain=17!s schedulerName=19!s tolerations=22*Toleration priorityClassName=24!s priority=25i
          readinessGates=28*ReadinessGate
        Container: name=1!s image=2!s command=3*s args=4*s workingDir=5!s ports=6*ContainerPort env=7*EnvVar
          resources=8!Resources terminationMessagePath=13!s imagePullPolicy=14!s stdin=16!b stdinOnce=17!b tty=18!b
          terminationMessagePolicy=20!s
        ContainerPort: name=1!s hostPort=2!i containerPort=3!i protocol=4!s hostIP=5!s
        EnvVar: name=1!s value=2!s
        Resources: limits=1n requests=2n
        Toleration: key=1!s operator=2!s value=3!s effect=4!s tolerationSeconds=5i
        ReadinessGate: conditionType=1!s
        PodStatus: phase=1!s conditions=2*PodCondition message=3!s reason=4!s hostIP=5!s podIP=6!s startTime=7t
          containerStatuses=8*ContainerStatus qosClass=9!s nominatedNodeName=11!s podIPs=12*IP resize=14!s hostIPs=16*IP
          observedGeneration=17!i
        PodCondition: type=1!s status=2!s lastProbeTime=3!t lastTransitionTime=4!t reason=5!s message=6!s
          observedGeneration=7!i
        ContainerStatus: name=1!s state=2!ContainerState lastState=3!ContainerState ready=4!b restartCount=5!i image=6!s
          imageID=7!s containerID=8!s started=9b
        ContainerState: running=2Running
        Running: startedAt=1!t
        IP: ip=1!s

        Node: metadata=1!ObjectMeta spec=2!NodeSpec status=3!NodeStatus
        NodeSpec: podCIDR=1!s externalID=2!s providerID=3!s unschedulable=4!b taints=5*Taint podCIDRs=7*s
        Taint: key=1!s value=2!s effect=3!s timeAdded=4t
        NodeStatus: capacity=1n allocatable=2n phase=3!s conditions=4*NodeCondition addresses=5*NodeAddress
          daemonEndpoints=6!DaemonEndpoints nodeInfo=7!NodeInfo images=8*Image
        NodeCondition: type=1!s status=2!s lastHeartbeatTime=3!t lastTransitionTime=4!t reason=5!s message=6!s
        NodeAddress: type=1!s address=2!s
        DaemonEndpoints: kubeletEndpoint=1!DaemonEndpoint
        DaemonEndpoint: Port=1!i
        NodeInfo: machineID=1!s systemUUID=2!s bootID=3!s kernelVersion=4!s osImage=5!s containerRuntimeVersion=6!s
          kubeletVersion=7!s kubeProxyVersion=8!s operatingSystem=9!s architecture=10!s
        Image: names=1*s sizeBytes=2!i
        """;

    private static readonly FrozenDictionary<string, ProtobufField[]> Messages = Parse();

    /// <summary>Whether a kind is served in protobuf.</summary>
    internal static bool Has(string kind) => kind is "EndpointSlice" or "Endpoints" or "Pod" or "Node";

    /// <summary>The fields of a message, in the order of their numbers.</summary>
    internal static ProtobufField[] FieldsOf(string message) => Messages[message];

    private static FrozenDictionary<string, ProtobufField[]> Parse() => Table.Replace("\n  ", " ", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .ToFrozenDictionary(line => line[0], line => line[1].Split(' ').Select(ParseField).ToArray());

    private static ProtobufField ParseField(string text)
    {
        var (name, rest) = (text[..text.IndexOf('=')], text[(text.IndexOf('=') + 1)..]);
        var digits = rest.TakeWhile(char.IsAsciiDigit).Count();
        var mark = rest[digits] is '!' or '*' ? rest[digits] : ' ';
        return new(
            name, int.Parse(rest[..digits], CultureInfo.InvariantCulture), rest[(digits + (mark == ' ' ? 0 : 1))..],
            Always: mark == '!', Repeated: mark == '*');
    }
}

/// <summary>A field of a message.</summary>
/// <param name="Name">The name in JSON.</param>
/// <param name="Number">The number.</param>
/// <param name="Type">A letter for a simple type, or the name of a message.</param>
/// <param name="Always">Whether it is written even if it is empty.</param>
/// <param name="Repeated">Whether JSON has an array.</param>
internal sealed record ProtobufField(string Name, int Number, string Type, bool Always, bool Repeated);
