using System.Xml.Linq;

namespace Rx.Kube.Tests.Docs.Guide;

/// <summary>The packages that the guide names for the TestScheduler are those of this repository's own tests.</summary>
public sealed class TestSchedulerPackagesTests
{
    [Fact]
    public void The_packages_on_the_page_are_those_of_the_tests()
    {
        var page = XElement.Parse($"<all>{Markdown.NamedBlocks(GuidePage.Path, "xml").Single(b => b.Name == "packages").Body}</all>");
        var used = XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("ItemGroup")
            .Single(g => $"{g.Attribute("Condition")?.Value}".Contains("UsesTestScheduler", StringComparison.Ordinal))
            .Elements().Select(e => $"{e.Attribute("Include")?.Value}");
        var versions = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(e => $"{e.Attribute("Include")?.Value}", e => $"{e.Attribute("Version")?.Value}");

        Assert.Equal(
            used.Select(name => (name, versions[name])),
            page.Elements().Select(e => ($"{e.Attribute("Include")?.Value}", $"{e.Attribute("Version")?.Value}")));
    }
}
