using Rx.Kube.Cli.Terminal;
using Rx.Kube.Cli.Trees;

namespace Rx.Kube.Cli.Tests.Terminal;

public class LineWrappingTests
{
    [Theory]
    [InlineData("short", 30, "short")]
    [InlineData(
        "owner        cache-0  ready 10.244.2.5 zone zone-b", 40, "owner        cache-0  ready 10.244.2.5|             zone zone-b")]
    [InlineData("owner        0123456789012345678901234567890123456789 z", 40,
        "owner        0123456789012345678901234567890123456789|             z")]
    [InlineData("owner        cache-0  ready 10.244.2.5 zone zone-b", 30, "owner        cache-0  ready 10.244.2.5 zone zone-b")]
    public void Lines_break_between_words_and_keep_their_indentation(string text, int width, string expected) =>
        Assert.Equal(expected, string.Join('|', LineWrapping.Wrap(new Line().Add(text), width, new string(' ', 13)).Select(l => $"{l}")));

    [Fact]
    public void A_word_of_several_styles_stays_whole_and_keeps_them()
    {
        var line = new Line().Add("twenty characters and ").Add("cache-0", Palette.Bad).Add(", more");
        var lines = LineWrapping.Wrap(line, 28, "").ToList();
        Assert.Equal(["twenty characters and", "cache-0, more"], lines.Select(l => $"{l}"));
        Assert.Equal(Palette.Bad, lines[1].Segments[0].Style);
    }

    [Theory]
    [InlineData("├─ cache-0", "│    ")]
    [InlineData("│  └─ Pod cache-0", "│       ")]
    [InlineData("|  |- Pod cache-0", "|  |    ")]
    [InlineData("Service cache", "  ")]
    public void The_branches_of_a_tree_go_on(string text, string expected) => Assert.Equal(expected, TreeText.Hang(new Line().Add(text)));
}
