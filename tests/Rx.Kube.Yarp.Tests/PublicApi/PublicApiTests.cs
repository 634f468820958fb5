using System.Reflection;
using System.Text.RegularExpressions;
using PublicApiGenerator;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Yarp.Tests.PublicApi;

/// <summary>The public API is the committed baseline, written as C# and sorted by type and name, as for the other packages.</summary>
public sealed partial class PublicApiTests
{
    private const string UpdateVariable = "RXKUBE_UPDATE_API";

    private static readonly ApiGeneratorOptions _options = new() { IncludeAssemblyAttributes = false, OrderBy = OrderMode.FullName };

    public static TheoryData<string> Packages => ["Rx.Kube.Yarp"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_public_api_is_the_committed_one(string package)
    {
        var baseline = $"tests/Rx.Kube.Yarp.Tests/PublicApi/{package}.cs.txt";
        var generated = Assembly.Load(package).GeneratePublicApi(_options).ReplaceLineEndings("\n");
        var actual = ShortNames().Replace(generated, "").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(Repository.PathOf(baseline), actual);
        }

        var expected = File.Exists(Repository.PathOf(baseline)) ? Repository.Read(baseline) : "";
        Assert.True(
            expected == actual,
            $"""
            The public API of {package} is not the one in {baseline}. It is now:
            {actual}
            If this is intended: {UpdateVariable}=1 dotnet test tests/Rx.Kube.Yarp.Tests --filter PublicApi, and commit it.
            """);
    }

    // Namespaces that would only make the lines long.
    [GeneratedRegex(@"(?<!namespace )(?<![\w.])(?:System(?:\.[A-Z]\w*)*|Rx\.Kube(?:\.Models)?|Microsoft(?:\.[A-Z]\w*)*)\.(?=[A-Z])")]
    private static partial Regex ShortNames();
}
