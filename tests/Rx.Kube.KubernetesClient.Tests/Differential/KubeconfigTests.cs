using System.Collections.Concurrent;
using Rx.Kube.Simulator.Tests;

namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>These tests set KUBECONFIG for the whole process, so they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KubeconfigCollection
{
    public const string Name = "KUBECONFIG";
}

/// <summary>
/// The same kubeconfigs, given to Rx.Kube, to KubernetesClient, to the adapter between them, and to kubectl, which decides where they
/// differ. What is compared is what a server sees: path, credentials, certificates, names, and whether it is trusted.
/// </summary>
[Collection(KubeconfigCollection.Name)]
public sealed class KubeconfigTests
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Rx_Kube_and_KubernetesClient_do_what_the_table_says(string name)
    {
        var scenario = Scenarios.All.Single(s => s.Name == name);
        await using var site = await Site.BuildAsync(scenario);

        var ours = await Clients.RxKubeAsync(site);
        var theirs = await Clients.KubernetesClientAsync(site);
        var adapter = await Clients.AdapterAsync(site);

        Assert.Equal(
            $"Rx.Kube: {scenario.Expected}\nKubernetesClient: {scenario.Theirs ?? scenario.Expected}",
            $"Rx.Kube: {ours}\nKubernetesClient: {theirs}");
        Assert.Equal(theirs, adapter);
    }

    [KubectlFact]
    public async Task Kubectl_does_what_Rx_Kube_does()
    {
        var differences = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Scenarios.All, async (scenario, _) =>
        {
            await using var site = await Site.BuildAsync(scenario);
            var seen = await Clients.KubectlAsync(site);

            var expected = scenario.Kubectl ?? scenario.Expected;
            if (seen != expected)
            {
                differences.Enqueue($"{scenario.Name}: expected {expected}; kubectl: {seen}");
            }
        });

        Assert.True(differences.IsEmpty, string.Join("\n", differences));
    }

    [KubectlFact]
    public async Task What_a_plugin_writes_to_its_standard_error_reaches_the_user_as_with_kubectl()
    {
        await using var site = await Site.BuildAsync(Scenarios.Chatty);

        Assert.Contains("enter ABCD", await Clients.KubectlErrorsAsync(site), StringComparison.Ordinal);
        Assert.Contains(await Clients.RxKubeNoticesAsync(site), notice => notice.Contains("enter ABCD", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_difference_has_a_reason() =>
        Assert.All(Scenarios.All, s => Assert.Equal(
            (s.Theirs ?? s.Expected) != s.Expected || (s.Kubectl ?? s.Expected) != s.Expected, s.Why.Length > 0));
}
