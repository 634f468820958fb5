using System.Text.RegularExpressions;

namespace Rx.Kube.Tests.Docs;

/// <summary>The page about the architecture is true of the source.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Page = Repository.Read("docs/architecture.md");

    [Fact]
    public void Every_room_is_on_the_page() => Assert.Equal(RoomsInTheSource(), Knows().Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_room_uses_only_the_rooms_it_is_said_to_know()
    {
        var knows = Knows();
        var strangers =
            from room in RoomsInTheSource()
            from file in Directory.EnumerateFiles(Repository.PathOf($"src/Rx.Kube/{room}"), "*.cs", SearchOption.AllDirectories)
            from used in Using().Matches(File.ReadAllText(file)).Select(m => m.Groups["room"].Value)
            where used != room && !knows[room].Contains(used)
            select $"{Path.GetRelativePath(Repository.Root, file)} uses {used}";
        Assert.Equal([], strangers);
    }

    [Fact]
    public void The_files_that_rules_live_in_exist()
    {
        // Each table says in its head of which folder the files are.
        var folder = "";
        var named = new List<string>();
        foreach (var line in Page.Split('\n'))
        {
            folder = RuleFolder().Match(line) is { Success: true } head ? head.Groups["folder"].Value : folder;
            named.AddRange(RuleFile().Matches(line).Select(m => $"{folder}/{m.Groups["file"].Value}"));
        }

        Assert.True(named.Count > 20);
        Assert.Equal([], named.Where(file => !File.Exists(Repository.PathOf(file))));
    }

    private static IEnumerable<string> RoomsInTheSource() =>
        Directory.EnumerateDirectories(Repository.PathOf("src/Rx.Kube"))
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj"))
            .Order(StringComparer.Ordinal);

    private static Dictionary<string, string[]> Knows() =>
        Row().Matches(Page).ToDictionary(
            m => m.Groups["room"].Value, m => Code().Matches(m.Groups["knows"].Value).Select(c => c.Groups[1].Value).ToArray());

    [GeneratedRegex(@"^\| `(?<room>\w+)` \|[^|]*\|(?<knows>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| rule \| file in `(?<folder>[\w/.]+)` \|$")]
    private static partial Regex RuleFolder();

    [GeneratedRegex(@"`(?<file>(?:\w+/)+\w+\.cs)`")]
    private static partial Regex RuleFile();

    [GeneratedRegex(@"^using (static )?Rx\.Kube\.(?!Models)(?<room>\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
