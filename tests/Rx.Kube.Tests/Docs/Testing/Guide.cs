using Rx.Kube.Testing;

namespace Rx.Kube.Tests.Docs.Testing;

/// <summary>The guide page, and what it shows of each recipe: the code, the test, and how the test fails.</summary>
internal static class Guide
{
    public const string Page = "docs/testing.md";

    /// <summary>The recipes, in the order of the page.</summary>
    public static readonly string[] Recipes = ["Relist", "Debounce", "Ring", "Outage", "SlowConsumer"];

    /// <summary>Runs a recipe whose code is wrong, and compares how it fails with what the page shows.</summary>
    public static void FailsAsShown(string recipe, Action test)
    {
        var failure = Assert.Throws<MarbleAssertionException>(test);
        Assert.Equal(
            Markdown.Blocks(Page, "text")[Array.IndexOf(Recipes, recipe)], failure.Message.ReplaceLineEndings("\n") + "\n");
    }
}
