using System.Globalization;
using System.Reactive;
using System.Reactive.Linq;

namespace Rx.Kube.Testing.Tests.RxJs;

/// <summary>Diagrams mean the same here as in the TestScheduler of RxJS 7, except for the differences that ADR 7 lists.</summary>
public sealed class RxJsTests
{
    [RxJsFact]
    public void Ten_thousand_random_diagrams_mean_the_same_in_RxJS() => Compare(TestSeed.Many(10_000).Select(seed =>
    {
        var (kind, pieces) = Diagram(seed, improved: false);
        var marbles = RandomDiagram.RxJs(pieces);
        marbles = seed % 2 == 0 ? marbles.TrimStart(' ') : marbles;
        return (seed, kind, marbles, marbles);
    }));

    [RxJsFact]
    public void Diagrams_that_RxJS_lacks_mean_what_their_translation_means_in_RxJS() => Compare(TestSeed.Many(5_000).Select(seed =>
    {
        var (kind, pieces) = Diagram(seed, improved: true);
        return (seed, kind, RandomDiagram.Text(pieces).Trim(), RandomDiagram.RxJs(pieces));
    }));

    [RxJsFact]
    public void Streams_run_as_they_do_in_RxJS()
    {
        var runs = TestSeed.Many(3_000).Select(seed =>
        {
            var diagram = new RandomDiagram(new(seed));
            var subscriptions = Enumerable.Range(0, 3).Select(_ => RandomDiagram.RxJs(diagram.Subscription()))
                .Select(s => s.Contains('^') ? s : "^");
            return (Seed: seed, Question: new Question(
                "run", Cold: RandomDiagram.RxJs(diagram.Cold()), Hot: RandomDiagram.RxJs(diagram.Hot()), Error: "broken",
                Subscriptions: [.. subscriptions]));
        }).ToList();
        var answers = NodeProcess.Ask([.. runs.Select(r => r.Question)]);

        foreach (var ((seed, question), theirs) in runs.Zip(answers))
        {
            var ours = Run(question);
            Assert.True(
                ours == theirs,
                $"""
                {TestSeed.Text(seed)}
                  cold "{question.Cold}"
                  hot "{question.Hot}"
                  subscriptions "{string.Join("\", \"", question.Subscriptions!)}"
                  here: {ours}
                  RxJS: {theirs}
                """);
        }
    }

    [RxJsFact]
    public void Diagrams_that_RxJS_refuses_are_refused()
    {
        (string Kind, string Mark)[] defects =
        [
            ("cold", "^"), ("cold", "!"), ("hot", "!"), ("subscription", "a"), ("subscription", "|"), ("subscription", "#"),
            ("subscription", "^^"), ("subscription", "^!!"), ("subscription", "5"), ("time", ""),
        ];
        var cases = TestSeed.Many(2_000).Select(seed =>
        {
            var (random, (kind, mark)) = (new Random(seed), defects[seed % defects.Length]);
            var diagram = new RandomDiagram(random);
            var pieces = kind switch
            {
                "cold" => diagram.Cold(),
                "hot" => diagram.Hot(),
                "time" => diagram.Gaps(9),
                _ => diagram.Subscription(),
            };
            pieces.Insert(random.Next(pieces.Count + 1), new(mark));
            return (Seed: seed, Kind: kind, Marbles: RandomDiagram.RxJs(pieces));
        }).ToList();
        var answers = NodeProcess.Ask([.. cases.Select(c => new Question(c.Kind, c.Marbles))]);

        foreach (var (c, theirs) in cases.Zip(answers))
        {
            Assert.True(
                theirs.StartsWith("throws", StringComparison.Ordinal), $"{TestSeed.Text(c.Seed)}: \"{c.Marbles}\" is {theirs} in RxJS");
            var ours = Parse(c.Kind, c.Marbles, "broken");
            Assert.True(
                ours.StartsWith("throws", StringComparison.Ordinal),
                $"{TestSeed.Text(c.Seed)}: \"{c.Marbles}\" is {ours} here, and RxJS {theirs}");
        }
    }

    [RxJsFact]
    public void The_differences_are_those_of_the_ADR()
    {
        (string Kind, string Marbles, string Here, string RxJs)[] differences =
        [
            // A duration may stand at the end, and any white space around it.
            ("cold", "a 10ms", "<a>@0", "<a>@0 <1>@1 <0>@2 <m>@3 <s>@4"),
            (
                "subscription", "^ 5ms", "0..Infinity",
                "throws there can only be '^' and '!' markers in a subscription marble diagram. Found instead '5'."
            ),
            ("cold", "a\tb", "<a>@0 <b>@1", "<a>@0 <\t>@1 <b>@2"),

            // Frames are counted, not characters.
            ("hot", "10ms ^ b", "<b>@1", "<b>@6"),
            ("hot", "a - ^ b", "<a>@-2 <b>@1", "<a>@-4 <b>@-1"),
            ("time", "1s |", "1000", "3"),
            ("time", "- - |", "2", "4"),

            // A group before '^' is a group too.
            ("hot", "(ab)-^c", "<a>@-5 <b>@-5 <c>@1", "<a>@-4 <b>@-3 <c>@1"),

            // A duration is exact, and a whole number of frames.
            ("cold", "1.001s a", "<a>@1001", "<a>@1000.9999999999999"),
            ("cold", "1.5ms a", "throws", "<a>@1.5"),

            // Groups that take one frame, and errors with a name.
            ("cold", "[ab]c", "<a>@0 <b>@0 <c>@1", "<[>@0 <a>@1 <b>@2 <]>@3 <c>@4"),
            ("cold", "#gone", "#gone@0", "#gone@0 <g>@1 <o>@2 <n>@3 <e>@4"),

            // A mistake is an error.
            ("cold", "aK", "throws", "<a>@0 undefined@1"),
            ("cold", "a|b", "throws", "<a>@0 |@1 <b>@2"),
            ("cold", "||", "throws", "|@0 |@1"),
            ("cold", "(ab", "throws", "<a>@0 <b>@0"),
            ("cold", "ab)", "throws", "<a>@0 <b>@1"),
            ("cold", "(a(b))", "throws", "<a>@0 <b>@2"),
            ("cold", "(a 1ms b)", "throws", "<a>@0 <b>@0"),
            ("cold", "😀", "throws", "<😀>@0"),
            ("cold", "e\u0301", "throws", "<e>@0 <\u0301>@1"),
            ("hot", "a^^b", "throws", "<a>@-1 <b>@2"),
            ("hot", "(a^b)", "throws", "<a>@-1 <b>@1"),
            ("subscription", "!-^", "throws", "1..0"),
            ("subscription", "--!", "throws", "never"),
            ("time", "a-|", "throws", "2"),
            ("time", "-|-|", "throws", "1"),
        ];
        var answers = NodeProcess.Ask([.. differences.Select(d => new Question(d.Kind, d.Marbles, Error: "gone"))]);

        Assert.Equal(differences.Select(d => d.RxJs), answers);
        var here = differences.Select(d => Parse(d.Kind, d.Marbles, "gone"));
        Assert.Equal(differences.Select(d => d.Here), here.Select(h => h.StartsWith("throws", StringComparison.Ordinal) ? "throws" : h));
    }

    private static void Compare(IEnumerable<(int Seed, string Kind, string Here, string RxJs)> diagrams)
    {
        var cases = diagrams
            .Select(d => (Diagram: d, Error: d.Here.Contains("#gone", StringComparison.Ordinal) ? "gone" : "broken"))
            .ToList();
        var answers = NodeProcess.Ask([.. cases.Select(c => new Question(c.Diagram.Kind, c.Diagram.RxJs, Error: c.Error))]);
        foreach (var (((seed, kind, here, rxJs), error), theirs) in cases.Zip(answers))
        {
            var ours = Parse(kind, here, error);
            Assert.True(
                ours == theirs,
                $"""
                {TestSeed.Text(seed)}: {kind}
                  here: "{here}" is {ours}
                  RxJS: "{rxJs}" is {theirs}
                """);
        }
    }

    private static (string Kind, List<Piece> Pieces) Diagram(int seed, bool improved)
    {
        var diagram = new RandomDiagram(new(seed), improved);
        return (seed % 10) switch
        {
            < 4 => ("cold", diagram.Cold()),
            < 7 => ("hot", diagram.Hot()),
            < 9 => ("subscription", diagram.Subscription()),
            _ => ("time", diagram.Time()),
        };
    }

    private static string Parse(string kind, string marbles, string error)
    {
        try
        {
            return kind switch
            {
                "cold" => Text(MarbleDiagram.Cold(marbles, Values(marbles), Errors(error))),
                "hot" => Text(MarbleDiagram.Hot(marbles, Values(marbles), Errors(error))),
                "subscription" => MarbleDiagram.Subscription(marbles) is { } s ? Text(s) : "never",
                _ => Text((decimal)MarbleDiagram.Time(marbles).TotalMilliseconds),
            };
        }
        catch (MarbleFormatException e)
        {
            return $"throws {e.Message}";
        }
    }

    private static string Run(Question q)
    {
        var clock = new VirtualClock();
        var (hot, cold) = (clock.Hot(q.Hot!, Values(q.Hot!), Errors(q.Error!)), clock.Cold(q.Cold!, Values(q.Cold!), Errors(q.Error!)));
        ITestObservable<string>[] sources = [hot, cold, hot];
        List<string> log = [];
        for (var i = 0; i < sources.Length; i++)
        {
            var number = i;
            void Note(string what) => log.Add($"{number}:{what}@{Text(clock.Clock / 10_000m)}");
            clock.Expect(sources[i].Do(Note, e => Note($"#{e.Message}"), () => Note("|")), q.Subscriptions![i]);
        }

        clock.Start();
        return string.Join(' ', [.. log, "hot", .. hot.Subscriptions.Select(Text), "cold", .. cold.Subscriptions.Select(Text)]);
    }

    private static Dictionary<char, string> Values(string marbles) =>
        marbles.Distinct().Where(key => key != 'K').ToDictionary(key => key, key => $"<{key}>");

    private static MarbleErrors Errors(string error) => new() { { "", new IOException(error) }, { "gone", new IOException(error) } };

    private static string Text(IEnumerable<Timed<Notification<string>>> messages) => string.Join(' ', messages.Select(Text));

    private static string Text(Timed<Notification<string>> m) => m.Value.Kind switch
    {
        NotificationKind.OnNext => $"{m.Value.Value}@{Text(m.Time / 10_000m)}",
        NotificationKind.OnCompleted => $"|@{Text(m.Time / 10_000m)}",
        _ => $"#{m.Value.Exception!.Message}@{Text(m.Time / 10_000m)}",
    };

    private static string Text(decimal frame) => frame.ToString(CultureInfo.InvariantCulture);

    private static string Text(SubscriptionSpan s) =>
        $"{s.Subscribe / 10_000}..{(s.Unsubscribe == SubscriptionSpan.Infinite ? "Infinity" : s.Unsubscribe / 10_000)}";
}
