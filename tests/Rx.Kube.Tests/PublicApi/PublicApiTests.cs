using System.Reflection;
using System.Text.RegularExpressions;
using PublicApiGenerator;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.PublicApi;

/// <summary>The public API of each package is the committed baseline, written as C# and sorted by type and name.</summary>
public sealed partial class PublicApiTests
{
    public const string UpdateVariable = "RXKUBE_UPDATE_API";

    private static readonly ApiGeneratorOptions _options = new()
    {
        IncludeAssemblyAttributes = false,
        OrderBy = OrderMode.FullName,
    };

    [Theory]
    [InlineData("Rx.Kube")]
    [InlineData("Rx.Kube.Testing")]
    [InlineData("Rx.Kube.Simulator")]
    [InlineData("Rx.Kube.Hashing")]
    public void The_public_api_is_the_committed_one(string package)
    {
        var baseline = $"tests/Rx.Kube.Tests/PublicApi/{package}.cs.txt";
        var actual = ShortNames().Replace(Assembly.Load(package).GeneratePublicApi(_options).ReplaceLineEndings("\n"), "").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(Repository.PathOf(baseline), actual);
        }

        var expected = File.Exists(Repository.PathOf(baseline)) ? Repository.Read(baseline) : "";
        var changes = Difference(expected, actual);
        Assert.True(
            changes.Length == 0,
            $"""
            The public API of {package} is not the one in {baseline}:
            {changes}
            If this is intended: {UpdateVariable}=1 dotnet test tests/Rx.Kube.Tests --filter PublicApi, and commit the file.
            """);
    }

    // A member's line is unique only within its type, so each is compared together with the type's line.
    private static string Difference(string expected, string actual)
    {
        var (before, now) = (Qualified(expected), Qualified(actual));
        return string.Join(
            "\n",
            before.Except(now).Select(line => "- " + line).Concat(now.Except(before).Select(line => "+ " + line)));
    }

    private static List<string> Qualified(string text)
    {
        var type = "";
        var lines = new List<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var isMember = line.StartsWith("        ", StringComparison.Ordinal);
            type = isMember ? type : line.Trim();
            lines.Add(isMember ? $"{type} :: {line.Trim()}" : type);
        }

        return lines;
    }

    // Namespaces that would only make the lines long.
    [GeneratedRegex(@"(?<!namespace )(?<![\w.])(?:System(?:\.[A-Z]\w*)*|Rx\.Kube(?:\.(?:Models|Testing|Simulator))?)\.(?=[A-Z])")]
    private static partial Regex ShortNames();
}
