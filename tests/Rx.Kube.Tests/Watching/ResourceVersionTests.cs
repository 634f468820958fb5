namespace Rx.Kube.Tests.Watching;

/// <summary>Which texts are versions, before one is used as the start of a watch and as part of a URL.</summary>
public class ResourceVersionTests
{
    [Theory]
    [InlineData("18")]
    [InlineData("b-2")]
    public void A_version_is_any_printable_text(string version) => Assert.Equal(version, ResourceVersion.Checked(version, "an event"));

    [Theory]
    [InlineData("", "without a resourceVersion")]
    [InlineData("0", "\"0\"")]
    [InlineData("1 9", "\"1 9\"")]
    [InlineData("1\n9", "1\\u{a}9")]
    [InlineData("1é", "resourceVersion is not one")]
    public void What_is_none_is_named_in_the_error(string version, string named) => Assert.Contains(
        named,
        Assert.Throws<KubeProtocolException>(() => ResourceVersion.Checked(version, "an event")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(127, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_version_has_at_most_128_characters(int length, bool isVersion)
    {
        var version = new string('1', length);

        var error = Record.Exception(() => ResourceVersion.Checked(version, "an event"));
        Assert.Equal(isVersion, error is null);
    }
}
