using System.Globalization;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Output;

/// <summary>
/// Formats one timestamped line per change: <c>+</c> added, <c>~</c> updated, <c>-</c> removed, <c>=</c> live,
/// <c>!</c> stale.
/// </summary>
internal static class TextLines
{
    /// <summary>Formats the difference between a snapshot and the previous one.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="previous">The previous snapshot; null for the first one.</param>
    /// <param name="now">The time.</param>
    /// <returns>The lines; none before the first complete list.</returns>
    public static IEnumerable<Line> Lines(ServiceTopology snapshot, ServiceTopology? previous, DateTimeOffset now)
    {
        if (Freshness(snapshot, previous, now) is { } state)
        {
            yield return Line(now, state.Sign, state.Style).Add(state.Text, state.Style);
        }

        var changes = snapshot.DiffFrom(previous);
        foreach (var (sign, style, change) in All(changes))
        {
            var endpoints = sign == '-' ? change.Previous : change.Current;
            var line = Line(now, sign, style).Add(EndpointFormat.Name(change.Member), style).Add(" ")
                .Add(sign == '~' ? EndpointFormat.Difference(change, Glyphs.Ascii.Arrow) : EndpointFormat.All(endpoints));
            yield return change.Inferred ? line.Add(" (found by comparing lists)", Palette.Quiet) : line;
        }
    }

    /// <summary>Gets all changes in the order of the members.</summary>
    /// <param name="changes">The changes.</param>
    /// <returns>Each with its sign and style.</returns>
    public static IEnumerable<(char Sign, Style Style, MemberChange Change)> All(TopologyDiff changes) =>
        With('+', Palette.Added, changes.Added)
            .Concat(With('~', Palette.Updated, changes.Updated))
            .Concat(With('-', Palette.Bad, changes.Removed))
            .OrderBy(c => c.Change.Member, StringComparer.Ordinal);

    /// <summary>Formats the freshness if it changed, or if no member is left.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="previous">The previous snapshot; null for the first one.</param>
    /// <param name="now">The time.</param>
    /// <param name="summary">The summary of a complete list, escaped; null selects the number of endpoints.</param>
    /// <returns>The sign, the style and the text; null without a change.</returns>
    public static (char Sign, Style Style, string Text)? Freshness(
        ServiceTopology snapshot, ServiceTopology? previous, DateTimeOffset now, string? summary = null) =>
        snapshot.Freshness switch
        {
            Kube.Freshness.Stale stale => ('!', Palette.Bad, $"stale: {Cause(stale.Interruption)}"),
            Kube.Freshness.Live when previous?.Freshness is Kube.Freshness.Stale stale =>
                ('=', Palette.Good, $"live at {At(snapshot)}, was stale for {HumanFormat.Span(now - stale.Interruption.Since)}"),
            Kube.Freshness.Live when previous is null || !previous.Freshness.IsSynced =>
                ('=', Palette.Good, $"live at {At(snapshot)}: {summary ?? Summary(snapshot)}"),
            Kube.Freshness.Live when previous?.Presence != snapshot.Presence && PresenceText.OfMemberless(snapshot) is { } absence =>
                ('=', Palette.Warn, $"live at {At(snapshot)}: {absence}"),
            _ => null,
        };

    /// <summary>Formats the cause of an interruption and the time until the next attempt.</summary>
    /// <param name="interruption">The interruption.</param>
    /// <returns>The text, escaped.</returns>
    public static string Cause(WatchInterruption interruption) =>
        $"{Message(interruption)}; next attempt {HumanFormat.Wait(interruption.RetryAfter)}";

    /// <summary>Formats the cause of an interruption.</summary>
    /// <param name="interruption">The interruption.</param>
    /// <returns>The text, escaped, without a final full stop, because more text follows.</returns>
    public static string Message(WatchInterruption interruption) => TerminalText.Escape(interruption.Message, 2000).TrimEnd('.');

    /// <summary>Creates the beginning of a line.</summary>
    /// <param name="now">The time.</param>
    /// <param name="sign">The kind of line.</param>
    /// <param name="style">The style of the sign.</param>
    /// <returns>The line, to which the text is added.</returns>
    public static Line Line(DateTimeOffset now, char sign, Style style)
    {
        var time = now.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return new Line().Add(time, Palette.Quiet).Add(" ").Add(sign.ToString(), style).Add(" ");
    }

    private static IEnumerable<(char Sign, Style Style, MemberChange Change)> With(
        char sign, Style style, EquatableArray<MemberChange> changes) =>
        changes.Select(c => (sign, style, c));

    private static string At(ServiceTopology snapshot) => $"version {EndpointFormat.Name(snapshot.Version)}";

    private static string Summary(ServiceTopology snapshot) => PresenceText.Of(snapshot) ??
        $"{HumanFormat.Count(snapshot.Endpoints.Count, "endpoint")}, {snapshot.Ready.Count.ToString(CultureInfo.InvariantCulture)} ready";
}
