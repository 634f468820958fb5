using System.Reflection;
using System.Text.RegularExpressions;
using PublicApiGenerator;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Grpc.Tests.PublicApi;

/// <summary>The public API is the committed baseline, written as C# and sorted by type and name, as for the other packages.</summary>
public sealed partial class PublicApiTests
{
    private const string UpdateVariable = "RXKUBE_UPDATE_API";
    private const string Baseline = "tests/Rx.Kube.Grpc.Tests/PublicApi/Rx.Kube.Grpc.cs.txt";

    private static readonly ApiGeneratorOptions _options = new() { IncludeAssemblyAttributes = false, OrderBy = OrderMode.FullName };

    [Fact]
    public void The_public_api_is_the_committed_one()
    {
        var generated = Assembly.Load("Rx.Kube.Grpc").GeneratePublicApi(_options).ReplaceLineEndings("\n");
        var actual = ShortNames().Replace(generated, "").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(Repository.PathOf(Baseline), actual);
        }

        var expected = File.Exists(Repository.PathOf(Baseline)) ? Repository.Read(Baseline) : "";
        Assert.True(
            expected == actual,
            $"""
            The public API of Rx.Kube.Grpc is not the one in {Baseline}. It is now:
            {actual}
            If this is intended: {UpdateVariable}=1 dotnet test tests/Rx.Kube.Grpc.Tests --filter PublicApi, and commit it.
            """);
    }

    // Namespaces that would only make the lines long.
    [GeneratedRegex(@"(?<!namespace )(?<![\w.])(?:System(?:\.[A-Z]\w*)*|Rx\.Kube(?:\.Models)?|Microsoft(?:\.[A-Z]\w*)*)\.(?=[A-Z])")]
    private static partial Regex ShortNames();
}
