using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Doctor;

/// <summary>Formats a report as readable lines: what to repair first, the checklist, the manifests of missing permissions.</summary>
internal static class DoctorText
{
    private const int MaxText = 4000;
    private const int MinWidth = 20;

    /// <summary>Where the texts begin, beside the names of the checks; on a narrow terminal they stand below them.</summary>
    private const int Beside = 19;

    private const int Below = 4;
    private const int MinBeside = 60;

    /// <summary>Formats the lines.</summary>
    /// <param name="report">The report.</param>
    /// <param name="width">The width of a line in cells.</param>
    /// <param name="isUnicode">Whether the terminal can show Unicode.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> Lines(Report report, int width, bool isUnicode)
    {
        foreach (var line in Verdict(report, width, isUnicode))
        {
            yield return line;
        }

        yield return new Line();
        var indent = width < MinBeside ? Below : Beside;
        foreach (var check in report.Checks)
        {
            if (indent == Below)
            {
                yield return Head(check, isUnicode);
            }

            foreach (var (index, text) in Wrap(Safe(check.Text), width - indent).Index())
            {
                yield return (index == 0 && indent == Beside ? Head(check, isUnicode) : new Line()).PadTo(indent)
                    .Add(text, check.State == CheckState.Unknown ? Palette.Quiet : Palette.Plain);
            }

            var notes = check.Details.Select(detail => (Text: Safe(detail), Style: Palette.Quiet));
            var fix = check.Fix is null ? [] : new[] { (Text: FixText(check), Style: Palette.Plain) };
            foreach (var (text, style) in fix.Concat(notes).SelectMany(n => Wrap(n.Text, width - indent).Select(text => (text, n.Style))))
            {
                yield return new Line().PadTo(indent).Add(text, style);
            }
        }

        foreach (var manifest in report.Checks.Select(c => c.Manifest).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            yield return new Line();
            foreach (var line in manifest.Split('\n'))
            {
                yield return new Line().Add(TerminalText.Escape(line));
            }
        }
    }

    /// <summary>
    /// Formats the lines for a terminal. Where the first ones leave the screen, the last ones say again what to repair first.
    /// </summary>
    /// <param name="report">The report.</param>
    /// <param name="size">The size of the terminal in cells.</param>
    /// <param name="isUnicode">Whether the terminal can show Unicode.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<Line> Lines(Report report, (int Width, int Height) size, bool isUnicode)
    {
        var lines = Lines(report, size.Width, isUnicode).ToList();
        return lines.Count < size.Height ? lines : [.. lines, new Line(), .. Verdict(report, size.Width, isUnicode)];
    }

    /// <summary>Gets the one thing that is true before all others.</summary>
    /// <param name="report">The report.</param>
    /// <returns>A sentence without a full stop, not escaped.</returns>
    public static string Summary(Report report) => report.First is { } first ? Capital(first.Text)
        : report.Service is { } service ? $"All is well with {service}" : "All is well on the way to the API server";

    private static IEnumerable<Line> Verdict(Report report, int width, bool isUnicode)
    {
        var first = report.First;
        var state = first?.State ?? CheckState.Ok;
        var texts = new[] { Safe(Summary(report)) + "." }.Concat(first?.Fix is null ? [] : [FixText(first)]);
        foreach (var (index, text) in texts.SelectMany(t => TextWrapping.Wrap(t, Math.Max(MinWidth, width) - 2)).Index())
        {
            yield return new Line().Add(index == 0 ? Sign(state, isUnicode) : " ", StyleOf(state)).Add(" ").Add(text, Palette.Strong);
        }
    }

    private static Line Head(Check check, bool isUnicode) =>
        new Line().Add(Sign(check.State, isUnicode), StyleOf(check.State)).Add(" ").Add(check.Id, Palette.Quiet);

    private static string FixText(Check check) => $"To fix: {Safe(check.Fix!)}{(check.Fix!.EndsWith('?') ? "" : ".")}";

    private static List<string> Wrap(string text, int width) => TextWrapping.Wrap(text, Math.Max(MinWidth, width));

    private static string Safe(string text) => TerminalText.Escape(text, MaxText).TrimEnd('.');

    private static string Capital(string text) =>
        text.Length > 0 && text.Split(' ')[0].All(char.IsAsciiLetterLower) ? char.ToUpperInvariant(text[0]) + text[1..] : text;

    private static string Sign(CheckState state, bool isUnicode) => (state, isUnicode) switch
    {
        (CheckState.Ok, true) => "✓",
        (CheckState.Ok, false) => "+",
        (CheckState.Warning, _) => "!",
        (CheckState.Problem, true) => "✗",
        (CheckState.Problem, false) => "x",
        _ => "-",
    };

    private static Style StyleOf(CheckState state) => state switch
    {
        CheckState.Ok => Palette.Good,
        CheckState.Warning => Palette.Warn,
        CheckState.Problem => Palette.Bad,
        _ => Palette.Quiet,
    };
}
