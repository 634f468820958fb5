using System.Globalization;
using Rx.Kube.Cli.Terminal;
using Spectre.Console;

namespace Rx.Kube.Cli.Output;

/// <summary>
/// One timestamped line per change: <c>+</c> added, <c>~</c> updated, <c>-</c> removed; and <c>=</c> when the state is live,
/// <c>!</c> when it is stale.
/// </summary>
internal static class TextLines
{
    /// <summary>What a snapshot says that the one before did not.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="previous">The one before; null for the first.</param>
    /// <param name="now">The time.</param>
    /// <returns>The lines; none while nothing is known.</returns>
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
            var line = Line(now, sign, style).Add(EndpointWords.Name(change.Member), style).Add(" ")
                .Add(sign == '~' ? EndpointWords.Difference(change, Glyphs.Ascii.Arrow) : EndpointWords.All(endpoints));
            yield return change.Inferred ? line.Add(" (found by comparing lists)", Palette.Quiet) : line;
        }
    }

    /// <summary>All changes in the order of the members.</summary>
    /// <param name="changes">The changes.</param>
    /// <returns>Each with its sign and style.</returns>
    public static IEnumerable<(char Sign, Style Style, MemberChange Change)> All(TopologyDiff changes) =>
        With('+', Palette.Added, changes.Added)
            .Concat(With('~', Palette.Updated, changes.Updated))
            .Concat(With('-', Palette.Bad, changes.Removed))
            .OrderBy(c => c.Change.Member, StringComparer.Ordinal);

    /// <summary>What is to be said about the freshness, if it is news.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="previous">The one before; null for the first.</param>
    /// <param name="now">The time.</param>
    /// <param name="summary">What is there when a list is complete, escaped; null for the number of endpoints.</param>
    /// <returns>The words; null when there is no news.</returns>
    public static (char Sign, Style Style, string Text)? Freshness(
        ServiceTopology snapshot, ServiceTopology? previous, DateTimeOffset now, string? summary = null) =>
        snapshot.Freshness switch
        {
            Kube.Freshness.Stale stale => ('!', Palette.Bad, $"stale: {Cause(stale.Interruption)}"),
            Kube.Freshness.Live when previous?.Freshness is Kube.Freshness.Stale stale =>
                ('=', Palette.Good, $"live at {At(snapshot)}, was stale for {Words.Span(now - stale.Interruption.Since)}"),
            Kube.Freshness.Live when previous is null || !previous.Freshness.IsSynced =>
                ('=', Palette.Good, $"live at {At(snapshot)}: {summary ?? Summary(snapshot)}"),
            _ => null,
        };

    /// <summary>Why a connection was lost and when the next attempt is.</summary>
    /// <param name="interruption">The interruption.</param>
    /// <returns>The words, escaped.</returns>
    public static string Cause(WatchInterruption interruption) =>
        $"{Message(interruption)}; next try {Words.Wait(interruption.RetryAfter)}";

    /// <summary>Why a connection was lost.</summary>
    /// <param name="interruption">The interruption.</param>
    /// <returns>The words, escaped, without a full stop: something follows.</returns>
    public static string Message(WatchInterruption interruption) => TerminalText.Escape(interruption.Message, 2000).TrimEnd('.');

    /// <summary>The beginning of a line.</summary>
    /// <param name="now">The time.</param>
    /// <param name="sign">What it is about.</param>
    /// <param name="style">The style of the sign.</param>
    /// <returns>A line to be added to.</returns>
    public static Line Line(DateTimeOffset now, char sign, Style style)
    {
        var time = now.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return new Line().Add(time, Palette.Quiet).Add(" ").Add(sign.ToString(), style).Add(" ");
    }

    private static IEnumerable<(char Sign, Style Style, MemberChange Change)> With(char sign, Style style, EquatableArray<MemberChange> changes) =>
        changes.Select(c => (sign, style, c));

    private static string At(ServiceTopology snapshot) => $"version {EndpointWords.Name(snapshot.Version)}";

    private static string Summary(ServiceTopology snapshot) =>
        $"{Words.Count(snapshot.Endpoints.Count, "endpoint")}, {snapshot.Ready.Count.ToString(CultureInfo.InvariantCulture)} ready";
}
