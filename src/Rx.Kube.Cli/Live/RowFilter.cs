using System.Text.RegularExpressions;
using Rx.Kube.Cli.Terminal;

namespace Rx.Kube.Cli.Live;

/// <summary>
/// Selects rows by a regular expression, in any case of letters; with <c>!</c> before it, the rows that it does not match.
/// </summary>
internal sealed class RowFilter
{
    /// <summary>The maximum length of the text, in UTF-16 units.</summary>
    public const int MaxLength = 200;

    // Rows have text from the network: this engine takes linear time for every text, and refuses expressions that need much memory.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private readonly Regex _regex;
    private readonly bool _isInverted;

    private RowFilter(string text)
    {
        Text = text;
        _isInverted = text.StartsWith('!');
        _regex = new Regex(_isInverted ? text[1..] : text, Options);
    }

    /// <summary>Gets the text as typed. Not escaped.</summary>
    public string Text { get; }

    /// <summary>Reads a filter.</summary>
    /// <param name="text">A .NET regular expression, or <c>!</c> and an expression.</param>
    /// <returns>The filter, null for a text without an expression; or the mistake.</returns>
    public static (RowFilter? Filter, string? Mistake) Parse(string text)
    {
        try
        {
            return (text is "" or "!" ? null : new RowFilter(text), null);
        }
        catch (RegexParseException e)
        {
            return (null, $"invalid: {Words(e.Error)}");
        }
        catch (NotSupportedException)
        {
            return (null, "invalid: too large, or with a backreference or a lookaround");
        }
    }

    /// <summary>Describes how many rows match: <c>filter: x (12 of 250)</c>.</summary>
    /// <param name="matching">The number of rows that match.</param>
    /// <param name="all">The number of all rows.</param>
    /// <returns>The line.</returns>
    public Line Describe(int matching, int all) => new Line().Add("filter: ", Palette.Quiet)
        .Add(TerminalText.Escape(Text), Palette.Info)
        .Add(FormattableString.Invariant($" ({matching} of {all})"), Palette.Quiet);

    /// <summary>Checks whether a row is shown.</summary>
    /// <param name="row">The visible text of the row.</param>
    /// <returns>True if it is shown.</returns>
    public bool Matches(string row) => _regex.IsMatch(row) != _isInverted;

    // The message of the exception repeats the expression: UnterminatedBracket becomes "unterminated bracket".
    private static string Words(RegexParseError error) =>
        string.Concat(error.ToString().Select(c => char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}")).TrimStart();
}
