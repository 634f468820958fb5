using Rx.Kube.Cli.Errors;
using Rx.Kube.Cli.Tests.Kit;

namespace Rx.Kube.Cli.Tests.Errors;

public class FailureTests
{
    [Fact]
    public void Forbidden_ShowsTheManifest_ForTheServiceAccountTheServerNames() => Golden.Matches("forbidden.txt", Failure.Explain(
        Forbidden("endpointslices.discovery.k8s.io is forbidden: User \"system:serviceaccount:web:router\" cannot list resource"))!);

    [Fact]
    public void Forbidden_NamesAnyOtherUser()
    {
        Assert.EndsWith(
            "  - kind: User\n    apiGroup: rbac.authorization.k8s.io\n    name: \"alice@example.org\"",
            Failure.Explain(Forbidden("x is forbidden: User \"alice@example.org\" cannot watch resource")), StringComparison.Ordinal);
        Assert.Contains("<who you are", Failure.Explain(Forbidden("no")), StringComparison.Ordinal);
    }

    [Fact]
    public void Forbidden_AHostileServer_CannotWriteTheManifest()
    {
        var text = Failure.Explain(Forbidden("User \"eve\e[2J\nkind: ClusterRole\" cannot list"))!;
        Assert.DoesNotContain("\nkind: ClusterRole", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text);
    }

    private static KubeForbiddenException Forbidden(string message) => new(
        new Uri("https://10.0.0.1:6443"), new MissingPermission("list", "discovery.k8s.io", "endpointslices", "prod"),
        new KubeStatus(403, "Forbidden", message, []));
}
