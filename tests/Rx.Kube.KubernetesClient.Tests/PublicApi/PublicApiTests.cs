using Rx.Kube.Tests.Docs;
using Rx.Kube.Tests.PublicApi;

namespace Rx.Kube.KubernetesClient.Tests.PublicApi;

/// <summary>What users can call is compared with the committed baseline, as for the other packages.</summary>
public sealed class PublicApiTests
{
    private const string Baseline = "tests/Rx.Kube.KubernetesClient.Tests/PublicApi/Rx.Kube.KubernetesClient.txt";
    private const string UpdateVariable = "RXKUBE_UPDATE_API";

    [Fact]
    public void The_public_api_is_the_committed_one()
    {
        var actual = ApiText.Of(typeof(KubernetesExtensions).Assembly);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(Repository.PathOf(Baseline), actual);
        }

        var expected = File.Exists(Repository.PathOf(Baseline)) ? Repository.Read(Baseline) : "";
        Assert.True(
            expected == actual,
            $"""
            The public API of Rx.Kube.KubernetesClient is not the one in {Baseline}. It is now:
            {actual}
            To fix, if that is meant: {UpdateVariable}=1 dotnet test tests/Rx.Kube.KubernetesClient.Tests --filter PublicApi, and commit the file.
            """);
    }
}
