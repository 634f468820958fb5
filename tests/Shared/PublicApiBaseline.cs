using System.Reflection;
using System.Text.RegularExpressions;
using PublicApiGenerator;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Shared;

/// <summary>Compares the public API of a package with the committed baseline, written as C# and sorted by type and name.</summary>
internal static partial class PublicApiBaseline
{
    private const string UpdateVariable = "RXKUBE_UPDATE_API";

    private static readonly ApiGeneratorOptions _options = new() { IncludeAssemblyAttributes = false, OrderBy = OrderMode.FullName };

    /// <summary>Asserts that the API is the one in <c>tests/PROJECT/PublicApi/PACKAGE.cs.txt</c>.</summary>
    public static void AssertCommitted(string package, string project)
    {
        var baseline = $"tests/{project}/PublicApi/{package}.cs.txt";
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
            If this is intended: {UpdateVariable}=1 dotnet test tests/{project} --filter PublicApi, and commit it.
            """);
    }

    // Namespaces that would only make the lines long.
    [GeneratedRegex(@"(?<!namespace )(?<![\w.])(?:System(?:\.[A-Z]\w*)*|Rx\.Kube(?:\.Models)?|Microsoft(?:\.[A-Z]\w*)*)\.(?=[A-Z])")]
    private static partial Regex ShortNames();
}
