using Rx.Kube.Cli.Errors;
using Rx.Kube.Cli.Tests.Harness;

namespace Rx.Kube.Cli.Tests.Errors;

public class ErrorMessagesTests
{
    [Fact]
    public void A_403_has_the_manifest_for_the_service_account_in_the_answer() => Golden.Matches("forbidden.txt", ErrorMessages.Explain(
        Forbidden("endpointslices.discovery.k8s.io is forbidden: User \"system:serviceaccount:web:router\" cannot list resource"))!);

    [Fact]
    public void A_403_has_the_manifest_for_any_other_user()
    {
        Assert.EndsWith(
            "  - kind: User\n    apiGroup: rbac.authorization.k8s.io\n    name: \"alice@example.org\"",
            ErrorMessages.Explain(Forbidden("x is forbidden: User \"alice@example.org\" cannot watch resource")), StringComparison.Ordinal);
        Assert.Contains("name: \"<", ErrorMessages.Explain(Forbidden("no")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hostile_server_cannot_inject_into_the_manifest()
    {
        var text = ErrorMessages.Explain(Forbidden("User \"eve\e[2J\nkind: ClusterRole\" cannot list"))!;
        Assert.DoesNotContain("\nkind: ClusterRole", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text);
    }

    [Fact]
    public void A_403_of_an_anonymous_request_says_that_credentials_are_missing_and_has_no_manifest()
    {
        var text = ErrorMessages.Explain(Forbidden("x is forbidden: User \"system:anonymous\" cannot list resource"))!;
        Assert.Contains("No credentials were sent", text, StringComparison.Ordinal);
        Assert.DoesNotContain("kind:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("kubectl apply", text, StringComparison.Ordinal);
    }

    private static KubeForbiddenException Forbidden(string message) => new(
        new Uri("https://10.0.0.1:6443"), new MissingPermission("list", "discovery.k8s.io", "endpointslices", "prod"),
        new KubeStatus(403, "Forbidden", message, []));
}
