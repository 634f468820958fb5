using Rx.Kube.Cli.CommandLine;

namespace Rx.Kube.Cli.Tests.CommandLine;

public class DurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("300ms", 0.3)]
    [InlineData("5s", 5)]
    [InlineData("1.5s", 1.5)]
    [InlineData("1m30s", 90)]
    [InlineData("2h", 7200)]
    [InlineData("1h1m1s1ms", 3661.001)]
    public void Durations_in_kubectls_notation_are_read(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, precision: 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5x")]
    [InlineData("1..5s")]
    [InlineData("5s3")]
    [InlineData("1e3s")]
    [InlineData("999999999999h")]
    [InlineData("NaNs")]
    public void Other_texts_are_not_durations(string text) => Assert.False(Duration.TryParse(text, out _));
}
