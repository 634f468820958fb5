using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Tests.Terminal;

public class TextTruncationTests
{
    [Theory]
    [InlineData("cache-0", 7, "cache-0")]
    [InlineData("cache-7d9f8b6c5-x2x4v", 12, "cache…-x2x4v")]
    [InlineData("abcdef", 3, "ab…")]
    [InlineData("abcdef", 0, "")]
    public void Truncation_in_the_middle_keeps_the_end(string text, int width, string fitted) =>
        Assert.Equal(fitted, TextTruncation.Middle(text, width));

    [Fact]
    public void Truncated_text_is_never_wider_than_the_width()
    {
        foreach (var text in new[] { "plain text of some length", "東京東京東京東京", "🚀🚀🚀🚀🚀🚀", "a東b🚀c東d🚀e" })
        {
            for (var width = 0; width < 30; width++)
            {
                Assert.True(TextTruncation.End(text, width).GetCellWidth() <= width);
                Assert.True(TextTruncation.Middle(text, width).GetCellWidth() <= width);
                Assert.True(new Line().Add(text).Add(text, Palette.Bad).Fit(width).Width <= width);
            }
        }
    }
}
