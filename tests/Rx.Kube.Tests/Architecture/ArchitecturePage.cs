using System.Text.RegularExpressions;
using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Architecture;

/// <summary>What docs/architecture.md says.</summary>
internal static partial class ArchitecturePage
{
    private static readonly string Text = Repository.Read("docs/architecture.md");

    /// <summary>The modules of <c>src/Rx.Kube</c>, each with the modules it may use.</summary>
    public static Dictionary<string, string[]> Knows() =>
        Row().Matches(Text).ToDictionary(
            m => m.Groups["module"].Value, m => Code().Matches(m.Groups["knows"].Value).Select(c => c.Groups[1].Value).ToArray());

    /// <summary>The files in which the tables say that a rule lives. The head of each table names the folder.</summary>
    public static IReadOnlyList<string> RuleFiles()
    {
        var folder = "";
        var files = new List<string>();
        foreach (var line in Text.Split('\n'))
        {
            folder = RuleFolder().Match(line) is { Success: true } head ? head.Groups["folder"].Value : folder;
            files.AddRange(RuleFile().Matches(line).Select(m => $"{folder}/{m.Groups["file"].Value}"));
        }

        return files;
    }

    [GeneratedRegex(@"^\| `(?<module>\w+)` \|[^|]*\|(?<knows>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| rule \| file in `(?<folder>[\w/.]+)` \|$")]
    private static partial Regex RuleFolder();

    [GeneratedRegex(@"`(?<file>(?:[\w.]+/)+\w+\.cs)`")]
    private static partial Regex RuleFile();
}
