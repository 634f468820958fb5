using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Tests.CommandLine;

public class NearNamesTests
{
    private static readonly string[] _names = ["watch", "ring", "explain", "simulate", "cache-0", "cache-1", "cache-2", "cache-3"];

    [Theory]
    [InlineData("wacth", "watch")]
    [InlineData("watc", "watch")]
    [InlineData("wwatch", "watch")]
    [InlineData("WATCH", "watch")]
    [InlineData("expl", "explain")]
    [InlineData("simluate", "simulate")]
    [InlineData("cahce-0", "cache-0,cache-1,cache-2")]
    [InlineData("cache", "cache-0,cache-1,cache-2")]
    [InlineData("rign", "ring")]
    [InlineData("list", "")]
    [InlineData("w", "")]
    [InlineData("", "")]
    public void Names_with_few_typing_errors_are_near(string typed, string expected) =>
        Assert.Equal(expected, string.Join(',', NearNames.Of(typed, _names)));

    [Fact]
    public void A_long_text_is_near_nothing() => Assert.Empty(NearNames.Of(new string('a', 100_000), [new string('a', 100_000) + "b"]));
}
