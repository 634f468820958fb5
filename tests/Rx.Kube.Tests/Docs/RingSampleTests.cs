using System.Reactive.Linq;
using System.Text.RegularExpressions;
using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs;

/// <summary>The code about rings in the documents does what they say.</summary>
[Collection(ProcessWide.Collection)]
public sealed partial class RingSampleTests
{
    [Fact]
    public void The_ring_in_the_README_finds_the_owner_and_what_to_fetch()
    {
        var slice = Slice.Of("cache-abc", service: "cache")
            .With("cache-0", "10.0.0.1").With("cache-1", "10.0.0.2").With("cache-2", "10.0.0.3").With("cache-3", "10.0.0.4");
        var cache = new[] { WatchEvents.Listed("17", slice) }.ToObservable().ToTopology();
        var fetched = new List<RangeChange<RingMember>>();

        var owner = RingSamples.Readme(cache, fetched.Add, _ => Assert.Fail("the first ring loses nothing"));

        HashRing.Create(["cache-0", "cache-1", "cache-2", "cache-3"]).TryGetOwner("user-42", out var expected);
        Assert.Equal(expected, owner);
        var share = fetched.Sum(change => (double)change.Range.Length) / Math.Pow(2, 64);
        Assert.InRange(share, 0.70, 0.80);
    }

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
