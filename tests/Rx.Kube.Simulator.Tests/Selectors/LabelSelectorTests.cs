using Rx.Kube.Simulator.Selectors;

namespace Rx.Kube.Simulator.Tests.Selectors;

public sealed class LabelSelectorTests
{
    private static readonly Dictionary<string, string> _labels = new() { ["app"] = "a", ["n"] = "2", ["example.com/x"] = "" };

    [Theory]
    [InlineData("", true)]
    [InlineData("app=a", true)]
    [InlineData("app==a,n=2", true)]
    [InlineData("app=a,n=3", false)]
    [InlineData("app!=b", true)]
    [InlineData("missing!=b", true)]
    [InlineData("app", true)]
    [InlineData("missing", false)]
    [InlineData("!missing", true)]
    [InlineData("! app", false)]
    [InlineData("app in (a, b)", true)]
    [InlineData("app in (b)", false)]
    [InlineData("app notin (b),n", true)]
    [InlineData("missing notin (a)", true)]
    [InlineData("n>1", true)]
    [InlineData("n>2", false)]
    [InlineData("n<10", true)]
    [InlineData("app>1", false)]
    [InlineData("example.com/x=", true)]
    [InlineData("example.com/x in ()", true)]
    public void A_label_selector_selects_matching_objects(string selector, bool selected) =>
        Assert.Equal(selected, LabelSelectorParser.Parse(selector).Matches(_labels));

    [Theory]
    [InlineData("a=b=c")]
    [InlineData("a in b")]
    [InlineData("a in (b")]
    [InlineData(",")]
    [InlineData("a,")]
    [InlineData("a b")]
    [InlineData("a>b")]
    [InlineData("-a")]
    [InlineData("a=b c")]
    [InlineData("UPPER/a")]
    public void An_invalid_label_selector_is_400(string selector) =>
        Assert.Equal(400, Assert.Throws<ApiStatusException>(() => LabelSelectorParser.Parse(selector)).Code);
}
