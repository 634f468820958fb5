using System.Text.RegularExpressions;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>The tables in the record of the decision are those that the tests run.</summary>
public sealed class DecisionPageTests
{
    private const string Page = "docs/adr/0012-the-core-has-its-own-connection.md";

    [Fact]
    public void The_page_shows_each_difference_from_KubernetesClient() => Shows(
        "| kubeconfig | Rx.Kube and kubectl | KubernetesClient | why |",
        Scenarios.All.Where(s => s.Theirs is not null),
        s => s.Kubectl is null ? Words(s.Expected) : $"{Words(s.Expected)} (kubectl: {Words(s.Kubectl)})",
        s => Words(s.Theirs!));

    [Fact]
    public void The_page_shows_each_difference_from_kubectl() => Shows(
        "| kubeconfig | Rx.Kube | kubectl | why |",
        Scenarios.All.Where(s => s.Kubectl is not null),
        s => Words(s.Expected),
        s => Words(s.Kubectl!));

    private static void Shows(
        string header, IEnumerable<Scenario> scenarios, Func<Scenario, string> ours, Func<Scenario, string> others)
    {
        var rows = scenarios.Select(s => $"| {s.Name} | {ours(s)} | {others(s)} | {s.Why} |\n");
        var table = $"{header}\n| --- | --- | --- | --- |\n{string.Concat(rows)}";
        var page = Repository.Read(Page);
        var before = Regex.Match(page, $@"^{Regex.Escape(header)}\n(?:\|.*\n)*", RegexOptions.Multiline).Value;
        Assert.NotEqual("", before);
        if (Environment.GetEnvironmentVariable("RXKUBE_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(Repository.PathOf(Page), page.Replace(before, table, StringComparison.Ordinal));
            return;
        }

        Assert.Equal(table, before);
    }

    private static string Words(string outcome) => outcome switch
    {
        Clients.Untrusted => "refuses the server",
        Clients.Refused => "refuses the kubeconfig",
        Clients.Unreachable => "does not reach the server",
        Clients.Asks => Clients.Asks,
        _ when outcome == "/api/v1/namespaces/default/pods" => "no credentials",
        _ => outcome.Replace("/api/v1/namespaces/default/pods, ", "", StringComparison.Ordinal)
            .Replace("/api/v1/namespaces/", "namespace ", StringComparison.Ordinal).Replace("/pods", "", StringComparison.Ordinal),
    };
}
