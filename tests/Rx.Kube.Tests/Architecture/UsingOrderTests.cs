using System.Text.RegularExpressions;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Architecture;

/// <summary>The order of using directives: the build checks all other rules of style, <c>dotnet format whitespace</c> the layout.</summary>
public sealed partial class UsingOrderTests
{
    [Fact]
    public void System_comes_first_then_the_alphabet_then_static_ones_then_aliases()
    {
        var files = new[] { "src", "tests", "benchmarks", "samples" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !BuildOutput().IsMatch(file))
            .ToList();

        Assert.InRange(files.Count, 100, 100_000);
        Assert.Equal([], files.Where(file => !IsSorted(File.ReadAllText(file))));
    }

    [Theory]
    [InlineData("using A;\nusing System;\n")]
    [InlineData("using System.Text;\nusing System.Net;\n")]
    [InlineData("using static System.Math;\nusing System;\n")]
    [InlineData("using B = System.Byte;\nusing static System.Math;\n")]
    public void Another_order_is_found(string code) => Assert.False(IsSorted(code));

    private static bool IsSorted(string code)
    {
        var directives = Directive().Matches(code).Select(m => (
            Kind: m.Groups["alias"].Success ? 2 : m.Groups["static"].Success ? 1 : 0,
            Name: m.Groups["name"].Value)).ToList();
        return directives.SequenceEqual(directives
            .OrderBy(d => d.Kind)
            .ThenBy(d => d.Kind < 2 && (d.Name == "System" || d.Name.StartsWith("System.", StringComparison.Ordinal)) ? 0 : 1)
            .ThenBy(d => d.Name, Comparer<string>.Create(ByParts)));
    }

    // A dot comes before all letters: Rx.Kube.Models before Rx.KubeX.
    private static int ByParts(string one, string other)
    {
        var (a, b) = (one.Split('.'), other.Split('.'));
        return a.Zip(b, (x, y) => string.Compare(x, y, StringComparison.OrdinalIgnoreCase)).FirstOrDefault(c => c != 0) is var c and not 0
            ? c
            : a.Length - b.Length;
    }

    [GeneratedRegex(@"^using (?<static>static )?(?<alias>\w+ = )?(?<name>[\w.]+)(<[^;]*>)?;$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex("[/\\\\](bin|obj|[.]cache|node_modules)[/\\\\]")]
    private static partial Regex BuildOutput();
}
