using System.Text.RegularExpressions;

namespace Rx.Kube.Tests.Docs;

/// <summary>
/// Code that is there for speed or memory says what it buys, as measured, and names the tests that hold it equal to a plain path. These
/// tests exist.
/// </summary>
public sealed partial class TrickTests
{
    public static TheoryData<string> Files =>
    [
        "src/Rx.Kube/Resources/EndpointPrint.cs",
        "src/Rx.Kube/Resources/EndpointPrints.cs",
        "src/Rx.Kube/Resources/EndpointDraft.cs",
        "src/Rx.Kube/Resources/KnownSlice.cs",
        "src/Rx.Kube/Resources/EndpointArrayReader.cs",
        "src/Rx.Kube/Resources/Protobuf/ProtobufKnownSlice.cs",
        "src/Rx.Kube/Resources/PackedText.cs",
        "src/Rx.Kube/Resources/SliceEndpoints.Chunks.cs",
        "src/Rx.Kube/Topology/Trees/ReplacementLog.cs",
        "src/Rx.Kube/Topology/Trees/EndpointTree.cs",
        "src/Rx.Kube/Topology/Trees/EndpointSort.cs",
        "src/Rx.Kube/Topology/Trees/ServiceMap.cs",
        "src/Rx.Kube/Topology/Merging/AddressTable.cs",
        "src/Rx.Kube/Topology/Merging/AddressContest.cs",
        "src/Rx.Kube/Topology/Snapshots/PortSet.cs",
        "src/Rx.Kube.Hashing/Tokens/SharedTokens.cs",
        "src/Rx.Kube.Hashing/Tokens/TokenPage.cs",
        "src/Rx.Kube.Hashing/Tokens/TokenPages.cs",
        "src/Rx.Kube.Hashing/Tokens/TokenShape.cs",
        "src/Rx.Kube.Hashing/Tokens/TokenSort.cs",
        "src/Rx.Kube.Hashing/Tokens/TokenDifferences.cs",
        "src/Rx.Kube.Hashing/Scores/ScoreTable.cs",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void It_says_what_it_buys_and_which_tests_hold_it_equal_to_a_plain_path(string file)
    {
        // The documentation of the first types, and not of their members.
        var text = string.Join(' ', Repository.Read(file).Split('\n').Where(line => line.StartsWith("///", StringComparison.Ordinal))
            .Select(line => line[3..].Trim()));
        string[] tests = [.. TestClass().Matches(text).Select(m => m.Groups[1].Value)];

        Assert.True(Figure().IsMatch(text), $"{file} does not say what it buys.");
        Assert.True(tests.Length > 0, $"{file} names no tests that hold it equal to a plain path.");
        Assert.Empty(tests.Where(test =>
            !Directory.EnumerateFiles(Repository.PathOf("tests"), $"{test}.cs", SearchOption.AllDirectories).Any()));
    }

    [GeneratedRegex(@"<c>(\w+Tests)</c>")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\d[\d,.]* ?(?:µs|ns|ms|bytes|KB|MB)\b|\d[\d,]* (?:claims|ports)|\b(?:half|fifth|twentieth|less time)\b")]
    private static partial Regex Figure();
}
