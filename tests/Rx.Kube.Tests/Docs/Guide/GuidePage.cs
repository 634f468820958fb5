using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Guide;

/// <summary>The guide to testing.</summary>
internal static class GuidePage
{
    public const string Path = "docs/testing.md";

    /// <summary>The test fails with the message on the page, except for spaces at line ends.</summary>
    public static void ShowsHowItFails(string name, Action test)
    {
        var lines = Assert.Throws<MarbleAssertionException>(test).Message.ReplaceLineEndings("\n").Split('\n');
        Markdown.HasBlock(Path, "text", name, string.Concat(lines.Select(l => l.TrimEnd() + "\n")));
    }

    /// <summary>The test fails with a message that contains these words.</summary>
    public static void Fails(string words, Action test) =>
        Assert.Contains(words, Assert.Throws<MarbleAssertionException>(test).Message, StringComparison.Ordinal);
}
