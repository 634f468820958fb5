namespace Rx.Kube.Tests.Docs;

/// <summary>The C# that documents show is C# that is compiled, and run by the tests next to it.</summary>
public sealed class SampleTests
{
    public static TheoryData<string, string> Shown
    {
        get
        {
            var shown = new TheoryData<string, string>();
            // .ci/outside compiles the code of the packages' own pages, with the packages.
            foreach (var document in Markdown.Documents.Where(page => !page.EndsWith("/PACKAGE.md", StringComparison.Ordinal)))
            {
                foreach (var (name, _) in Markdown.NamedBlocks(document, "csharp"))
                {
                    shown.Add(document, name);
                }
            }

            return shown;
        }
    }

    [Theory]
    [MemberData(nameof(Shown))]
    public void The_code_on_the_page_is_the_compiled_code(string document, string name)
    {
        Assert.True(
            Samples.All.TryGetValue(name, out var compiled),
            $"{document} has a C# block '{name}', but there is no sample between such markers");
        Markdown.HasBlock(document, "csharp", name, compiled);
    }

    [Fact]
    public void Every_sample_is_on_a_page() =>
        Assert.Equal([], Samples.All.Keys.Except(Shown.Select(row => (string)row[1])));
}
