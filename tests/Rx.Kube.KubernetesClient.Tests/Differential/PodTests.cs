using System.Collections.Concurrent;
using Rx.Kube.Simulator.Tests;

namespace Rx.Kube.KubernetesClient.Tests.Differential;

/// <summary>Which configuration is used where there are several: in a pod, beside a kubeconfig. kubectl decides.</summary>
public sealed class PodTests
{
    public static TheoryData<string> Names => [.. PodScenario.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Rx_Kube_asks_the_server_that_the_table_says(string name)
    {
        var scenario = PodScenario.All.Single(s => s.Name == name);
        await using var site = await PodSite.BuildAsync(scenario);

        Assert.Equal(PodSite.Outcome(scenario.Asks), await site.RxKubeAsync());
    }

    [KubectlFact]
    public async Task Kubectl_asks_the_server_that_Rx_Kube_asks()
    {
        var differences = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(PodScenario.All, async (scenario, _) =>
        {
            // Without a mount there is no service account, for both.
            await using var site = await PodSite.BuildAsync(scenario, PodSite.CanMount.Value);
            var ours = await site.RxKubeAsync();
            var kubectl = await site.KubectlAsync();

            if (kubectl != ours)
            {
                differences.Enqueue($"{scenario.Name}: Rx.Kube {ours}; kubectl {kubectl}");
            }
        });

        Assert.True(differences.IsEmpty, string.Join("\n", differences));
    }
}
