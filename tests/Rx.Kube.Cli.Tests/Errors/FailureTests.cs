using Rx.Kube.Cli.Errors;
using Rx.Kube.Cli.Tests.Kit;
using Rx.Kube.Connection;

namespace Rx.Kube.Cli.Tests.Errors;

public class FailureTests
{
    [Fact]
    public void Forbidden_ShowsTheManifest_ForTheServiceAccountTheServerNames() => Golden.Matches("forbidden.txt", Failure.Explain(
        Forbidden("endpointslices.discovery.k8s.io is forbidden: User \"system:serviceaccount:web:router\" cannot list resource"), "prod")!);

    [Fact]
    public void Forbidden_NamesAnyOtherUser()
    {
        Assert.EndsWith(
            "  - kind: User\n    apiGroup: rbac.authorization.k8s.io\n    name: \"alice@example.org\"",
            Failure.Explain(Forbidden("x is forbidden: User \"alice@example.org\" cannot watch resource"), "prod"), StringComparison.Ordinal);
        Assert.Contains("<who you are", Failure.Explain(Forbidden("no"), "prod"), StringComparison.Ordinal);
    }

    [Fact]
    public void Forbidden_AHostileServer_CannotWriteTheManifest()
    {
        var text = Failure.Explain(Forbidden("User \"eve\e[2J\nkind: ClusterRole\" cannot list"), "prod")!;
        Assert.DoesNotContain("\nkind: ClusterRole", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text);
    }

    private static KubeStatusException Forbidden(string message) => new(message, new KubeStatus(403, "Forbidden", message, []));
}
