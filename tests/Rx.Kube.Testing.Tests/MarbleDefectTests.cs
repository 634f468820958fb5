namespace Rx.Kube.Testing.Tests;

/// <summary>A valid diagram with one defect at any place is refused at the defect.</summary>
public sealed class MarbleDefectTests
{
    [Theory]
    [InlineData("cold", "K", 0)] // a key without a value
    [InlineData("cold", "#other", 1)] // an error with an unknown name
    [InlineData("cold", "😀", 0)]
    [InlineData("cold", "\a", 0)]
    [InlineData("cold", "\u200b", 0)] // a zero-width space
    [InlineData("cold", "e\u0301", 1)] // a combining accent
    [InlineData("cold", "^", 0)]
    [InlineData("cold", "!", 0)]
    [InlineData("cold", "(ab", 0)]
    [InlineData("cold", "[ab", 0)]
    [InlineData("cold", ")", 0)]
    [InlineData("cold", "]", 0)]
    [InlineData("cold", "(a]", 2)]
    [InlineData("cold", "[a)", 2)]
    [InlineData("cold", "(a(b))", 2)]
    [InlineData("cold", "[(a)]", 1)]
    [InlineData("cold", "[a-b]", 2)]
    [InlineData("cold", "(a 1ms b)", 3)]
    [InlineData("cold", " 1.5ms ", 1)]
    [InlineData("cold", " 0.0001s ", 1)]
    [InlineData("cold", " 999999999999m ", 1)]
    [InlineData("cold", "|-a", 2)]
    [InlineData("cold", "# |", 2)]
    [InlineData("cold", "(a|b)", 3)]
    [InlineData("cold", "#gone a", 6)]
    [InlineData("hot", "^-^", 2)]
    [InlineData("hot", "(a^)", 2)]
    [InlineData("hot", "!", 0)]
    [InlineData("subscription", "!", 0)]
    [InlineData("subscription", "^-^", 2)]
    [InlineData("subscription", "^-!-!", 4)]
    [InlineData("subscription", "^!-^", 3)]
    [InlineData("subscription", "a", 0)]
    [InlineData("subscription", "^|", 1)]
    [InlineData("subscription", "#", 0)]
    [InlineData("subscription", "^5-", 1)]
    [InlineData("time", "a", 0)]
    [InlineData("time", "|-|", 2)]
    [InlineData("time", "^", 0)]
    [InlineData("time", "", 0)] // no end
    public void A_defect_is_refused_at_its_column(string kind, string defect, int offset)
    {
        var values = "abcdxyzéß€,/$.1205msSh".ToDictionary(c => c, c => c);
        var errors = new MarbleErrors { { "", new IOException() }, { "gone", new IOException() } };
        foreach (var seed in TestSeed.Many(200))
        {
            var diagram = new RandomDiagram(new(seed), improved: true);
            string Some(int count) => RandomDiagram.Text(kind is "cold" or "hot" ? diagram.Body(count) : diagram.Gaps(count));
            var before = Some(6);
            var after = defect is "(ab" or "[ab" or "#other" or "" ? "" : Some(4); // more text after these would change them
            var marbles = before + defect + after;

            var error = Record.Exception(() =>
            {
                _ = kind switch
                {
                    "cold" => MarbleDiagram.Cold(marbles, values, errors),
                    "hot" => MarbleDiagram.Hot(marbles, values, errors),
                    "subscription" => MarbleDiagram.Subscription(marbles),
                    _ => (object)MarbleDiagram.Time(marbles),
                };
            });

            var column = (error as MarbleFormatException)?.Column;
            var expected = before.Length + offset + 1;
            Assert.True(column == expected, $"{TestSeed.Text(seed)}: \"{marbles}\" at {column} instead of {expected}: {error}");
        }
    }
}
