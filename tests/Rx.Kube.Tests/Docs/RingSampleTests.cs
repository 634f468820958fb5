namespace Rx.Kube.Tests.Docs;

/// <summary>The code about rings in the documents does what they say.</summary>
[Collection(ProcessWide.Collection)]
public sealed class RingSampleTests
{
    [Fact]
    public void The_page_about_hashing_shows_what_its_code_prints()
    {
        var (console, printed) = (Console.Out, new StringWriter());
        Console.SetOut(printed);
        try
        {
            RingSamples.Hashing();
        }
        finally
        {
            Console.SetOut(console);
        }

        Markdown.HasBlock("docs/hashing.md", "text", "hashing", printed.ToString().ReplaceLineEndings("\n"));
    }
}
