using System.Text.RegularExpressions;

namespace Rx.Kube.Tests.Docs;

/// <summary>The rule of language in CONTRIBUTING.md, as far as a machine can see it.</summary>
public sealed partial class LanguageTests
{
    private const int LongestLine = 140;

    // Wrong wherever they stand, with what to write instead. A word that is sometimes right ("who owns key X") is no entry.
    private static readonly (string Wrong, string Instead)[] _words =
    [
        ("for ever", "never completes, always, without end"),
        ("anew", "again"),
        ("without a word", "silently"),
        ("but for", "except for"),
        ("nobody", "no member, no subscriber, no caller"),
        ("somebody", "a member, a subscriber, a caller"),
        ("whoever", "the caller, the member that"),
        ("Cure:", "To fix:"),
        ("cures", "fixes"),
        ("that of the", "the noun itself: the ring's fingerprint"),
        ("of whom", "the noun itself"),
        ("in the place of", "instead of"),
    ];

    [Fact]
    public void The_words_that_are_always_wrong_are_in_no_file() => AssertNone(
        from line in AllLines()
        from word in _words
        where Contains(line.Text, word.Wrong)
        select $"{line.File}:{line.Number}: \"{word.Wrong}\": write {word.Instead}");

    [Fact]
    public void Lines_of_code_and_comments_are_within_the_limit_of_editorconfig() => AssertNone(
        from line in AllLines()
        where line.Text.Length > LongestLine && line.File.EndsWith(".cs", StringComparison.Ordinal)
        select $"{line.File}:{line.Number}: {line.Text.Length} characters, at most {LongestLine}");

    private static void AssertNone(IEnumerable<string> faults)
    {
        var all = faults.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }

    private static IEnumerable<string> SourceFiles() =>
        new[] { "src", "docs", "tests", "benchmarks" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.md"))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".md", StringComparison.Ordinal))
            .Where(path => !path.EndsWith("/LanguageTests.cs", StringComparison.Ordinal) && !BuildOutput().IsMatch(path))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<(string File, int Number, string Text)> AllLines() =>
        SourceFiles().SelectMany(file => Repository.Read(file).Split('\n').Select((text, index) => (file, index + 1, text)));

    // In quotes or after a hyphen it is a name, such as the user "nobody" or the command that a test asks for.
    private static bool Contains(string line, string words) =>
        Regex.IsMatch(
            line,
            $"""(?<![\w"'/`-]){Regex.Escape(words)}(?![\w"'`-]|,\d)""",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [GeneratedRegex("(^|/)(bin|obj|node_modules)/")]
    private static partial Regex BuildOutput();
}
