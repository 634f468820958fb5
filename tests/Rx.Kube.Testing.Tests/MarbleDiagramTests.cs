using System.Reactive;
using static System.FormattableString;
using static Rx.Kube.Testing.Timed;

namespace Rx.Kube.Testing.Tests;

public sealed class MarbleDiagramTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("---", "")]
    [InlineData("a", "a@0")]
    [InlineData("a-b|", "a@0 b@2 |@3")]
    [InlineData("--(ab)-c|", "a@2 b@2 c@7 |@8")]
    [InlineData("(a|)", "a@0 |@0")]
    [InlineData("(a-b)c", "a@0 b@0 c@5")]
    [InlineData("--[ab]c", "a@2 b@2 c@3")]
    [InlineData("a 10ms b|", "a@0 b@11 |@12")]
    [InlineData("a 1.5s b 2m |", "a@0 b@1501 |@121502")]
    [InlineData("10ms a", "a@10")]
    [InlineData(" - a\t-\nb ", "a@1 b@3")]
    [InlineData("a 10ms", "a@0")]
    [InlineData("5ms", "")]
    [InlineData("0ms a", "a@0")]
    [InlineData("a10ms b", "a@0 1@1 0@2 m@3 s@4 b@5")]
    [InlineData("1 2m3", "1@0 2@1 m@2 3@3")]
    [InlineData("-#", "#@1")]
    [InlineData("-a#gone--", "a@1 #gone@2")]
    [InlineData("(a#gone)", "a@0 #gone@0")]
    [InlineData("é€", "é@0 €@1")]
    public void Reads_a_cold_diagram(string diagram, string expected) =>
        Assert.Equal(expected, Text(MarbleDiagram.Cold(diagram, c => c, Gone)));

    [Theory]
    [InlineData("-a^-b|", "a@-1 b@2 |@3")]
    [InlineData("^-a", "a@2")]
    [InlineData("a-b", "a@0 b@2")]
    [InlineData("10ms ^ b", "b@1")]
    [InlineData("(ab) ^ c", "a@-4 b@-4 c@1")]
    public void Reads_a_hot_diagram(string diagram, string expected) =>
        Assert.Equal(expected, Text(MarbleDiagram.Hot(diagram, c => c)));

    [Theory]
    [InlineData("^", 0, null)]
    [InlineData("--^--!", 2, 5)]
    [InlineData("^ 10m !-", 0, 600_001)]
    [InlineData("-(^!)", 1, 1)]
    [InlineData("---", null, null)]
    public void Reads_a_subscription_diagram(string diagram, int? from, int? to) =>
        Assert.Equal(
            from is null ? null : new SubscriptionSpan(from.Value * 10_000L, to * 10_000L ?? SubscriptionSpan.Infinite),
            MarbleDiagram.Subscription(diagram));

    [Theory]
    [InlineData("|", 0)]
    [InlineData("---|", 3)]
    [InlineData("-- 1.5s |", 1502)]
    public void Reads_a_time_diagram(string diagram, int ms) => Assert.Equal(TimeSpan.FromMilliseconds(ms), MarbleDiagram.Time(diagram));

    [Theory]
    [InlineData("cold", "-a-^", 4)]
    [InlineData("cold", "-a-!", 4)]
    [InlineData("cold", "a|b", 3)]
    [InlineData("cold", "a|  |", 5)]
    [InlineData("cold", "#-a", 3)]
    [InlineData("cold", "--(ab", 3)]
    [InlineData("cold", "a)", 2)]
    [InlineData("cold", "((a))", 2)]
    [InlineData("cold", "[(a)]", 2)]
    [InlineData("cold", "(a]", 3)]
    [InlineData("cold", "[a-b]", 3)]
    [InlineData("cold", "(a 1ms b)", 4)]
    [InlineData("cold", "a 1.5ms b", 3)]
    [InlineData("cold", "a 99999999999999m b", 3)]
    [InlineData("cold", "a 99999999999999999999999999999999999999m b", 3)]
    [InlineData("cold", "-😀", 2)]
    [InlineData("cold", "a-#other", 4)]
    [InlineData("hot", "^-^", 3)]
    [InlineData("hot", "(a^b)", 3)]
    [InlineData("hot", "a!", 2)]
    [InlineData("subscription", "-^-^", 4)]
    [InlineData("subscription", "^-!-!", 5)]
    [InlineData("subscription", "--!", 3)]
    [InlineData("subscription", "!^", 1)]
    [InlineData("subscription", "^a!", 2)]
    [InlineData("subscription", "^-|", 3)]
    [InlineData("time", "---", 4)]
    [InlineData("time", "-a|", 2)]
    [InlineData("time", "-|-|", 4)]
    public void What_cannot_be_read_is_an_error_at_its_column(string kind, string diagram, int column)
    {
        var error = Assert.Throws<MarbleFormatException>(() =>
        {
            _ = kind switch
            {
                "cold" => MarbleDiagram.Cold(diagram, c => c, Gone),
                "hot" => MarbleDiagram.Hot(diagram, c => c),
                "subscription" => MarbleDiagram.Subscription(diagram),
                _ => (object)MarbleDiagram.Time(diagram),
            };
        });
        Assert.Equal(column, error.Column);
        var lines = error.Message.Split(Environment.NewLine);
        Assert.Equal($"  {diagram}", lines[1]);
        Assert.Equal(2 + column - 1, lines[2].IndexOf('^', StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_without_a_value_is_an_error_with_a_hint_at_a_duration()
    {
        var values = new Dictionary<char, int> { ['a'] = 1 };

        Assert.StartsWith(
            "There is no value for 'b', at column 3:",
            Assert.Throws<MarbleFormatException>(() => MarbleDiagram.Cold("a-b", values)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "There is no value for '1'; a duration stands between spaces, at column 3:",
            Assert.Throws<MarbleFormatException>(() => MarbleDiagram.Cold("a-10ms a", values)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("^10ms!")]
    [InlineData("^-1.5s")]
    public void A_duration_that_does_not_stand_alone_gets_a_hint_in_subscriptions_too(string diagram) => Assert.Contains(
        "; a duration stands between spaces",
        Assert.Throws<MarbleFormatException>(() => MarbleDiagram.Subscription(diagram)).Message, StringComparison.Ordinal);

    [Fact]
    public void Durations_with_too_long_a_sum_are_refused_and_do_not_overflow()
    {
        var decade = " 5256000m ";
        Assert.Equal(20L * 365 * 24 * 60 * 60_000, MarbleDiagram.Cold(decade + decade + "a", c => c)[0].Frame);

        var error = Assert.Throws<MarbleFormatException>(
            () => MarbleDiagram.Cold(string.Concat(Enumerable.Repeat(decade, 3_000)) + "a", c => c));
        Assert.Equal((2 * decade.Length) + 2, error.Column);
    }

    [Theory]
    [InlineData(10_000, 1)]
    [InlineData(10_000, 5_000)]
    [InlineData(10_000, 10_000)]
    [InlineData(150, 75)]
    public void The_message_for_a_long_diagram_shows_the_part_around_the_mistake(int length, int column)
    {
        var diagram = new string('-', column - 1) + ")" + new string('-', length - column);

        var error = Assert.Throws<MarbleFormatException>(() => MarbleDiagram.Cold(diagram, c => c));

        var lines = error.Message.Split(Environment.NewLine);
        Assert.Equal(column, error.Column);
        Assert.InRange(lines[1].Length, Math.Min(length, 100), 204);
        Assert.Equal(lines[1].IndexOf(')', StringComparison.Ordinal), lines[2].IndexOf('^', StringComparison.Ordinal));
    }

    [Fact]
    public void Errors_are_the_given_ones()
    {
        var (plain, gone) = (new TimeoutException(), new IOException());
        var errors = new MarbleErrors { { "", plain }, { "gone", gone } };

        Assert.Same(plain, MarbleDiagram.Cold("#", c => c, errors)[0].Value.Exception);
        Assert.Same(gone, MarbleDiagram.Cold("#gone", c => c, errors)[0].Value.Exception);
        Assert.Same(plain, MarbleDiagram.Cold("#", c => c, plain)[0].Value.Exception);
        Assert.IsType<InvalidOperationException>(MarbleDiagram.Cold("#", c => c)[0].Value.Exception);
        Assert.Throws<ArgumentException>(() => new MarbleErrors { { "not found", gone } });
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a@0", "a")]
    [InlineData("a@2 b@2 |@3", "--[ab]|")]
    [InlineData("a@2 b@2 |@6", "--(ab)|")]
    [InlineData("a@0 b@21 c@43 |@3044", "a--------------------b 21ms c 3s |")]
    [InlineData("a@60000 |@60000", " 1m (a|)")]
    [InlineData("1@0 m@1", "[1]m")]
    [InlineData("1@0 2@1", "12")]
    [InlineData("-@0 a@1 |@2", "ab|")]
    public void Draws_recorded_messages(string messages, string diagram)
    {
        var drawn = Parse(messages).ToMarbles();
        Assert.Equal(diagram, drawn.Diagram);
    }

    [Fact]
    public void Draws_any_value_with_a_key_and_a_legend_that_is_safe_to_print()
    {
        var drawn = new[]
        {
            OnNext(0, "ready"), OnNext(10_000, "\u001b[31mred"), OnNext(25_000, "ready"), OnNext(30_000, "x"),
            OnError<string>(40_000, new IOException("gone")),
        }.ToMarbles();

        Assert.Equal(
            ["abax#", "  a = ready", "  b = \\u001b[31mred", "  # = IOException: gone"],
            drawn.ToString().Split(Environment.NewLine));
    }

    [Fact]
    public void A_drawn_diagram_reads_back_as_the_same_messages()
    {
        foreach (var seed in TestSeed.Many(2_000))
        {
            var messages = Random(new Random(seed));
            var drawn = messages.ToMarbles();
            var back = MarbleDiagram.Cold(drawn.Diagram, drawn.Values, drawn.Errors);

            var floored = messages.Select(m => m with { Time = m.Frame * 10_000 });
            Assert.True(floored.SequenceEqual(back), $"{TestSeed.Text(seed)}: {drawn}");
        }
    }

    [Fact]
    public void Messages_that_cannot_be_drawn_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new[] { OnNext(-1, 'a') }.ToMarbles());
        Assert.Throws<ArgumentOutOfRangeException>(() => new[] { OnNext(10, 'a'), OnNext(9, 'b') }.ToMarbles());
    }

    private static MarbleErrors Gone => new() { { "", new IOException("") }, { "gone", new IOException("gone") } };

    private static List<Timed<Notification<string>>> Random(Random random)
    {
        string[] values = ["a", "b", "1", "2", "m", "s", "-", "(", "^", "!", "|", "#", "", " ", "long", "é", "[", "😀", "\n"];
        int[] gaps = [0, 0, 1, 1, 2, 3, 5, 19, 20, 21, 22, 999, 1_000, 60_000, 61_000, 86_400_000];
        var (time, messages) = (0L, new List<Timed<Notification<string>>>());
        var (many, crowded) = (random.Next(5) == 0, random.Next(3) == 0); // many: more distinct values than letters
        for (var n = random.Next(many ? 200 : 12); n > 0; n--)
        {
            time += crowded && random.Next(4) > 0 ? 0 : (gaps[random.Next(gaps.Length)] * 10_000L) + (random.Next(2) * random.Next(10_000));
            messages.Add(OnNext(time, many ? $"value {n}" : values[random.Next(values.Length)]));
        }

        time += gaps[random.Next(gaps.Length)] * 10_000L;
        var named = MarbleDiagram.Cold("#" + random.GetItems(["", "gone", "throttled"], 1)[0], c => "", MarbleErrors.Kubernetes);
        return random.Next(3) switch
        {
            0 => messages,
            1 => [.. messages, OnCompleted<string>(time)],
            _ => [.. messages, named[0] with { Time = time }],
        };
    }

    private static string Text(IEnumerable<Timed<Notification<char>>> messages) => string.Join(' ', messages.Select(m =>
    {
        Assert.Equal(0, m.Time % 10_000);
        return m.Value.Kind switch
        {
            NotificationKind.OnNext => Invariant($"{m.Value.Value}@{m.Frame}"),
            NotificationKind.OnCompleted => Invariant($"|@{m.Frame}"),
            _ => Invariant($"#{m.Value.Exception!.Message}@{m.Frame}"),
        };
    }));

    private static IEnumerable<Timed<Notification<string>>> Parse(string messages) =>
        messages.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(m => m.Split('@')).Select(m =>
            m[0] == "|" ? OnCompleted<string>(long.Parse(m[1]) * 10_000) : OnNext(long.Parse(m[1]) * 10_000, m[0]));
}
