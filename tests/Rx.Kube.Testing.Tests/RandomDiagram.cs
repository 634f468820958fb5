using System.Globalization;

namespace Rx.Kube.Testing.Tests;

/// <summary>A part of a diagram with a meaning of its own, and its form in RxJS.</summary>
internal sealed record Piece(string Text, string RxJs)
{
    public Piece(string text)
        : this(text, text)
    {
    }
}

/// <summary>
/// Random valid diagrams, in pieces. Either they are valid in RxJS as they stand, or they use what RxJS has not (<c>[ab]</c>, named errors,
/// <c>^</c> after durations, …), and each piece has its translation.
/// </summary>
internal sealed class RandomDiagram(Random random, bool improved = false)
{
    private const string Letters = "abcdxyzéß€,/$";
    private const string Keys = Letters + "0125mmss"; // adjacent digits and units are values, unless spaces surround them

    public static string Text(IEnumerable<Piece> pieces) => string.Concat(pieces.Select(p => p.Text));

    /// <summary>The diagram in RxJS; the same as here unless it uses an extension.</summary>
    public static string RxJs(IEnumerable<Piece> pieces)
    {
        var text = string.Concat(pieces.Select(p => p.RxJs));

        // A duration at the end is one here, but only one in RxJS if a space follows.
        return text.Split(' ')[^1] is [>= '0' and <= '9', .., 'm' or 's'] ? text + " " : text;
    }

    public List<Piece> Cold() => [.. Body(random.Next(14)), .. Ending()];

    public List<Piece> Hot() => random.Next(10) switch
    {
        0 => Cold(),
        1 => [.. BeforeZero(), new(random.Next(3) == 0 ? "#" : "|"), .. Dashes(), new("^"), .. Gaps(3)],
        _ => [.. BeforeZero(), new("^"), .. Cold()],
    };

    public List<Piece> Subscription() => random.Next(12) switch
    {
        0 => [.. Gaps(3)],
        1 => [.. Gaps(3), new("("), .. Dashes(), new("^"), .. Dashes(), new("!"), .. Dashes(), new(")"), .. Gaps(2)],
        2 => [.. Gaps(3), new("^"), .. Gaps(3), new("(!)")],
        3 or 4 => [.. Gaps(3), new("^"), .. Gaps(3)],
        _ => [.. Gaps(3), new("^"), .. Gaps(4), new("!"), .. Gaps(2)],
    };

    /// <summary>RxJS counts the characters of a time diagram, including spaces inside it.</summary>
    public List<Piece> Time() => improved
        ? [.. CountedGaps(5), new("|"), .. Gaps(2)]
        : [new(new(' ', random.Next(3))), .. Dashes(), .. Dashes(), new("|"), .. Gaps(2)];

    /// <summary>Some values, groups and gaps.</summary>
    public List<Piece> Body(int count)
    {
        var pieces = new List<Piece>();
        for (; count > 0; count--)
        {
            pieces.AddRange(random.Next(10) switch
            {
                0 => [Group("")],
                1 => [NearlyADuration()],
                < 6 => [new(Key(Keys))],
                _ => Gaps(1),
            });
        }

        return pieces;
    }

    /// <summary>Some dashes, spaces and durations.</summary>
    public List<Piece> Gaps(int most) =>
        [.. Enumerable.Range(0, random.Next(most + 1)).SelectMany(_ => random.Next(4) switch
        {
            0 => [Space()],
            1 => [Duration()],
            _ => Dashes(),
        })];

    private List<Piece> Ending()
    {
        List<Piece> end = random.Next(7) switch
        {
            0 => [new("#")],
            1 => [Group("|")],
            2 => [Group("#")],
            3 => [],
            4 when improved => [new("#gone", "#")],
            _ => [new("|")],
        };
        return [.. end, .. Gaps(2)];
    }

    /// <summary>
    /// RxJS counts the characters before <c>^</c>: they are its frames if no space and no duration is among them. It knows no groups there.
    /// </summary>
    private List<Piece> BeforeZero()
    {
        List<Piece> pieces = [];
        for (var n = random.Next(5); n > 0; n--)
        {
            pieces.AddRange(random.Next(4) switch
            {
                0 => [new(Key(improved ? Letters : Keys))],
                1 when improved => CountedGaps(2),
                _ => Dashes(),
            });
        }

        return improved ? pieces : [new(new(' ', random.Next(3))), .. pieces];
    }

    private Piece Group(string end)
    {
        var spaced = random.Next(3) == 0; // without units, because a duration cannot stand in a group
        var marks = string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => spaced ? Key(Letters) + Space().Text : Key(Keys)));
        if (improved && end.Length == 0 && random.Next(2) == 0)
        {
            var (letters, dashes) = (string.Concat(marks.Split(default(char[]))), random.Next(3));
            return new($"[{marks}]{new string('-', letters.Length + 1 + dashes)}", $"({letters}){new string('-', dashes)}");
        }

        marks += improved || random.Next(3) > 0 ? "" : "-";
        return improved && end.Length > 0
            ? new($"[{marks}{end.Replace("#", "#gone", StringComparison.Ordinal)}]", $"({Spaced(marks)}{end})")
            : new($"({marks}{end})", $"({Spaced(marks)}{end})");
    }

    private List<Piece> Dashes() => [new(new('-', random.Next(5)))];

    private Piece Space()
    {
        var space = improved ? random.GetItems([" ", "\t", "\n", "  "], 1)[0] : random.GetItems([" ", "  "], 1)[0];
        return new(space, Spaced(space));
    }

    private Piece Duration()
    {
        var text = random.Next(improved ? 7 : 6) switch
        {
            0 => $"{random.Next(4)}.5s",
            1 => $"{random.Next(3)}.{random.GetItems(["0", "25", "50", "125"], 1)[0]}m",
            2 => $"0{random.Next(10)}s",
            3 => $"{random.Next(3)}m",
            6 => $"{random.Next(9)}.{random.Next(1000):000}s", // most are not exact as binary fractions
            _ => $"{random.Next(30)}ms",
        };
        var space = Space();
        return new(space.Text + text + " ", space.RxJs + (improved ? Milliseconds(text) : text) + " ");
    }

    /// <summary>
    /// Values that look like a duration. Never a fraction of a millisecond if spaces make it one after all.
    /// </summary>
    private Piece NearlyADuration() =>
        new(random.GetItems(["1.5s", "10ms-", " .5s ", " 1.s ", " 5 ms ", " 5S ", " 5h ", " 1m5s ", "a1s ", " 2m/"], 1)[0]);

    private string Key(string keys) => keys[random.Next(keys.Length)].ToString();

    private static string Milliseconds(string duration)
    {
        var number = decimal.Parse(duration.TrimEnd('m', 's'), CultureInfo.InvariantCulture);
        var unit = duration.EndsWith("ms", StringComparison.Ordinal) ? 1 : duration.EndsWith('s') ? 1_000 : 60_000;
        return (number * unit).ToString("0", CultureInfo.InvariantCulture) + "ms";
    }

    /// <summary>Gaps in the form of RxJS where it counts characters: dashes without spaces.</summary>
    private IEnumerable<Piece> CountedGaps(int most) =>
        from gap in Gaps(most)
        let digits = gap.RxJs.Trim().TrimEnd('m', 's')
        let frames = digits is [>= '0' and <= '9', ..] ? int.Parse(digits, CultureInfo.InvariantCulture) : 0
        where frames < 5_000
        select gap with { RxJs = gap.RxJs.Trim().StartsWith('-') ? gap.RxJs : new('-', frames) };

    private static string Spaced(string text) => text.Replace('\t', ' ').Replace('\n', ' ');
}
