using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Guide;

/// <summary>The page about testing.</summary>
internal static class GuidePage
{
    public const string Path = "docs/testing.md";

    /// <summary>The test fails, and says what the page says it does; but spaces at the ends of lines.</summary>
    public static void ShowsHowItFails(string name, Action test)
    {
        var lines = Assert.Throws<MarbleAssertionException>(test).Message.ReplaceLineEndings("\n").Split('\n');
        Markdown.HasBlock(Path, "text", name, string.Concat(lines.Select(l => l.TrimEnd() + "\n")));
    }

    /// <summary>The test fails, with these words among others.</summary>
    public static void Fails(string words, Action test) =>
        Assert.Contains(words, Assert.Throws<MarbleAssertionException>(test).Message, StringComparison.Ordinal);
}
