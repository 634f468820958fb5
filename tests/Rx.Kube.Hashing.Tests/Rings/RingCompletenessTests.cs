using System.Reflection;
using System.Text.RegularExpressions;
using static Rx.Kube.Hashing.Tests.AlgorithmRings;

namespace Rx.Kube.Hashing.Tests.Rings;

/// <summary>The recipe "add a ring" of CONTRIBUTING.md: each ring of the package has all its parts.</summary>
public sealed partial class RingCompletenessTests
{
    public static TheoryData<string> Rings => [.. Names];

    public static TheoryData<string> Layouts => [.. typeof(RingLayout).GetMethods(BindingFlags.Static | BindingFlags.Public)
        .Where(method => method.ReturnType == typeof(RingLayout)).SelectMany(LayoutsOf).Select(layout => layout.Name).Distinct()];

    private static string[] Names =>
    [
        .. typeof(IRing<>).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract)
            .Where(type => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRing<>)))
            .Select(type => type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]),
    ];

    [Theory]
    [MemberData(nameof(Rings))]
    public void Each_ring_keeps_the_laws_of_rings(string ring) => Assert.True(
        AllAlgorithms.Contains(ring),
        $"To fix: add \"{ring}\" to the names and to RingOf in tests/Rx.Kube.Hashing.Tests/AlgorithmRings.cs; " +
        "RingContractTests then checks it.");

    [Theory]
    [MemberData(nameof(Rings))]
    public void Each_ring_has_its_file_its_tests_its_place_in_the_tool_the_report_and_the_pages(string ring)
    {
        string[] missing =
        [
            .. Missing($"src/Rx.Kube.Hashing/Rings/{ring}.cs", $"class {ring}<"),
            .. Missing($"src/Rx.Kube.Hashing/Rings/{ring}.cs", $"static class {ring}"),
            .. Missing($"tests/Rx.Kube.Hashing.Tests/Rings/{ring}Tests.cs", $"class {ring}Tests"),
            .. Missing($"tests/Rx.Kube.Hashing.Tests/Golden/{ring}-1.txt", $"{ring}/1"),
            .. Missing("src/Rx.Kube.Cli/Simulation/Algorithm.cs", $"{ring}.Create("),
            .. Missing("benchmarks/Rx.Kube.Benchmarks/RingReport.cs", $"{ring}.Create("),
            .. Missing("docs/hashing.md", $"`{ring}`"),
            .. Missing("docs/hashing.md", $"`{ring}/1`"),
            .. Missing("docs/architecture.md", $"`{ring}`"),
        ];
        Assert.True(missing.Length == 0, string.Join('\n', missing));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Each_layout_of_tokens_is_on_the_page_with_its_parameters(string layout) => Assert.Matches(
        $@"(?m)^\| [^|]*`{Regex.Escape(layout)}`[^|]*\| [^|]*`RingLayout\.[^|]*\| [^|]+ \|$", Read("docs/hashing.md"));

    [Fact]
    public void The_report_measures_each_ring_by_default_and_the_page_has_the_figures()
    {
        var report = Read("benchmarks/Rx.Kube.Benchmarks/RingReport.cs");
        string[] byDefault = [.. Quoted().Matches(ByDefault().Match(report).Value).Select(name => name.Groups["name"].Value)];
        var missing = Names.Where(ring => !byDefault.Any(name => Measures(report, name, ring)));
        Assert.True(!missing.Any(), $"To fix: add {string.Join(", ", missing)} to ByDefault in RingReport.cs.");
        Assert.All(byDefault, name => Assert.Contains($"| {name} | 10 |", Read("docs/hashing.md"), StringComparison.Ordinal));
    }

    [Fact]
    public void The_readme_tells_how_many_rings_there_are()
    {
        string[] numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
        Assert.Contains($"[{numbers[Names.Length - 1]} other algorithms]", Read("README.md"), StringComparison.Ordinal);
    }

    // A factory of several layouts has one parameter, an enum.
    private static IEnumerable<RingLayout> LayoutsOf(MethodInfo factory) =>
        (factory.GetParameters() is [{ ParameterType: { IsEnum: true } kind }]
            ? Enum.GetValues(kind).Cast<object>().Select(value => factory.Invoke(null, [value]))
            : [factory.Invoke(null, [.. factory.GetParameters().Select(parameter => parameter.DefaultValue)])])
        .Cast<RingLayout>();

    private static bool Measures(string report, string name, string ring) =>
        report.Contains($"[\"{name}\"] = names => {ring}.Create(", StringComparison.Ordinal);

    private static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    [GeneratedRegex(@"ByDefault = \[[^\]]*\]")]
    private static partial Regex ByDefault();

    [GeneratedRegex("\"(?<name>[^\"]+)\"")]
    private static partial Regex Quoted();

    private static IEnumerable<string> Missing(string file, string text)
    {
        var path = Path.Combine(Root, file);
        return File.Exists(path) && File.ReadAllText(path).Contains(text, StringComparison.Ordinal)
            ? []
            : [$"To fix: {file} must contain {text}"];
    }

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Rx.Kube.sln")))
            {
                folder = Path.GetDirectoryName(folder)!;
            }

            return folder;
        }
    }
}
