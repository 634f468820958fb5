using Rx.Kube.Tests.Docs;

namespace Rx.Kube.Tests.Architecture;

/// <summary>docs/architecture.md is true of the source.</summary>
public sealed class ArchitecturePageTests
{
    [Fact]
    public void Every_module_is_on_the_page()
    {
        var modules = Directory.EnumerateDirectories(Repository.PathOf("src/Rx.Kube"))
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj"));
        Assert.Equal(modules.Order(StringComparer.Ordinal), ArchitecturePage.Knows().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_files_that_rules_live_in_exist()
    {
        var files = ArchitecturePage.RuleFiles();
        Assert.True(files.Count > 20);
        Assert.Equal([], files.Where(file => !File.Exists(Repository.PathOf(file))));
    }
}
