using System.Reactive.Linq;
using System.Text.RegularExpressions;

namespace Rx.Kube.Tests.Docs;

/// <summary>The code about rings in the documents does what they say.</summary>
[Collection(ProcessWide.Collection)]
public sealed partial class RingSampleTests
{
    [Fact]
    public void The_page_about_hashing_lists_every_format()
    {
        var sources = Directory.EnumerateFiles(Repository.PathOf("src/Rx.Kube.Hashing"), "*.cs", SearchOption.AllDirectories);
        var formats = sources.SelectMany(file => Format().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value)
            .Concat(Enum.GetValues<KetamaVariant>().Select(variant => RingLayout.Ketama(variant).Name))
            .Distinct().ToList();
        Assert.True(formats.Count >= 10, string.Join(", ", formats));
        var page = Repository.Read("docs/hashing.md");
        var (begin, end) = (page.IndexOf("### Formats", StringComparison.Ordinal), page.IndexOf("**Rings of", StringComparison.Ordinal));
        var table = page[begin..end];
        Assert.Equal([], formats.Where(format => !table.Contains($"`{format}`", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_page_about_hashing_shows_what_its_code_prints()
    {
        var (console, printed) = (Console.Out, new StringWriter());
        Console.SetOut(printed);
        try
        {
            RingSamples.Hashing();
        }
        finally
        {
            Console.SetOut(console);
        }

        Markdown.HasBlock("docs/hashing.md", "text", "hashing", printed.ToString().ReplaceLineEndings("\n"));
    }

    [GeneratedRegex("\"(?<name>[A-Z][A-Za-z]+/[0-9]+)\"")]
    private static partial Regex Format();
}
