namespace Rx.Kube.Tests.Docs.Testing;

public class GuideTests
{
    [Fact]
    public void The_guides_code_is_the_compiled_code()
    {
        var compiled = Guide.Recipes.Select(recipe => $"tests/Rx.Kube.Tests/Docs/Testing/{recipe}Recipe.cs")
            .SelectMany(file => (string[])[Sample.Of(file, "code"), Sample.Of(file, "test")]);
        Assert.Equal(Sample.Of("tests/Rx.Kube.Tests/Docs/Testing/FirstExample.cs", "test"), Markdown.Blocks(Guide.Page, "csharp")[0]);
        Assert.Equal(compiled, Markdown.Blocks(Guide.Page, "csharp").Skip(1));
    }
}
