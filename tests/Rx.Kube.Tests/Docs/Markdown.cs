using System.Text.RegularExpressions;

namespace Rx.Kube.Tests.Docs;

/// <summary>What the documentation's Markdown holds, as far as it can be checked.</summary>
internal static partial class Markdown
{
    /// <summary>All documents of the repository that people read.</summary>
    public static IEnumerable<string> Documents =>
        Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>The contents of the fenced blocks of a language, in order.</summary>
    public static IReadOnlyList<string> Blocks(string document, string language) =>
        [.. Fence().Matches(Repository.Read(document)).Where(m => m.Groups["language"].Value == language).Select(m => m.Groups["body"].Value)];

    /// <summary>The targets of links and images that lie in the repository, relative to its root.</summary>
    public static IEnumerable<string> Links(string document)
    {
        var folder = Path.GetDirectoryName(document) ?? "";
        return Link().Matches(Repository.Read(document))
            .Select(m => m.Groups["target"].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            .Select(target => Path.Combine(folder, target));
    }

    /// <summary>The files and folders named in code, in the text or in a shell block.</summary>
    public static IEnumerable<string> Paths(string document)
    {
        var code = Inline().Matches(Repository.Read(document)).Select(m => m.Groups["code"].Value).Concat(Blocks(document, "sh"));
        return code.SelectMany(c => RepositoryPath().Matches(c)).Select(m => m.Value.TrimEnd('.', '/')).Distinct();
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<!`)`(?<code>[^`\n]+)`(?!`)")]
    private static partial Regex Inline();

    // A path with a wildcard or a placeholder names no one file.
    [GeneratedRegex(@"(?<![\w/.*])(src|tests|docs|benchmarks|\.ci)/[\w./-]+(?![\w*<…])")]
    private static partial Regex RepositoryPath();
}
