using Rx.Kube.RealServer.Tests.Server;

namespace Rx.Kube.RealServer.Tests.Differential;

/// <summary>
/// Marks a test that compares the simulator with the server of tests/real-api-server. A complete kube-apiserver answers some steps
/// differently, because it also validates and sets defaults.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DifferentialFactAttribute : FactAttribute
{
    public DifferentialFactAttribute() => Skip = ServerSource.Current.Kind == ServerKind.Envtest
        ? "The simulator is compared with the server of tests/real-api-server, which neither validates nor sets defaults. "
            + "To fix: unset KUBEBUILDER_ASSETS and run tests/real-api-server/build.sh."
        : RealServerFactAttribute.Reason(Needs.ServerControl, ServerSource.Current, ServerSource.IsRequired);
}
