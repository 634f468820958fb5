using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Tests.Terminal;

public class TextWrappingTests
{
    [Theory]
    [InlineData("", 5, "")]
    [InlineData("one two three", 20, "one two three")]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 5, "one|two|three")]
    [InlineData("abcdefgh ij", 3, "abc|def|gh|ij")]
    [InlineData("日本語 x", 4, "日本|語 x")]
    [InlineData("abc", 0, "a|b|c")]
    public void Text_is_divided_at_blanks_and_long_words_inside(string text, int width, string expected) =>
        Assert.Equal(expected, string.Join('|', TextWrapping.Wrap(text, width)));
}
