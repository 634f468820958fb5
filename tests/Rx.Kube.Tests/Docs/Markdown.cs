using System.Text.RegularExpressions;

namespace Rx.Kube.Tests.Docs;

/// <summary>What the documentation's Markdown holds, as far as it can be checked.</summary>
internal static partial class Markdown
{
    private static readonly Lock Writing = new();

    /// <summary>All documents of the repository that people read.</summary>
    public static IEnumerable<string> Documents =>
        Directory.EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.PathOf("src"), "PACKAGE.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>The contents of the fenced blocks of a language, in order.</summary>
    public static IReadOnlyList<string> Blocks(string document, string language) =>
        [.. NamedBlocks(document, language).Select(b => b.Body)];

    /// <summary>The same with their names: the word after the language, or nothing.</summary>
    public static IEnumerable<(string Name, string Body)> NamedBlocks(string document, string language) =>
        Fence().Matches(Repository.Read(document)).Where(m => m.Groups["language"].Value == language)
            .Select(m => (m.Groups["name"].Value, m.Groups["body"].Value));

    /// <summary>The block of that name holds this; if <c>RXKUBE_UPDATE_DOCS=1</c> is set, it does from now on.</summary>
    public static void HasBlock(string document, string language, string name, string body)
    {
        if (Environment.GetEnvironmentVariable("RXKUBE_UPDATE_DOCS") == "1")
        {
            lock (Writing)
            {
                var before = Block(document, language, name);
                var (fence, page) = ($"```{language} {name}\n", Repository.Read(document));
                File.WriteAllText(Repository.PathOf(document), page.Replace(fence + before, fence + body, StringComparison.Ordinal));
            }

            return;
        }

        Assert.Equal(body, Block(document, language, name));
    }

    /// <summary>
    /// The lines between <c>&lt;!-- name --&gt;</c> and the next <c>&lt;!-- end --&gt;</c> are these; if <c>RXKUBE_UPDATE_DOCS=1</c> is
    /// set, they are from now on.
    /// </summary>
    public static void HasLines(string document, string name, string lines)
    {
        string Before(out string page)
        {
            page = Repository.Read(document);
            return Regex.Match(page, $@"(?<=\n<!-- {name} -->\n)(?:.*\n)*?(?=<!-- end -->)") is { Success: true } found ? found.Value
                : throw new InvalidOperationException($"{document} has no lines after <!-- {name} -->");
        }

        if (Environment.GetEnvironmentVariable("RXKUBE_UPDATE_DOCS") == "1")
        {
            lock (Writing)
            {
                var (before, begin) = (Before(out var page), $"\n<!-- {name} -->\n");
                File.WriteAllText(Repository.PathOf(document), page.Replace(begin + before, begin + lines, StringComparison.Ordinal));
            }

            return;
        }

        Assert.Equal(lines, Before(out _));
    }

    private static string Block(string document, string language, string name) =>
        Assert.Single(NamedBlocks(document, language), b => b.Name == name).Body;

    /// <summary>The targets of links and images that lie in the repository, relative to its root.</summary>
    public static IEnumerable<string> Links(string document)
    {
        var folder = Path.GetDirectoryName(document) ?? "";
        return Link().Matches(Fence().Replace(Repository.Read(document), ""))
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

    [GeneratedRegex(@"^```(?<language>\w+)(?: (?<name>[\w-]+))?\n(?<body>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    // The last two are those of a picture that is another one on a dark page.
    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)|\b(src|srcset)=""(?<target>[^""\s]+)""")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<!`)`(?<code>[^`\n]+)`(?!`)")]
    private static partial Regex Inline();

    // A path with a wildcard or a placeholder names no one file.
    [GeneratedRegex(@"(?<![\w/.*])(src|tests|docs|benchmarks|packaging|\.ci|\.github)/[\w./-]+(?![\w*<…])")]
    private static partial Regex RepositoryPath();
}
