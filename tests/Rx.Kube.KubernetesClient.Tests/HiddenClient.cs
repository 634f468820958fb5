using System.Reflection;
using k8s;

namespace Rx.Kube.KubernetesClient.Tests;

/// <summary>
/// An <see cref="IKubernetes"/> that is no <see cref="Kubernetes"/>, such as a decorator: it shows its address and nothing else.
/// </summary>
public class HiddenClient : DispatchProxy
{
    private Uri? _server;

    public static IKubernetes At(Uri? server)
    {
        var client = Create<IKubernetes, HiddenClient>();
        ((HiddenClient)client)._server = server;
        return client;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.Name == "get_BaseUri" ? _server : throw new NotSupportedException(targetMethod?.Name);
}
