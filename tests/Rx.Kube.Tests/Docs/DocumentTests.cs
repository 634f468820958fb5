namespace Rx.Kube.Tests.Docs;

/// <summary>What the documents name is there.</summary>
public sealed class DocumentTests
{
    public static TheoryData<string> Documents => [.. Markdown.Documents];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_to_files(string document) => AllExist(document, Markdown.Links(document));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Named_files_and_folders_exist(string document) => AllExist(document, Markdown.Paths(document));

    [Fact]
    public void The_readme_names_the_two_commands_and_the_pages_to_read_on()
    {
        var commands = string.Concat(Markdown.Blocks("README.md", "sh"));
        Assert.Contains("dotnet run --project src/Rx.Kube.Cli -- watch cache --demo\n", commands, StringComparison.Ordinal);
        Assert.Contains("dotnet test\n", commands, StringComparison.Ordinal);
        string[] pages = ["docs/testing.md", "docs/architecture.md", "docs/adr", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"];
        Assert.Empty(pages.Except(Markdown.Links("README.md")));
    }

    private static void AllExist(string document, IEnumerable<string> paths)
    {
        string[] missing = [.. paths.Where(path => !Path.Exists(Repository.PathOf(path)))];
        Assert.True(missing.Length == 0, $"{document} names what is not there: {string.Join(", ", missing)}");
    }
}
