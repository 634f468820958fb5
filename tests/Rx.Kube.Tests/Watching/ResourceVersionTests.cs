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
    [InlineData(4095, null, true)] // of a source that is no connection
    [InlineData(4096, null, true)]
    [InlineData(4097, null, false)]
    [InlineData(127, 128, true)]
    [InlineData(128, 128, true)]
    [InlineData(129, 128, false)]
    public void The_characters_of_a_version_are_limited(int length, int? limit, bool isVersion)
    {
        var version = new string('1', length);

        var error = Record.Exception(() => _ = limit is { } most
            ? ResourceVersion.Checked(version, "an event", maxLength: most)
            : ResourceVersion.Checked(version, "an event"));
        Assert.Equal(isVersion, error is null);
    }
}
