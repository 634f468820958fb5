using static Rx.Kube.Hashing.Tests.AlgorithmRings;

namespace Rx.Kube.Hashing.Tests.Rings;

/// <summary>The recipe "add a ring" of CONTRIBUTING.md: each ring of the package has all its parts.</summary>
public sealed class RingCompletenessTests
{
    public static TheoryData<string> Rings =>
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
    public void Each_ring_has_its_file_its_tests_its_place_in_the_tool_the_report_and_the_page(string ring)
    {
        string[] missing =
        [
            .. Missing($"src/Rx.Kube.Hashing/Rings/{ring}.cs", $"class {ring}<"),
            .. Missing($"src/Rx.Kube.Hashing/Rings/{ring}.cs", $"static class {ring}"),
            .. Missing($"tests/Rx.Kube.Hashing.Tests/Rings/{ring}Tests.cs", $"class {ring}Tests"),
            .. Missing("src/Rx.Kube.Cli/Simulation/Algorithm.cs", $"{ring}.Create("),
            .. Missing("benchmarks/Rx.Kube.Benchmarks/RingReport.cs", $"{ring}.Create("),
            .. Missing("docs/hashing.md", $"`{ring}`"),
        ];
        Assert.True(missing.Length == 0, string.Join('\n', missing));
    }

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
